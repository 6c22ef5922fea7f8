// The five fields beside the main activity: choose what was so, then touch the spans for which it was.

import type { Editor } from "../editor";
import type { Field } from "../model/day";
import { h } from "../dom";
import { icon } from "./icon";
import { roam } from "./roam";
import { picker, swatch } from "./what";
import { colorOf } from "./overview";
import { clock } from "../model/clock";

/// Places and ways that most days have, shown first.
const FREQUENT = ["11", "13", "14", "15", "16", "21", "22", "24", "31"];

/// What people often do while they do something else.
const OFTEN_MEANWHILE = ["831", "821", "511", "516", "514", "515", "381", "021"];

export function brush(editor: Editor): (HTMLElement | null)[] {
  const { t } = editor.words;
  const { field } = editor;
  const name = field.replace("_", "-");
  return [
    h("h2", { class: "te-question", id: "te-question", tabindex: -1, onkeydown: toList }, t(`ask-${name}`)),
    h("p", { class: "te-help", id: "te-help" }, t(`help-${name}`)),
    h("p", { class: "te-help te-keys" }, t("help-keys")),
    ...proposals(editor),
    h("div", { class: "te-values", onkeydown: roam }, values(editor, field)),
  ];
}

/// From the question the down arrow leads to the first span that is still to be told.
function toList(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown") return;
  event.preventDefault();
  const first = document.querySelector<HTMLElement>(".te-row-open .te-row-main") ?? document.querySelector<HTMLElement>(".te-row-paint .te-row-main:not(:disabled)");
  first?.focus();
}

function proposals(editor: Editor): HTMLElement[] {
  const { words } = editor;
  const trips = editor.trips.map((trip) => {
    const values = { start: clock(trip.start), end: clock(trip.end), from: words.place(trip.from ?? ""), to: words.place(trip.to ?? "") };
    return h(
      "p",
      { class: "te-proposal" },
      h("span", {}, words.t("trip", values)),
      h("button", { type: "button", class: "btn btn-outline-primary btn-sm", "data-key": `trip-${trip.start}`, onclick: () => editor.acceptTrip(trip) }, words.t("yes"), h("span", { class: "visually-hidden" }, `: ${words.t("trip", values)}`)),
    );
  });
  const places = editor.proposals.map((proposal) => {
    const { field, value, spans } = proposal;
    const times = spans.map(({ start, end }) => `${clock(start)}–${clock(end)}`).join(", ");
    return h(
      "p",
      { class: "te-proposal" },
      h("span", {}, h("strong", {}, words.t("proposal", { what: words.value(field, value) })), h("br"), times),
      h("button", { type: "button", class: "btn btn-outline-primary btn-sm", "data-key": `yes-${value}`, onclick: () => editor.accept(proposal) }, words.t("yes"), h("span", { class: "visually-hidden" }, `: ${words.value(field, value)}`)),
    );
  });
  return [...places, ...trips];
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
      return chips(editor, "choose-device", ["no", "si"].map((code) => ({ code, label: editor.words.t(code === "si" ? "yes" : "no") })));
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
  const all = [...words.locations("place"), ...words.locations("transport")];
  // What was said on this day already is likely to be said again.
  const used = new Set(editor.day.location);
  const isFirst = ({ code }: Chip) => FREQUENT.includes(code) || used.has(code);
  const others = all.filter((place) => !isFirst(place) && place.code !== "00");
  const draw = (list: Chip[]) => list.map((value) => chip(editor, value, value.code === chosen, () => editor.dip(value.code)));
  return h(
    "div",
    { role: "group", "aria-label": words.t("choose-location") },
    h(
      "div",
      { class: "te-chips" },
      ...draw(all.filter(isFirst)),
      h("details", { class: "te-more", open: others.some(({ code }) => code === chosen) }, h("summary", { "data-key": "more" }, words.t("more-places")), h("div", { class: "te-chips" }, ...draw(others))),
    ),
  );
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
    again.length > 0 ? h("div", { class: "te-chips" }, ...again) : null,
  );
}

function secondary(editor: Editor): HTMLElement {
  const { words } = editor;
  const chosen = editor.brush.secondary;
  const again = [...new Set([...editor.day.secondary, ...(chosen ? [chosen] : [])])].filter((code) => code !== "");
  const drawn = again.map((code) => chip(editor, { code, label: words.activity(code) }, code === chosen, () => editor.dip(code)));
  if (chosen) {
    const other = h("button", { type: "button", class: "te-chip", "data-key": "other", onclick: () => editor.putDown() }, icon("it-plus-circle"), h("span", {}, words.t("other-activity")));
    return h("div", { role: "group", "aria-label": words.t("field-secondary") }, h("div", { class: "te-chips" }, ...drawn, other));
  }
  const picking = picker(editor, {
    group: editor.picker.group,
    query: editor.picker.query,
    recent: OFTEN_MEANWHILE,
    last: null,
    slot: 0,
    choose: (code) => editor.dip(code),
    search: (query) => editor.pick({ group: null, query }),
    open: (group) => editor.pick({ group, query: "" }),
  });
  return h("div", { class: "te-picking" }, drawn.length > 0 ? h("div", { class: "te-chips" }, ...drawn) : null, ...picking);
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
  const { same } = editor;
  const times = same?.proposal.spans.map(({ start, end }) => `${clock(start)}–${clock(end)}`).join(", ") ?? "";
  const again = same
    ? h(
        "button",
        { type: "button", class: "btn btn-outline-primary", "data-key": "same", onclick: () => editor.accept(same.proposal) },
        h("span", {}, words.t("same", { n: same.proposal.spans.length, main: words.activity(same.main), what: words.value(field, same.proposal.value) }), h("span", { class: "visually-hidden" }, `, ${times}`)),
      )
    : null;
  const isDone = field === "main" ? editor.isComplete : n === 0 || field === "secondary";
  const next = editor.next();
  const on = isDone ? goOn(editor, next, reviewPath) : null;
  return again || rest || on ? h("div", { class: "te-foot" }, again, rest, on) : null;
}

function goOn(editor: Editor, next: Field | null, reviewPath: string): HTMLElement {
  const { t } = editor.words;
  if (next) {
    const name = t(`field-${next.replace("_", "-")}`);
    return h("button", { type: "button", class: "btn btn-primary", "data-key": "next", onclick: () => editor.turn(next) }, t("next", { name }), icon("it-arrow-right"));
  }
  return h("a", { class: "btn btn-primary", "data-key": "review", "data-settle": "", href: reviewPath }, t("review"));
}
