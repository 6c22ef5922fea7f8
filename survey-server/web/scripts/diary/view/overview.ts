// The whole day as six lanes, always in sight: the field that is being told large, the main activity beside it for reading.

import type { Editor } from "../editor";
import { FIELDS, runs, type Field, type Run } from "../model/day";
import { SLOTS } from "../model/clock";
import { h, svg } from "../dom";

/// The colours of places and ways: home, work, the others; on foot, by bicycle, by car, by public transport.
const PLACE_COLORS: Record<string, string> = {
  "11": "#3b6fb6", "12": "#6d93c9", "13": "#b23a48", "14": "#7b4fa3", "15": "#e8a33d", "16": "#c879b2", "17": "#5c677d",
  "21": "#6a994e", "22": "#2a9d8f", "23": "#a98467", "24": "#a98467", "31": "#386641",
};
const COMPANY_COLORS: Record<string, string> = { "1": "#5c677d", "2": "#c879b2", "3": "#e8a33d", "4": "#2a9d8f", "5": "#7b4fa3", "6": "#e76f51" };
/// From not at all to very pleasant.
const JOY_COLORS = ["#5c677d", "#7d6f86", "#a0748a", "#c27b84", "#dc8a72", "#ea9f5b", "#f0b93e"];

/// The colour of a value in its lane. Every value also stands in the list, in words.
export function colorOf(editor: Editor, field: Field, value: string): string {
  if (field === "main" || field === "secondary") return editor.words.color(value);
  if (field === "location") return PLACE_COLORS[value] ?? "#8a8f98";
  if (field === "with_whom") return COMPANY_COLORS[value.slice(0, 1)] ?? "#8a8f98";
  if (field === "device") return value === "si" ? "#06c" : "#b8c4d0";
  return JOY_COLORS[Number(value) - 1] ?? "#8a8f98";
}

export function overview(editor: Editor): HTMLElement {
  const { words } = editor;
  const hours = Array.from({ length: 7 }, (_, place) => h("span", {}, String((4 + place * 4) % 24).padStart(2, "0")));
  return h(
    "div",
    { class: "te-overview", role: "img", "aria-label": words.t("overview", { rest: editor.restText() }) },
    ...FIELDS.map((field) => lane(editor, field)),
    h("div", { class: "te-lane te-hours", "aria-hidden": "true" }, h("span", { class: "te-lane-name" }), h("span", { class: "te-hours-row" }, ...hours)),
  );
}

function lane(editor: Editor, field: Field): HTMLElement {
  const rects = runs(editor.day[field]).filter((run) => run.value !== "").map((run) => rect(run, colorOf(editor, field, run.value)));
  const isTold = editor.field === field;
  const { ask } = editor;
  const at = field === "main" && isTold ? ("run" in ask ? ask.run.start : ask.start) : null;
  const mark = at !== null && at < SLOTS ? svg("rect", { class: "te-here", x: Math.max(at - 0.4, 0), y: 0, width: 1.2, height: 1 }) : null;
  const future = editor.until < SLOTS ? svg("rect", { class: "te-future", x: editor.until, y: 0, width: SLOTS - editor.until, height: 1 }) : null;
  return h(
    "div",
    { class: `te-lane${isTold ? " te-lane-told" : ""}${field === "main" ? " te-lane-main" : ""}` },
    h("span", { class: "te-lane-name" }, editor.words.t(`field-${field.replace("_", "-")}`)),
    svg("svg", { viewBox: `0 0 ${SLOTS} 1`, preserveAspectRatio: "none", focusable: "false" }, future, ...rects, mark),
  );
}

function rect({ start, end }: Run, fill: string): SVGElement {
  return svg("rect", { x: start, y: 0, width: end - start, height: 1, fill });
}
