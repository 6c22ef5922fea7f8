// Proposals for a day: a trip between two places, and what may have filled a gap.

import { isTransport, isTravel, SLOTS, type Episode } from "./episode";
import { suggest } from "./tiles";
import { travelFor } from "./travel";

/// Something that the day may lack. It is shown to the person and written only when they say so.
export interface Proposal {
  kind: "travel" | "gap";
  /// Which sentence the page asks.
  key: "proposal-travel" | "proposal-travel-home" | "proposal-gap" | "proposal-gap-continue" | "proposal-gap-sleep";
  /// The slots it would fill.
  start: number;
  end: number;
  /// The activities it may be, the likeliest first; at least one.
  codes: string[];
  /// The places before and after, where they are known.
  from: string | null;
  to: string | null;
}

/// A trip longer than this is not proposed to fill a gap by itself: two hours.
const LONGEST_TRIP = 12;

const HOME = "11";
const SLEEPING = "011";

/// Trips between two different places that follow each other without one. Where there is a gap between them of at most two hours, the
/// trip would fill it; where there is none, it would take ten minutes of the longer neighbour.
export function proposeTravel(day: readonly Episode[]): Proposal[] {
  const proposals: Proposal[] = [];
  const placed = day.filter((episode) => episode.main !== null);
  for (const [index, before] of placed.entries()) {
    const after = placed[index + 1];
    if (!after || !differ(before, after)) continue;
    const gap = after.start - before.end;
    if (gap > LONGEST_TRIP) continue;
    const takesBefore = before.end - before.start >= after.end - after.start;
    const longer = takesBefore ? before : after;
    if (gap === 0 && longer.end - longer.start < 2) continue;
    const [start, end] =
      gap > 0 ? [before.end, after.start] : takesBefore ? [before.end - 1, before.end] : [after.start, after.start + 1];
    const home = after.location === HOME;
    proposals.push({
      kind: "travel",
      key: home ? "proposal-travel-home" : "proposal-travel",
      start,
      end,
      codes: travelFor(home ? before.main : after.main),
      from: before.location,
      to: after.location,
    });
  }
  return proposals;
}

function differ(before: Episode, after: Episode): boolean {
  const places = [before.location, after.location];
  const known = places.every((place) => place !== null && place >= "11" && !isTransport(place));
  return known && before.location !== after.location && !isTravel(before.main) && !isTravel(after.main);
}

/// What may have filled the gaps of a day: what went on before and after it, sleep at the ends of the day, or what is usual at
/// that time. `earlier` is another day of the same person, if there is one.
export function proposeGaps(day: readonly Episode[], earlier: readonly Episode[] = []): Proposal[] {
  return day.flatMap((gap, index): Proposal[] => {
    if (gap.main !== null) return [];
    const [before, after] = [day[index - 1], day[index + 1]];
    const places = { from: before?.location ?? null, to: after?.location ?? null };
    const usual = suggest(earlier, gap.start, []);
    const propose = (key: Proposal["key"], first: string[]): Proposal[] => {
      const codes = [...new Set([...first, ...usual])].slice(0, 5);
      return [{ kind: "gap", key, start: gap.start, end: gap.end, codes, ...places }];
    };
    const atAnEnd = gap.start === 0 || gap.end === SLOTS;
    if (atAnEnd && gap.end - gap.start < SLOTS && (before ?? after)?.main === SLEEPING) return propose("proposal-gap-sleep", [SLEEPING]);
    if (before?.main && before.main === after?.main && before.location === after.location && !isTravel(before.main)) {
      return propose("proposal-gap-continue", [before.main]);
    }
    return propose("proposal-gap", []);
  });
}
