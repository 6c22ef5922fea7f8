// The whole editor, drawn anew after every act.

import type { Editor } from "../editor";
import { draw, h } from "../dom";
import { brush, foot } from "./brush";
import { edit, last } from "./edit";
import { now } from "./now";
import { overview } from "./overview";
import { rows } from "./rows";
import { notices, status } from "./status";
import { steps } from "./steps";
import { from, until, when } from "./when";
import { what } from "./what";

/// The parts of the page that stay while what is in them changes.
export class PageView {
  readonly #path: string;
  readonly #status = h("div");
  readonly #notices = h("div", { "aria-live": "polite" });
  readonly #overview = h("div", { class: "te-sticky" });
  readonly #steps = h("div");
  readonly #panel = h("div", { class: "te-panel" });
  readonly #list = h("div", { class: "te-side" });
  readonly #columns = h("div", { class: "te-columns" }, this.#panel, this.#list);
  readonly #foot = h("div", { class: "te-foot-place" });
  readonly #live = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite", "aria-atomic": "true", id: "te-live" });
  #drawn = "";

  constructor(root: HTMLElement, path: string, title: string) {
    this.#path = path;
    root.append(
      h("h1", {}, title),
      this.#status,
      this.#notices,
      this.#overview,
      this.#steps,
      this.#columns,
      this.#foot,
      this.#live,
    );
    // What sticks below the day must know how high the day is: its height depends on the size of the text.
    new ResizeObserver(() => root.style.setProperty("--te-top", `${this.#overview.offsetHeight}px`)).observe(this.#overview);
  }

  showStanding(editor: Editor): void {
    draw(this.#status, status(editor, this.#path));
    const told = notices(editor, this.#path);
    // A live region speaks when it changes, so it is left alone while it stays the same.
    const text = told.map((notice) => notice.textContent).join("");
    if (text !== this.#drawn) draw(this.#notices, ...told);
    this.#drawn = text;
  }

  show(editor: Editor): void {
    this.showStanding(editor);
    draw(this.#overview, overview(editor));
    draw(this.#steps, steps(editor));
    const isBrushing = editor.field !== "main" && editor.ask.step !== "when";
    this.#columns.classList.toggle("te-brushing", isBrushing);
    draw(this.#panel, ...panel(editor));
    draw(this.#list, rows(editor));
    draw(this.#foot, foot(editor, `${this.#path}/revisione`));
  }

  say(text: string): void {
    // The same text twice would not be spoken twice.
    this.#live.textContent = this.#live.textContent === text ? `${text}\u00a0` : text;
  }

  /// Brings the first span that is still to be told into view, unless one is.
  reveal(): void {
    const open = [...this.#list.querySelectorAll(".te-row-open")];
    const top = Math.max(this.#overview.getBoundingClientRect().bottom, this.#panel.querySelector(".te-values")?.getBoundingClientRect().bottom ?? 0);
    const bottom = this.#foot.getBoundingClientRect().top;
    const isSeen = (row: Element) => row.getBoundingClientRect().top >= top && row.getBoundingClientRect().bottom <= bottom;
    const [first] = open;
    if (first && !open.some(isSeen)) window.scrollBy({ top: first.getBoundingClientRect().top - top - 8, behavior: "instant" });
  }

  /// Brings the question to the top and gives it the focus. People at a keyboard go on in the field where they type.
  lead(byKeyboard: boolean): void {
    const field = this.#panel.querySelector<HTMLElement>("#te-time, #te-search");
    const question = this.#panel.querySelector<HTMLElement>("#te-question");
    const target = byKeyboard && field ? field : question;
    target?.focus({ preventScroll: true });
    const top = (question ?? this.#panel).getBoundingClientRect().top;
    const sticky = this.#overview.getBoundingClientRect().bottom;
    if (top < sticky || top > window.innerHeight / 2) window.scrollBy({ top: top - sticky - 8, behavior: "instant" });
  }
}

function panel(editor: Editor): (HTMLElement | null)[] {
  if (editor.field !== "main") {
    return editor.ask.step === "when" ? when(editor, editor.ask) : brush(editor);
  }
  const { ask } = editor;
  switch (ask.step) {
    case "from":
      return from(editor, ask);
    case "until":
      return until(editor, ask);
    case "edit":
      return edit(editor, ask);
    case "when":
      return when(editor, ask);
    case "what":
      return [last(editor), now(editor), ...(editor.isComplete && ask.end === null ? complete(editor) : what(editor, ask))];
  }
}

function complete(editor: Editor): HTMLElement[] {
  const { t } = editor.words;
  const key = editor.running ? "complete-so-far" : editor.next() ? "complete" : "complete-all";
  return [h("h2", { class: "te-question", id: "te-question", tabindex: -1 }, t("complete-heading")), h("p", {}, t(key))];
}
