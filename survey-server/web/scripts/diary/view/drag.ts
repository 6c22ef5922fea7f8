// The boundary between two spans: touched, it asks for its time; dragged up or down, it moves by ten minutes; with the arrows too.

import type { Editor } from "../editor";
import { clock } from "../model/clock";
import { runAt } from "../model/day";
import { h } from "../dom";
import { icon } from "./icon";

/// Pixels of a finger's way for ten minutes: coarse, so that a hand need not be steady.
const PIXELS = 14;

/// Pixels below which a touch is no drag.
const STILL = 7;

export function grip(editor: Editor, at: number): HTMLElement {
  const { words } = editor;
  const label = h("span", {}, clock(at));
  const [before, after] = [runAt(editor.day.main, at - 1), runAt(editor.day.main, at)];
  const bounded = (slot: number) => Math.min(Math.max(slot, before.start + 1), after.end - 1);
  let from: number | null = null;
  let to = at;
  const button: HTMLElement = h(
    "button",
    {
      type: "button",
      class: "te-grip",
      "data-key": `grip-${at}`,
      "data-slot": at,
      "aria-label": words.t("boundary", { time: clock(at) }),
      onpointerdown: (event: PointerEvent) => {
        [from, to] = [event.clientY, at];
        button.setPointerCapture(event.pointerId);
      },
      onpointermove: (event: PointerEvent) => {
        if (from === null || Math.abs(event.clientY - from) < STILL) return;
        to = bounded(at + Math.round((event.clientY - from) / PIXELS));
        label.textContent = clock(to);
        button.classList.add("te-grip-moving");
      },
      onpointerup: () => {
        const moved = button.classList.contains("te-grip-moving");
        from = null;
        if (moved && to !== at) editor.move(at, to);
        else if (moved) button.classList.remove("te-grip-moving");
      },
      onpointercancel: () => {
        from = null;
        label.textContent = clock(at);
        button.classList.remove("te-grip-moving");
      },
      onclick: () => {
        if (to !== at) return;
        const run = after.value === "" ? before : after;
        editor.turnTo({ step: "when", run, what: run === after ? "start" : "end" });
      },
      onkeydown: (event: KeyboardEvent) => {
        const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
        if (step === 0) return;
        event.preventDefault();
        const target = bounded(at + step);
        if (target === at) return;
        editor.move(at, target);
        document.querySelector<HTMLElement>(`[data-key="grip-${target}"]`)?.focus();
      },
    },
    label,
    icon("it-exchange-circle"),
  );
  return button;
}
