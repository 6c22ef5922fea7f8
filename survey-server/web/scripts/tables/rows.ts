// Rows of a table, put in order and narrowed, as pure functions: nothing here knows the page.

/** What a cell says, and the number that programs read in it. */
export interface Cell {
  readonly words: string;
  readonly value: number | null;
}

export type Direction = "ascending" | "descending";

/** The places of the rows in the order of one column; cells without a number come last, whichever the direction. */
export function ordered(column: readonly Cell[], direction: Direction, language: string): number[] {
  const words = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const numeric = column.some((cell) => cell.value !== null);
  const sign = direction === "ascending" ? 1 : -1;
  const places = column.map((_, place) => place);
  return places.sort((one, other) => {
    const [first, second] = [column[one], column[other]];
    if (first === undefined || second === undefined) return 0;
    if (!numeric) return sign * words.compare(first.words, second.words) || one - other;
    if (first.value === null || second.value === null) {
      return Number(first.value === null) - Number(second.value === null) || one - other;
    }
    return sign * (first.value - second.value) || one - other;
  });
}

/** Whether a row answers to what was typed: every word of it stands somewhere in the row, accents and case aside. */
export function answers(row: readonly string[], typed: string): boolean {
  const text = plain(row.join(" "));
  return plain(typed)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
