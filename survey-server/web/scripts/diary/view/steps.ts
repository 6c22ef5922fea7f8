// The six questions as buttons: one is being told, each says how far it is.

import type { Editor } from "../editor";
import { FIELDS, type Field } from "../model/day";
import { h } from "../dom";
import { icon } from "./icon";

const ICONS: Record<Field, string> = {
  main: "it-clock",
  location: "it-map-marker",
  with_whom: "it-user",
  secondary: "it-plus-circle",
  device: "it-telephone",
  enjoyment: "it-star-outline",
};

export function steps(editor: Editor): HTMLElement {
  return h("nav", { class: "te-steps", "aria-label": editor.words.t("steps") }, ...FIELDS.map((field) => step(editor, field)));
}

function step(editor: Editor, field: Field): HTMLElement {
  const { t } = editor.words;
  const { told, missing } = editor.progress(field);
  const isDone = missing === 0 && (told > 0 || field === "secondary");
  const state = field === "secondary" ? t("step-free", { told }) : isDone ? t("step-done") : t("step-missing", { missing });
  return h(
    "button",
    {
      type: "button",
      class: `te-step${isDone && field !== "secondary" ? " te-step-done" : ""}`,
      "data-key": `step-${field}`,
      "aria-current": editor.field === field ? "step" : null,
      onclick: () => editor.turn(field),
    },
    icon(isDone && field !== "secondary" ? "it-check-circle" : ICONS[field]),
    h("span", { class: "te-step-name" }, t(`field-${field.replace("_", "-")}`)),
    h("span", { class: "visually-hidden" }, `, ${state}`),
  );
}
