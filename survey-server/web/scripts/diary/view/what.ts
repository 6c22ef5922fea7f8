// "What were you doing?": tiles for what is likely, everything by groups, and a search by everyday words.

import { finder } from "../../search/index";
import { suggest, hints } from "../../suggest/index";
import type { Ask, Editor } from "../editor";
import { clock } from "../model/clock";
import { runs } from "../model/day";
import { h } from "../dom";
import { icon } from "./icon";
import { roam } from "./roam";

type What = Extract<Ask, { step: "what" }>;

export function what(editor: Editor, ask: What): (HTMLElement | null)[] {
  const { t } = editor.words;
  const heading = ask.end === null ? t("what", { start: clock(ask.start) }) : t("what-span", { start: clock(ask.start), end: clock(ask.end) });
  return [
    h("h2", { class: "te-question", id: "te-question", tabindex: -1 }, heading),
    ask.group === null && ask.query === "" ? hint(editor, ask) : null,
    ask.group === null && ask.query === "" && ask.end === null ? h("button", { type: "button", class: "te-link", "data-key": "from", onclick: () => editor.askFrom() }, t("act-from")) : null,
    editor.mayCopy ? h("p", {}, h("a", { class: "te-link", "data-key": "copy", href: `${location.pathname}/copia` }, t("copy"))) : null,
    ...picker(editor, {
      group: ask.group,
      query: ask.query,
      recent: recent(editor),
      last: editor.day.main[ask.start - 1] || null,
      slot: ask.start,
      choose: (code) => editor.choose(code),
      search: (query) => editor.search(query),
      open: (group) => editor.openGroup(group),
    }),
  ];
}

/// What was told before and after, to remember by; and what a gap most likely was, to say yes to.
function hint(editor: Editor, ask: What): HTMLElement | null {
  const { words } = editor;
  const proposal = editor.gapProposal;
  if (proposal) {
    const text = words.t("gap-proposal", { what: words.activity(proposal.code), start: clock(ask.start), end: clock(proposal.end) });
    return h(
      "p",
      { class: "te-proposal" },
      h("span", {}, text),
      h("button", { type: "button", class: "btn btn-outline-primary btn-sm", "data-key": "gap-yes", onclick: () => editor.finish(ask.start, proposal.end, proposal.code) }, words.t("yes")),
    );
  }
  const around = hints(editor.stretches, ask.start, editor.earlier).map(({ key, start, end, code }) => words.t(key, { start, end, what: words.activity(code) }));
  return around.length === 0 ? null : h("p", { class: "te-hint" }, around.join(" · "));
}

/// Codes chosen on this day, the latest first.
function recent(editor: Editor): string[] {
  const told = runs(editor.day.main).map(({ value }) => value).filter((value) => value !== "" && !value.startsWith("99"));
  return [...new Set(told.reverse())].slice(0, 5);
}

interface Picker {
  group: string | null;
  query: string;
  recent: string[];
  /// The activity just before.
  last: string | null;
  slot: number;
  choose(code: string): void;
  search(query: string): void;
  open(group: string | null): void;
}

/// The choice of an activity.
export function picker(editor: Editor, picking: Picker): HTMLElement[] {
  const { t } = editor.words;
  const search = h(
    "div",
    { class: "te-search" },
    h("label", { for: "te-search", class: "visually-hidden" }, t("search")),
    icon("it-search"),
    h("input", {
      type: "search",
      id: "te-search",
      "data-key": "search",
      value: picking.query,
      placeholder: t("search"),
      autocomplete: "off",
      enterkeyhint: "search",
      "aria-describedby": "te-search-help",
      oninput: (event: InputEvent) => picking.search((event.target as HTMLInputElement).value),
      onkeydown: (event: KeyboardEvent) => searchKey(event, editor, picking),
    }),
    h("span", { class: "visually-hidden", id: "te-search-help" }, t("search-help")),
  );
  if (picking.query.trim() !== "") return [search, found(editor, picking)];
  if (picking.group !== null) return [members(editor, picking, picking.group)];
  return [search, tiles(editor, picking), groups(editor, picking)];
}

/// What a search means: the finder's hits, the likeliest first.
export function hitsOf(editor: Editor, query: string): { code: string; label: string }[] {
  const hits = finder(editor.words.language).search(query);
  return hits.map(({ code }) => ({ code, label: editor.words.activity(code) }));
}

