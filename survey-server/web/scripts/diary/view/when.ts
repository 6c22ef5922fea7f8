// "Until when?": times of the clock to touch, never a duration; a time can be typed too.

import type { Ask, Editor } from "../editor";
import { clock, endChoices, HOUR, SLOTS, typedEnd } from "../model/clock";
import { runAt, type Run, type Span } from "../model/day";
import { h } from "../dom";
import { icon } from "./icon";

/// The question until when something chosen was done.
export function until(editor: Editor, ask: Extract<Ask, { step: "until" }>): HTMLElement[] {
  const { words } = editor;
  const gap = runAt(editor.day.main, ask.start);
  const limit = Math.min(gap.value === "" ? gap.end : editor.until, editor.until);
  const say = (end: number) => editor.finish(ask.start, end, ask.code);
  return [
    back(editor, () => editor.askWhat(ask.start)),
    h("h2", { class: "te-question", id: "te-question", tabindex: -1 }, words.t("until", { what: words.activity(ask.code), start: clock(ask.start) })),
    typed(editor, ask.start, limit, say),
    grid(editor, ask.start, limit, say),
  ];
}

/// The question from when something was done.
export function from(editor: Editor, { start, end }: Extract<Ask, { step: "from" }>): HTMLElement[] {
  const say = (slot: number) => editor.askWhat(slot);
  return [
    back(editor, () => editor.askWhat(start)),
    h("h2", { class: "te-question", id: "te-question", tabindex: -1 }, editor.words.t("from")),
    typed(editor, start, end - 1, say),
    grid(editor, start, end - 1, say),
  ];
}

/// The question where a boundary or a cut is to lie.
export function when(editor: Editor, ask: Extract<Ask, { step: "when" }>): HTMLElement[] {
  const { words } = editor;
  const { run, what } = ask;
  const reach = reachOf(editor, run, what);
  const values = { what: words.activity(run.value), start: clock(run.start), end: clock(run.end) };
  const say = (slot: number) => editor.setWhen(slot);
  return [
    back(editor, () => editor.turnTo({ step: "edit", run })),
    h("h2", { class: "te-question", id: "te-question", tabindex: -1 }, words.t(`when-${what}`, values)),
    typed(editor, reach.start, reach.end, say),
    grid(editor, reach.start, reach.end, say),
  ];
}

/// Between which boundaries a new one may lie, neither among them but the end.
function reachOf(editor: Editor, run: Run, what: "start" | "end" | "split"): Span {
  if (what === "split") return { start: run.start, end: run.end - 1 };
  if (what === "start") {
    const before = run.start > 0 ? runAt(editor.day.main, run.start - 1) : run;
    return { start: before.value === "" ? before.start - 1 : before.start, end: run.end - 1 };
  }
  const after = run.end < editor.until ? runAt(editor.day.main, run.end) : run;
  const isGap = run.end < editor.until && after.value === "";
  return { start: run.start, end: Math.min(isGap ? after.end : Math.max(after.end - 1, run.end), editor.until) };
}

function back(editor: Editor, act: () => void): HTMLElement {
  return h("button", { type: "button", class: "te-back", "data-key": "back", onclick: act }, icon("it-chevron-left"), h("span", {}, editor.words.t("back")));
}

function typed(editor: Editor, start: number, limit: number, say: (slot: number) => void): HTMLElement {
  const { t } = editor.words;
  const error = h("p", { class: "te-error", id: "te-time-error", role: "alert" });
  const input = h("input", {
    type: "text",
    id: "te-time",
    "data-key": "time",
    inputmode: "numeric",
    autocomplete: "off",
    size: 6,
    maxlength: 5,
    "aria-describedby": "te-time-help te-time-error",
  });
  const submit = (event: Event) => {
    event.preventDefault();
    const slot = typedEnd(input.value, start);
    if (slot !== null && slot <= limit) return say(slot);
    error.textContent = t(limit === SLOTS ? "time-wrong-day" : "time-wrong", { start: clock(start), end: clock(limit) });
    input.setAttribute("aria-invalid", "true");
    input.focus();
  };
  return h(
    "form",
    { class: "te-typed", novalidate: true, onsubmit: submit },
    h("label", { for: "te-time" }, t("time-typed")),
    input,
    h("button", { type: "submit", class: "btn btn-outline-primary" }, t("time-ok")),
    h("span", { id: "te-time-help", class: "visually-hidden" }, t("time-help")),
    error,
  );
}

function grid(editor: Editor, start: number, limit: number, say: (slot: number) => void): HTMLElement {
  const cell = (slot: number | null) => {
    if (slot === null) return h("span", { class: "te-hole" });
    const isLast = slot === limit;
    return h(
      "button",
      { type: "button", class: `te-time${slot % HOUR === 0 ? " te-time-hour" : ""}${isLast ? " te-time-last" : ""}`, "data-key": `time-${slot}`, "data-slot": slot, onclick: () => say(slot) },
      clock(slot),
    );
  };
  const cells = endChoices(start, limit).flat().map(cell);
  return h("div", { class: "te-times", role: "group", "aria-label": editor.words.t("times"), onkeydown: arrows }, ...cells);
}

/// The arrows go from time to time, so that Tab need not go through all of them.
function arrows(event: KeyboardEvent): void {
  const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: HOUR, ArrowUp: -HOUR };
  const step = steps[event.key];
  const grid = event.currentTarget as HTMLElement;
  const cells = [...grid.children];
  const place = cells.indexOf(document.activeElement as Element);
  if (step === undefined || place < 0) return;
  event.preventDefault();
  const forward = Math.sign(step);
  for (let next = place + step; next >= 0 && next < cells.length; next += forward) {
    const cell = cells[next];
    if (cell instanceof HTMLButtonElement) return cell.focus();
  }
}
