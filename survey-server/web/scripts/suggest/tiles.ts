// The activities offered as tiles for a time of the day.

import usual from "tempi:usual";

import { type Episode } from "./episode";

/// Tiles at most.
const N_TILES = 12;

/// How near another day's episode must lie to the time, in slots: twenty minutes.
const NEAR = 2;

/// What is offered after the hours that published figures tell of (`usual_times.csv` ends at 20:29); in an order of our own.
const EVENING = ["821", "511", "011", "021", "031", "516", "812", "512", "312", "381", "531", "950"];

/// The activities to offer for `slot`, the likeliest first: what the person did about that time on `dayBefore` (one other day of theirs, or several
/// one after the other); what they chose lately (`recent`, the latest first); and what is common at that time of the day in Italy. `last` is
/// the activity just before: a new episode is seldom the same again, so it comes at the end.
export function suggest(dayBefore: readonly Episode[], slot: number, recent: readonly string[], last: string | null = null): string[] {
  const near = dayBefore.filter(({ start, end }) => start < slot + NEAR && slot - NEAR < end);
  const own = mostFrequent(near.map(({ main }) => main));
  const all = [...new Set([...own, ...recent.slice(0, N_TILES / 2), ...usualAt(slot)])];
  const ranked = last === null ? all : [...all.filter((code) => code !== last), ...all.filter((code) => code === last)];
  return ranked.slice(0, N_TILES);
}

/// The activities that a person tells most often, by the days in which they come; for a list of favourites.
export function favourites(days: readonly (readonly Episode[])[]): string[] {
  const once = days.flatMap((day) => [...new Set(day.map(({ main }) => main))]);
  return mostFrequent(once).slice(0, N_TILES);
}

/// What is common at a time of the day, the commonest first.
export function usualAt(slot: number): readonly string[] {
  return usual[Math.floor(slot / 3)] ?? EVENING;
}

function mostFrequent(codes: readonly (string | null)[]): string[] {
  const counts = new Map<string, number>();
  for (const code of codes) if (code !== null) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one).map(([code]) => code);
}