function searchKey(event: KeyboardEvent, editor: Editor, picking: Picker): void {
  const [first] = hitsOf(editor, picking.query);
  if (event.key === "Enter" && picking.query.trim() !== "" && first) {
    event.preventDefault();
    picking.choose(first.code);
  } else if (event.key === "ArrowDown") {
    event.preventDefault();
    document.querySelector<HTMLElement>(".te-tiles .te-tile")?.focus();
  } else if (event.key === "Escape" && picking.query !== "") {
    event.preventDefault();
    picking.search("");
  }
}

function found(editor: Editor, picking: Picker): HTMLElement {
  const hits = hitsOf(editor, picking.query);
  const { t } = editor.words;
  return h(
    "div",
    {},
    h("p", { class: "te-count", role: "status" }, hits.length > 0 ? t("found", { n: hits.length, first: hits[0]?.label ?? "" }) : t("found-nothing")),
    h("div", { class: "te-tiles te-tiles-wide", onkeydown: roam }, ...hits.map(({ code, label }) => tile(editor, code, label, picking))),
    hits.length === 0 ? groups(editor, picking) : null,
  );
}

function tiles(editor: Editor, picking: Picker): HTMLElement {
  const { t } = editor.words;
  // Any trip is two taps away: its purpose follows.
  const codes = suggest(editor.earlier, picking.slot, picking.recent, picking.last).filter((code) => code === "910" || !code.startsWith("9")).slice(0, 11);
  return h(
    "div",
    { class: "te-tiles", role: "group", "aria-label": t("likely"), onkeydown: roam },
    ...codes.map((code) => tile(editor, code, editor.words.activity(code), picking)),
    h(
      "button",
      { type: "button", class: "te-tile", "data-key": "tile-9", onclick: () => picking.open("9") },
      swatch(editor.words.color("9")),
      h("span", {}, t("travel")),
      icon("it-chevron-right"),
    ),
  );
}

function tile(editor: Editor, code: string, label: string, picking: Picker): HTMLElement {
  return h(
    "button",
    { type: "button", class: "te-tile", "data-key": `tile-${code}`, "data-code": code, onclick: () => picking.choose(code) },
    swatch(editor.words.color(code)),
    h("span", {}, label),
  );
}

function groups(editor: Editor, picking: Picker): HTMLElement {
  const { words } = editor;
  return h(
    "div",
    { class: "te-groups", role: "group", "aria-label": words.t("everything"), onkeydown: roam },
    h("p", { class: "te-subhead", "aria-hidden": "true" }, words.t("everything")),
    ...words.activities(1).map(({ code, label }) =>
      h("button", { type: "button", class: "te-group", "data-key": `group-${code}`, "data-group": code, onclick: () => picking.open(code) }, swatch(words.color(code)), h("span", {}, label), icon("it-chevron-right")),
    ),
    h("button", { type: "button", class: "te-group te-forgotten", "data-key": "tile-999", "data-code": "999", onclick: () => picking.choose("999") }, h("span", {}, words.t("forgotten"))),
  );
}

function members(editor: Editor, picking: Picker, group: string): HTMLElement {
  const { words } = editor;
  const [main] = words.activities(1, group);
  // The last group has no second level.
  const sections = words.activities(2, group);
  const section = (above: string) => words.activities(3, above).map(({ code, label }) => tile(editor, code, label, picking));
  const listed = sections.length > 0 ? sections.flatMap(({ code, label }) => [h("h3", { class: "te-subhead" }, label), ...section(code)]) : section(group);
  return h(
    "div",
    { class: "te-members" },
    h("button", { type: "button", class: "te-back", "data-key": "back", onclick: () => picking.open(null) }, icon("it-chevron-left"), h("span", {}, words.t("back"))),
    h("div", { class: "te-tiles", role: "group", "aria-label": main?.label ?? "", onkeydown: roam }, ...listed),
  );
}

export function swatch(color: string): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  element.setAttribute("viewBox", "0 0 8 8");
  element.setAttribute("class", "te-swatch");
  element.setAttribute("aria-hidden", "true");
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  rect.setAttribute("width", "8");
  rect.setAttribute("height", "8");
  rect.setAttribute("fill", color);
  element.append(rect);
  return element;
}
