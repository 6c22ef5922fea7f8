// Arrow keys within a group of buttons, so that nobody at a keyboard has to go through all of them with Tab.

/// A listener for `keydown` on a group: right and down lead to the next button, left and up to the one before, Home and End to the ends.
export function roam(event: KeyboardEvent): void {
  const group = event.currentTarget as HTMLElement;
  const buttons = [...group.querySelectorAll<HTMLElement>("button:not(:disabled), summary")].filter((button) => button.offsetParent !== null);
  const place = buttons.indexOf(document.activeElement as HTMLElement);
  if (place < 0) return;
  const forward = getComputedStyle(group).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const backward = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
  const targets: Record<string, number> = { [forward]: place + 1, ArrowDown: place + 1, [backward]: place - 1, ArrowUp: place - 1, Home: 0, End: buttons.length - 1 };
  const target = targets[event.key];
  if (target === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  buttons[target]?.focus();
}
