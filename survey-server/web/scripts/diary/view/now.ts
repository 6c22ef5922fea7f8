// For who tells the day as it goes: what goes on now, told with one touch.

import { suggest } from "../../suggest/index";
import type { Editor } from "../editor";
import { clock } from "../model/clock";
import { runs } from "../model/day";
import { h } from "../dom";
import { swatch } from "./what";

export function now(editor: Editor): HTMLElement | null {
  const { words } = editor;
  if (!editor.running || editor.ask.step !== "what" || editor.ask.end !== null) return null;
  const told = runs(editor.day.main).filter(({ value }) => value !== "");
  const last = told.at(-1);
  const begins = Math.max(editor.until - 1, 0);
  const values = { what: last ? words.activity(last.value) : "", start: last ? clock(last.start) : "", now: clock(begins) };
  const codes = suggest(editor.earlier, begins, [...new Set(told.map(({ value }) => value).reverse())].slice(0, 4)).slice(0, 8);
  return h(
    "section",
    { class: "te-now", "aria-labelledby": "te-now" },
    h("h2", { class: "te-question", id: "te-now" }, words.t("now")),
    h("p", { class: "te-help" }, last ? words.t(last.end > begins ? "now-goes-on" : "now-after", values) : words.t("now-first")),
    h(
      "div",
      { class: "te-tiles" },
      ...codes.map((code) => h("button", { type: "button", class: "te-tile", "data-key": `now-${code}`, "data-now": code, onclick: () => editor.now(code) }, swatch(words.color(code)), h("span", {}, words.activity(code)))),
    ),
  );
}
