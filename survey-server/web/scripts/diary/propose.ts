// What a day that has its main activities most likely says in the other fields. A proposal is one sentence that the person confirms or
// leaves: nothing here changes a day.

import { isTravel } from "../suggest/index";
import { episodes, type Day, type Field, type Span } from "./model/day";

/// A value for spans that have none yet.
export interface Proposal {
  field: Field;
  value: string;
  spans: Span[];
}

/// Where an activity nearly always takes place, by the beginning of its code; the longest beginning counts.
const PLACES: readonly [string, string][] = [
  ["011", "11"],
  ["012", "11"],
  ["031", "11"],
  ["11", "13"],
  ["211", "13"],
  ["31", "11"],
  ["32", "11"],
  ["33", "11"],
  ["381", "11"],
  ["382", "11"],
  ["391", "11"],
  ["821", "11"],
];

/// Whether a field is asked about an activity: nobody is asked with whom they slept, or how they liked it.
export function isAsked(field: Field, main: string): boolean {
  if (main === "") return false;
  return field === "main" || field === "location" || !main.startsWith("01");
}

/// Proposals for a field, the one that says most first.
export function propose(day: Day, field: Field): Proposal[] {
  if (field !== "location") return [];
  const open = episodes(day, ["main", "location"]).filter(({ said }) => said.main !== "" && said.location === "");
  const transport = usualTransport(day);
  const byValue = new Map<string, Span[]>();
  for (const { start, end, said } of open) {
    const value = isTravel(said.main) ? transport : placeOf(said.main);
    if (value) byValue.set(value, [...(byValue.get(value) ?? []), { start, end }]);
  }
  const proposals = [...byValue].map(([value, spans]) => ({ field, value, spans }));
  return proposals.sort((one, other) => other.spans.length - one.spans.length);
}

/// The same value for the other spans with the same main activity that have none yet; `null` where that is not at least two, or where the
/// field is what was felt, which is each time another thing.
export function sameElsewhere(day: Day, field: Field, main: string, value: string): Proposal | null {
  if (field === "main" || field === "enjoyment" || field === "secondary" || value === "") return null;
  const open = episodes(day, ["main", field]).filter(({ said }) => said.main === main && said[field] === "" && isAsked(field, main));
  return open.length < 2 ? null : { field, value, spans: open.map(({ start, end }) => ({ start, end })) };
}

function placeOf(main: string): string | undefined {
  return PLACES.find(([beginning]) => main.startsWith(beginning))?.[1];
}

/// How the person travelled elsewhere on this day, if always alike.
function usualTransport(day: Day): string | undefined {
  const used = new Set(day.location.filter((place, slot) => isTravel(day.main[slot] || null) && place !== ""));
  const [only] = used;
  return used.size === 1 ? only : undefined;
}
