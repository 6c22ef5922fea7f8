// "What did I do then?": what the day says just before and after a time, and what another day says of it.

import { clock, type Episode } from "./episode";

/// A hint to remember by. `key` says which sentence the page makes of it, with `start` and `end` (times on the clock) and the activity's label.
export interface Hint {
  key: "hint-before" | "hint-after" | "hint-other-day";
  start: string;
  end: string;
  code: string;
  location: string | null;
}

/// What helps to remember what happened at `slot`: the last thing told before, the first told after, and what `earlier`, another
/// day of the same person, says of that time.
export function hints(day: readonly Episode[], slot: number, earlier: readonly Episode[] = []): Hint[] {
  const told = day.filter((episode) => episode.main !== null);
  const hint = (key: Hint["key"], episode: Episode | undefined): Hint[] =>
    episode?.main ? [{ key, start: clock(episode.start), end: clock(episode.end), code: episode.main, location: episode.location }] : [];
  return [
    ...hint("hint-before", told.filter((episode) => episode.end <= slot).at(-1)),
    ...hint("hint-after", told.find((episode) => episode.start > slot)),
    ...hint("hint-other-day", earlier.find((episode) => episode.start <= slot && slot < episode.end)),
  ];
}
