// On the pages of the results: tables can be put in the order of a column and searched. Without scripts they are as they were printed.

import { answers, ordered, type Cell, type Direction } from "./rows";

/** From how many rows on a table is searched: fewer are seen at once. */
const MANY = 12;

for (const region of document.querySelectorAll<HTMLElement>(".tempi-table[data-sort]")) enhance(region);

function enhance(region: HTMLElement): void {
  const table = region.querySelector("table");
  const body = table?.tBodies[0];
  if (table === null || table === undefined || body === undefined || body.rows.length < 2) return;
  const rows = [...body.rows];
  offerOrder(region, table, body, rows);
  if (rows.length >= MANY) offerSearch(region, rows);
}

/** Headings of single columns become buttons. A screen reader hears the order from the heading (`aria-sort`). */
function offerOrder(region: HTMLElement, table: HTMLTableElement, body: HTMLTableSectionElement, rows: HTMLTableRowElement[]): void {
  const headings = columns(table);
  for (const [place, heading] of headings.entries()) {
    if (heading === undefined) continue;
    const words = heading.textContent ?? "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tempi-sort";
    button.textContent = words;
    button.title = `${region.dataset["sort"] ?? ""} ${words}`.trim();
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const direction: Direction = heading.ariaSort === "descending" ? "ascending" : heading.ariaSort === "ascending" ? "descending" : first(rows, place);
      for (const other of headings) if (other !== undefined && other !== heading) other.ariaSort = null;
      heading.ariaSort = direction;
      const column = rows.map((row) => cell(row.cells[place]));
      for (const next of ordered(column, direction, document.documentElement.lang)) {
        const row = rows[next];
        if (row !== undefined) body.append(row);
      }
    });
  }
}

/** Numbers are first put in order from the largest, words from A. */
function first(rows: HTMLTableRowElement[], place: number): Direction {
  return rows.some((row) => cell(row.cells[place]).value !== null) ? "descending" : "ascending";
}

/** The heading of each column, where it has one of its own. */
function columns(table: HTMLTableElement): (HTMLTableCellElement | undefined)[] {
  const taken: boolean[][] = [];
  const headings: (HTMLTableCellElement | undefined)[] = [];
  for (const [line, row] of [...(table.tHead?.rows ?? [])].entries()) {
    let place = 0;
    for (const heading of row.cells) {
      while (taken[line]?.[place] === true) place += 1;
      for (let below = line; below < line + heading.rowSpan; below += 1) {
        for (let beside = place; beside < place + heading.colSpan; beside += 1) (taken[below] ??= [])[beside] = true;
      }
      if (heading.scope === "col") headings[place] = heading;
      place += heading.colSpan;
    }
  }
  return headings;
}

function cell(element: HTMLTableCellElement | undefined): Cell {
  const words = element?.textContent ?? "";
  const value = element?.querySelector("data")?.value;
  return { words, value: value === undefined ? null : Number(value) };
}

function offerSearch(region: HTMLElement, rows: HTMLTableRowElement[]): void {
  const label = document.createElement("label");
  label.className = "tempi-search tempi-screen";
  const words = document.createElement("span");
  words.textContent = region.dataset["filter"] ?? "";
  const input = document.createElement("input");
  input.type = "search";
  input.className = "form-control";
  label.append(words, input);
  const shown = document.createElement("p");
  shown.className = "tempi-screen";
  shown.setAttribute("role", "status");
  region.before(label, shown);
  const texts = rows.map((row) => [...row.cells].map((element) => element.textContent ?? ""));
  input.addEventListener("input", () => {
    let n = 0;
    for (const [place, row] of rows.entries()) {
      row.hidden = !answers(texts[place] ?? [], input.value.trim());
      if (!row.hidden) n += 1;
    }
    const told = (region.dataset["shown"] ?? "").replace("{n}", String(n)).replace("{total}", String(rows.length));
    shown.textContent = input.value.trim() === "" ? "" : told;
  });
}
