// How it stands with saving, what came from another device, and undo.

import type { Editor } from "../editor";
import { clock } from "../model/clock";
import { h } from "../dom";
import { icon } from "./icon";

export function status(editor: Editor, path: string): HTMLElement {
  const { t } = editor.words;
  const { standing } = editor;
  const n = editor.asked.length;
  return h(
    "div",
    { class: "te-status" },
    h(
      "p",
      { class: `te-standing te-standing-${standing}`, "data-standing": standing },
      icon(standing === "saved" ? "it-check-circle" : standing === "saving" ? "it-refresh" : "it-info-circle"),
      h("span", {}, t(`standing-${standing}`)),
    ),
    n > 0 ? h("a", { class: "te-asked", "data-key": "asked", "data-settle": "", href: `${path}/revisione#domande` }, icon("it-help-circle"), h("span", { "aria-hidden": "true" }, String(n)), h("span", { class: "visually-hidden" }, t("asked", { n }))) : null,
    h(
      "div",
      { class: "te-history" },
      h("button", { type: "button", "data-key": "undo", "aria-disabled": editor.canUndo ? "false" : "true", onclick: () => editor.undo() }, icon("it-restore"), h("span", {}, t("undo"))),
      h("button", { type: "button", "data-key": "redo", "aria-disabled": editor.canRedo ? "false" : "true", onclick: () => editor.redo() }, icon("it-refresh"), h("span", {}, t("redo"))),
    ),
  );
}

/// What the person must know: a session that ended, a day handed in elsewhere, another device's changes.
export function notices(editor: Editor, path: string): HTMLElement[] {
  const { words } = editor;
  const { t } = words;
  const notices: HTMLElement[] = [];
  if (editor.standing === "signed-out") {
    notices.push(h("div", { class: "alert alert-warning" }, h("p", {}, t("signed-out")), h("a", { class: "btn btn-primary", "data-key": "sign-in", href: "/accesso", target: "_blank", rel: "noopener" }, t("sign-in"))));
  }
  if (editor.standing === "submitted") {
    notices.push(h("div", { class: "alert alert-info" }, h("p", {}, t("submitted")), h("a", { class: "btn btn-primary", "data-key": "told", href: `${path}/giornata` }, t("see-day"))));
  }
  if (editor.standing === "refused") notices.push(h("div", { class: "alert alert-danger" }, h("p", {}, t("refused"))));
  if (editor.arrived > 0 && editor.conflicts.length === 0) {
    notices.push(h("div", { class: "alert alert-info te-arrived" }, h("p", {}, t("arrived")), h("button", { type: "button", class: "btn btn-outline-primary btn-sm", "data-key": "arrived", onclick: () => editor.dismiss() }, t("understood"))));
  }
  if (editor.conflicts.length > 0) notices.push(conflicts(editor));
  return notices;
}

function conflicts(editor: Editor): HTMLElement {
  const { words } = editor;
  return h(
    "section",
    { class: "alert alert-warning te-conflicts", "aria-labelledby": "te-conflicts" },
    h("h2", { class: "h5", id: "te-conflicts" }, words.t("conflicts")),
    h("p", {}, words.t("conflicts-text")),
    ...editor.conflicts.map((conflict) => {
      const { field, start, end, mine, theirs } = conflict;
      const choice = (side: "mine" | "theirs", value: string) =>
        h("button", { type: "button", class: "btn btn-outline-primary btn-sm", "data-key": `${side}-${field}-${start}`, "data-side": side, onclick: () => editor.settle(conflict, side) }, words.t(`conflict-${side}`, { what: words.value(field, value) }));
      return h("div", { class: "te-conflict", role: "group", "aria-label": `${clock(start)}–${clock(end)}` }, h("p", {}, `${clock(start)}–${clock(end)}: ${words.t(`field-${field.replace("_", "-")}`)}`), choice("mine", mine), choice("theirs", theirs));
    }),
  );
}
