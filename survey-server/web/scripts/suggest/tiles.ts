// The activities offered as tiles for a time of the day.

import { type Episode } from "./episode";

/// Tiles at most.
const N_TILES = 12;

const EVERYDAY = ["011", "021", "031", "111", "910", "311", "312", "321", "361", "381", "511", "821"];

/// The activities to offer for `slot`, the likeliest first: what the person did at that time on `dayBefore`, another day of theirs; what they
/// chose lately (`recent`, the latest first); and what is common at that time of the day.
export function suggest(dayBefore: readonly Episode[], slot: number, recent: readonly string[]): string[] {
  const near = dayBefore.filter((episode) => episode.main !== null && episode.start <= slot && slot < episode.end);
  return [...new Set([...near.map((episode) => episode.main as string), ...recent, ...EVERYDAY])].slice(0, N_TILES);
}
