// Two devices changed the same day: what both did is brought together slot by slot and field by field, and where they said different
// things both stay known, so that the person can choose.

import { FIELDS, perField, runs, type Day, type Field, type Span } from "./day";

/// A span of a field of which both devices said something, and not the same. The merged day says what was said here.
export interface Conflict extends Span {
  field: Field;
  /// What was said here.
  mine: string;
  /// What was said on the other device.
  theirs: string;
}

/// The outcome of bringing two days together.
export interface Merged {
  day: Day;
  conflicts: Conflict[];
  /// How many slots of the main activity came from the other device.
  arrived: number;
}

/// Brings `mine` and `theirs` together, both made from `base`. What only one side changed is taken as it changed it; a word is never
/// lost to a blank; where both said something else, `mine` stands and `conflicts` tells of the other.
export function merge(base: Day, mine: Day, theirs: Day): Merged {
  const day = perField((field) => base[field].map((was, slot) => pick(was, mine[field][slot] ?? "", theirs[field][slot] ?? "")));
  const conflicts = FIELDS.flatMap((field) => conflictsOf(field, base, mine, theirs));
  const arrived = day.main.filter((main, slot) => main !== mine.main[slot]).length;
  return { day, conflicts, arrived };
}

function pick(was: string, mine: string, theirs: string): string {
  if (mine === was) return theirs;
  if (theirs === was || mine !== "") return mine;
  return theirs;
}

function conflictsOf(field: Field, base: Day, mine: Day, theirs: Day): Conflict[] {
  const separator = "|";
  const both = base[field].map((was, slot) => {
    const [here, there] = [mine[field][slot] ?? "", theirs[field][slot] ?? ""];
    const differs = here !== was && there !== was && here !== there && here !== "" && there !== "";
    return differs ? here + separator + there : "";
  });
  return runs(both).filter((run) => run.value !== "").map(({ start, end, value }) => {
    const [here = "", there = ""] = value.split(separator);
    return { field, start, end, mine: here, theirs: there };
  });
}
