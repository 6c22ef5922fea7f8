// Icons of the design system.

import { svg } from "../dom";

let sprites = "";

/// Where the icons are.
export function iconsAt(address: string): void {
  sprites = address;
}

/// An icon that says nothing by itself: words stand beside it.
export function icon(name: string): SVGElement {
  return svg("svg", { class: "te-icon", "aria-hidden": "true", focusable: "false" }, svg("use", { href: `${sprites}#${name}` }));
}
