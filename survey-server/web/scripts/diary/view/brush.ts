// The five fields beside the main activity: choose what was so, then touch the spans for which it was.

import type { Editor } from "../editor";
import { FIELDS, type Field } from "../model/day";
import { h } from "../dom";
import { icon } from "./icon";
import { picker, swatch } from "./what";
import { colorOf } from "./overview";
import { clock } from "../model/clock";

/// Places and ways that most days have, shown first.
const FREQUENT_PLACES = ["11", "13", "14", "15", "16"];
const FREQUENT_WAYS = ["21", "22", "24", "31"];

export function brush(editor: Editor): (HTMLElement | null)[] {
  const { t } = editor.words;
  const { field } = editor;
  const name = field.replace("_", "-");
  return [
    h("h2", { class: "te-question", id: "te-question", tabindex: -1 }, t(`ask-${name}`)),
    h("p", { class: "te-help", id: "te-help" }, t(`help-${name}`)),
    ...proposals(editor),
    values(editor, field),
  ];
}

function proposals(editor: Editor): HTMLElement[] {
  const { words } = editor;
  return editor.proposals.map((proposal) => {
    const { field, value, spans } = proposal;
    const times = spans.map(({ start, end }) => `${clock(start)}–${clock(end)}`).join(", ");
    return h(
      "p",
      { class: "te-proposal" },
      h("span", {}, h("strong", {}, words.t("proposal", { what: words.value(field, value) })), h("br"), times),
      h("button", { type: "button", class: "btn btn-outline-primary btn-sm", "data-key": `yes-${value}`, onclick: () => editor.accept(proposal) }, words.t("yes"), h("span", { class: "visually-hidden" }, `: ${words.value(field, value)}`)),
    );
  });
}

function values(editor: Editor, field: Field): HTMLElement {
  switch (field) {
    case "location":
      return places(editor);
    case "with_whom":
      return companions(editor);
    case "secondary":
      return secondary(editor);
    case "device":
      return chips(editor, "choose-device", ["no", "si"].map((code) => ({ code, label: editor.words.value("device", code) })));
    default:
      return chips(editor, "choose-enjoyment", ["1", "2", "3", "4", "5", "6", "7"].map((code) => ({ code, label: code })), "te-scale");
  }
}

interface Chip {
  code: string;
  label: string;
}

function chip(editor: Editor, { code, label }: Chip, isChosen: boolean, act: () => void): HTMLElement {
  return h(
    "button",
    { type: "button", class: "te-chip", "data-key": `value-${code}`, "data-code": code, "aria-pressed": isChosen ? "true" : "false", onclick: act },
    swatch(colorOf(editor, editor.field, code)),
    h("span", {}, label),
  );
}

function chips(editor: Editor, name: string, all: Chip[], kind = ""): HTMLElement {
  const chosen = editor.brush[editor.field];
  const { t } = editor.words;
  const ends = kind === "te-scale" ? h("p", { class: "te-scale-ends", "aria-hidden": "true" }, h("span", {}, t("enjoyment-lowest")), h("span", {}, t("enjoyment-highest"))) : null;
  return h(
    "div",
    { role: "group", "aria-label": t(name) },
    h("div", { class: `te-chips ${kind}` }, ...all.map((one) => chip(editor, one, one.code === chosen, () => editor.dip(one.code)))),
    ends,
  );
}

function places(editor: Editor): HTMLElement {
  const { words } = editor;
  const chosen = editor.brush.location;
  const one = (kind: "place" | "transport", frequent: string[]) => {
    const all = words.locations(kind);
    const first = frequent.flatMap((code) => all.filter((other) => other.code === code));
    const others = all.filter(({ code }) => !frequent.includes(code) && !["00"].includes(code));
    const draw = (list: Chip[]) => list.map((value) => chip(editor, value, value.code === chosen, () => editor.dip(value.code)));
    const isOpen = others.some(({ code }) => code === chosen);
    return h(
      "div",
      { role: "group", "aria-label": words.t(kind === "place" ? "places" : "ways") },
      h("div", { class: "te-chips" }, ...draw(first)),
      h("details", { class: "te-more", open: isOpen }, h("summary", { "data-key": `more-${kind}` }, words.t(kind === "place" ? "more-places" : "more-ways")), h("div", { class: "te-chips" }, ...draw(others))),
    );
  };
  return h("div", {}, one("place", FREQUENT_PLACES), one("transport", FREQUENT_WAYS));
}

function companions(editor: Editor): HTMLElement {
  const { words } = editor;
  const chosen = editor.brush.with_whom ?? "";
  const single = words.companions().map((one) => chip(editor, one, chosen.includes(one.code), () => editor.toggleCompanion(one.code)));
  // Company that was told already, of more than one, comes back with one touch.
  const sets = [...new Set(editor.day.with_whom)].filter((set) => set.length > 1).sort();
  const again = sets.map((set) => chip(editor, { code: set, label: words.value("with_whom", set) }, chosen === set, () => editor.dip(set)));
  return h(
    "div",
    { role: "group", "aria-label": words.t("choose-with-whom") },
    h("div", { class: "te-chips" }, ...single),
    again.length > 0 ? h("div", { class: "te-chips te-again" }, ...again) : null,
  );
}

function secondary(editor: Editor): HTMLElement {
  const chosen = editor.brush.secondary;
  const again = [...new Set([...editor.day.secondary, ...(chosen ? [chosen] : [])])].filter((code) => code !== "");
  const drawn = again.map((code) => chip(editor, { code, label: editor.words.activity(code) }, code === chosen, () => editor.dip(code)));
  const picking = picker(editor, {
    group: editor.picker.group,
    query: editor.picker.query,
    recent: ["831", "821", "516", "511", "514", "515", "381", "021"],
    slot: 0,
    choose: (code) => editor.dip(code),
    search: (query) => editor.pick({ group: null, query }),
    open: (group) => editor.pick({ group, query: "" }),
  });
  return h("div", {}, drawn.length > 0 ? h("div", { class: "te-chips te-again" }, ...drawn) : null, ...picking);
}

/// The bar at the foot of the page: what is being painted, the rest with one touch, and the way on.
export function foot(editor: Editor, reviewPath: string): HTMLElement | null {
  const { words, field } = editor;
  const value = editor.brush[field];
  const n = editor.open.length;
  const rest =
    field !== "main" && field !== "secondary" && value && n > 0
      ? h("button", { type: "button", class: "btn btn-outline-primary", "data-key": "rest", onclick: () => editor.paintRest() }, words.t("rest-paint", { n, what: words.value(field, value) }))
      : null;
  const isDone = field === "main" ? editor.isComplete : n === 0 || field === "secondary";
  const next = editor.next();
  const on = isDone ? goOn(editor, next, reviewPath) : null;
  return rest || on ? h("div", { class: "te-foot" }, rest, on) : null;
}

function goOn(editor: Editor, next: Field | null, reviewPath: string): HTMLElement {
  const { t } = editor.words;
  if (next) {
    const name = t(`field-${next.replace("_", "-")}`);
    return h("button", { type: "button", class: "btn btn-primary", "data-key": "next", onclick: () => editor.turn(next) }, t("next", { name }), icon("it-arrow-right"));
  }
  return h("a", { class: "btn btn-primary", "data-key": "review", href: reviewPath }, t("review"));
}

/// Fields beside the main one.
export const BESIDE = FIELDS.filter((field) => field !== "main");
