// The trip that belongs to an activity is proposed together with it.

import { travelFor } from "../suggest/travel";
import type { Hit } from "./index";
import type { Words } from "./words";

/// How many hits stay before the trip, when it was not found by itself.
const PLACE = 2;

/// Activities that people mostly leave the house for: beginnings of codes.
const AWAY = ["032", "1", "21", "36", "384", "389", "392", "41", "42", "43", "512", "513", "52", "61", "62"];

/// The hits, with the trip of the first one among them where people leave the house for it.
export function withTrip(hits: Hit[], words: Words): Hit[] {
  const [first] = hits;
  if (!first || !AWAY.some((beginning) => first.code.startsWith(beginning))) return hits;
  const code = travelFor(first.code)[0];
  const trip = words.activities.find((activity) => activity.code === code);
  if (!trip || hits.slice(0, PLACE + 1).some((hit) => hit.code === code)) return hits;
  const others = hits.filter((hit) => hit.code !== code);
  return [...others.slice(0, PLACE), { code: trip.code, label: trip.label, matched: first.matched }, ...others.slice(PLACE)];
}
