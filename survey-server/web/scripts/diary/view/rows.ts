// The day as a list: every span with its times and what was said of it; in the main field to change it, in the others to paint it.

import type { Editor } from "../editor";
import { clock } from "../model/clock";
import { episodes, FIELDS, type Episode } from "../model/day";
import { isAsked } from "../propose";
import { h } from "../dom";
import { colorOf } from "./overview";
import { icon } from "./icon";
import { grip } from "./drag";
import { swatch } from "./what";

export function rows(editor: Editor): HTMLElement {
  const { t } = editor.words;
  const { rows } = editor;
  const list = rows.map((row, place) => (editor.field === "main" ? mainRow(editor, row, place) : paintRow(editor, row)));
  return h(
    "section",
    { class: "te-list", "aria-labelledby": "te-list-name" },
    h("h2", { class: "te-list-name", id: "te-list-name" }, t("list")),
    h("ol", { onkeydown: (event: KeyboardEvent) => keys(event, editor) }, ...list),
  );
}

function mainRow(editor: Editor, row: Episode, place: number): HTMLElement {
  const { words } = editor;
  const { start, end, said } = row;
  const times = `${clock(start)}–${clock(Math.min(end, editor.until))}`;
  const isGap = said.main === "";
  const { ask } = editor;
  const isAsked = isGap ? !("run" in ask) && ask.start >= start && ask.start < end : "run" in ask && ask.run.start === start;
  const label = isGap ? words.t("gap") : words.activity(said.main);
  const details = isGap ? "" : detailsOf(editor, start, end);
  return h(
    "li",
    { class: `te-row${isGap ? " te-row-gap" : ""}${isAsked ? " te-row-asked" : ""}` },
    place > 0 ? grip(editor, start) : h("span", { class: "te-row-time" }, clock(start)),
    h(
      "button",
      { type: "button", class: "te-row-main", "data-key": `row-${start}`, "data-slot": start, onclick: () => editor.select(start) },
      isGap ? icon("it-plus-circle") : swatch(words.color(said.main)),
      h("span", { class: "te-row-text" }, h("span", { class: "te-row-label" }, label), h("span", { class: "visually-hidden" }, ` ${times}`), details ? h("span", { class: "te-row-details" }, details) : null),
      icon(isGap ? "it-chevron-right" : "it-pencil"),
    ),
  );
}

/// What else was said of a span, in words; where it changes within the span, the first word of each.
function detailsOf(editor: Editor, start: number, end: number): string {
  const inside = episodes(editor.day).filter((episode) => episode.start < end && episode.end > start);
  const beside = FIELDS.filter((field) => field !== "main");
  const words = beside.flatMap((field) => {
    const values = [...new Set(inside.map(({ said }) => said[field]))].filter((value) => value !== "");
    return values.map((value) => editor.words.value(field, value));
  });
  return words.join(" · ");
}

function paintRow(editor: Editor, row: Episode): HTMLElement {
  const { words, field } = editor;
  const { start, end, said } = row;
  const value = said[field];
  const brush = editor.brush[field];
  const isGap = said.main === "";
  const needs = isAsked(field, said.main);
  const times = `${clock(start)}–${clock(Math.min(end, editor.until))}`;
  const text = value !== "" ? words.value(field, value) : isGap ? "" : !needs ? words.t("not-asked") : words.t(field === "secondary" ? "nothing-else" : "not-said");
  const state = value !== "" ? " te-row-told" : needs && field !== "secondary" ? " te-row-open" : "";
  return h(
    "li",
    { class: `te-row te-row-paint${isGap ? " te-row-gap" : ""}${state}` },
    h(
      "button",
      {
        type: "button",
        class: "te-row-main",
        "data-key": `row-${start}`,
        "data-slot": start,
        "aria-pressed": brush && value === brush ? "true" : "false",
        disabled: isGap,
        onclick: () => (brush ? editor.paint(row) : editor.remind()),
      },
      h("span", { class: "te-row-span" }, times),
      h(
        "span",
        { class: "te-row-text" },
        h("span", { class: "te-row-main-name" }, swatch(isGap ? "#fff" : words.color(said.main)), isGap ? words.t("gap") : words.activity(said.main)),
        h("span", { class: "te-row-value" }, value !== "" ? swatch(colorOf(editor, field, value)) : null, text),
      ),
    ),
    end - start > 1 && !isGap
      ? h("button", { type: "button", class: "te-row-more", "data-key": `split-${start}`, onclick: () => editor.cut(row) }, icon("it-more-items"), h("span", { class: "visually-hidden" }, words.t("split-row", { span: times })))
      : null,
  );
}

/// The arrows go from span to span; in the fields beside the main one a number answers: the first, the second, the third of the values shown.
function keys(event: KeyboardEvent, editor: Editor): void {
  const focused = document.activeElement;
  if (editor.field !== "main" && /^[1-9]$/.test(event.key) && focused instanceof HTMLElement && focused.matches(".te-row-main")) {
    const row = editor.rows.find(({ start }) => String(start) === focused.dataset["slot"]);
    const value = document.querySelectorAll<HTMLElement>(".te-values .te-chip[data-code]")[Number(event.key) - 1]?.dataset["code"];
    if (row && value) editor.answer(row, value);
    return event.preventDefault();
  }
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0 || (event.target as Element).matches(".te-grip")) return;
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(".te-row-main:not(:disabled)")];
  const place = all.indexOf((document.activeElement?.closest(".te-row")?.querySelector(".te-row-main") ?? null) as HTMLElement);
  const next = all[place + step];
  if (place < 0 || !next) return;
  event.preventDefault();
  next.focus();
}
