// What can be done with a span that was told, and the last one told with its end to set finer.

import type { Ask, Editor } from "../editor";
import { clock, HOUR, SLOTS } from "../model/clock";
import { runAt } from "../model/day";
import { h } from "../dom";
import { icon } from "./icon";
import { swatch } from "./what";

export function edit(editor: Editor, { run }: Extract<Ask, { step: "edit" }>): HTMLElement[] {
  const { t } = editor.words;
  const { start, end, value } = run;
  const act = (key: string, name: string, does: () => void, shown = true) =>
    shown ? h("button", { type: "button", class: "te-act", "data-key": `act-${key}`, onclick: does }, icon(name), h("span", {}, t(`act-${key}`))) : null;
  const neighbour = (slot: number) => (slot >= 0 && slot < editor.until ? editor.day.main[slot] ?? "" : "");
  const [before, after] = [neighbour(start - 1), neighbour(end)];
  const join = (side: "before" | "after", code: string) =>
    code === "" || code === value
      ? null
      : h("button", { type: "button", class: "te-act", "data-key": `act-join-${side}`, onclick: () => editor.join(run, side) }, icon(side === "before" ? "it-arrow-up" : "it-arrow-down"), h("span", {}, t(`act-join-${side}`, { what: editor.words.activity(code) })));
  const acts = [
    act("change", "it-pencil", () => editor.askWhat(start, end)),
    act("start", "it-clock", () => editor.turnTo({ step: "when", run, what: "start" }), start > 0),
    act("end", "it-clock", () => editor.turnTo({ step: "when", run, what: "end" }), end < SLOTS),
    act("split", "it-more-items", () => editor.turnTo({ step: "when", run, what: "split" }), end - start > 1),
    join("before", before),
    join("after", after),
    act("erase", "it-delete", () => editor.erase(run)),
  ];
  return [
    h("button", { type: "button", class: "te-back", "data-key": "back", onclick: () => editor.turn(editor.field) }, icon("it-close"), h("span", {}, t("close"))),
    h("h2", { class: "te-question", id: "te-question", tabindex: -1 }, `${clock(start)}–${clock(end)} `, h("span", {}, editor.words.activity(value))),
    h("div", { class: "te-acts" }, ...acts),
  ];
}

/// The last span told: its end by ten minutes within its hour.
export function last(editor: Editor): HTMLElement | null {
  const { last, words } = editor;
  if (!last || editor.ask.step !== "what") return null;
  const hour = last.end - (last.end % HOUR) - (last.end === SLOTS ? HOUR : 0);
  const after = last.end < SLOTS ? runAt(editor.day.main, last.end) : null;
  const limit = Math.min(after && after.value === "" ? after.end : last.end, editor.until);
  const finer = Array.from({ length: HOUR }, (_, place) => hour + place).filter((slot) => slot > last.start && slot <= limit);
  return h(
    "div",
    { class: "te-last" },
    h("p", {}, swatch(words.color(last.code)), h("strong", {}, words.activity(last.code)), ` ${clock(last.start)}–${clock(last.end)}`),
    finer.length > 1
      ? h(
          "div",
          { class: "te-finer", role: "group", "aria-label": words.t("finer") },
          ...finer.map((slot) =>
            h("button", { type: "button", class: "te-time", "data-key": `finer-${slot}`, "aria-pressed": slot === last.end ? "true" : "false", onclick: () => editor.refine(slot) }, clock(slot)),
          ),
        )
      : null,
  );
}
