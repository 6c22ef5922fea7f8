// The trip that belongs to an activity is proposed together with it.

import { travelFor } from "../suggest/travel";
import type { Hit } from "./index";
import type { Language, Words } from "./words";

/// Where the trip is put among the hits when it was not found by itself: after the second.
const PLACE = 2;

/// The hits, with the trip of the first one among them where people leave the house for it.
export function withTrip(hits: Hit[], _stems: string[], _language: Language, words: Words): Hit[] {
  const [first] = hits;
  if (!first || first.code.startsWith("9") || first.code.startsWith("0")) return hits;
  const code = travelFor(first.code)[0];
  const trip = words.activities.find((activity) => activity.code === code);
  if (!trip || hits.slice(0, PLACE + 1).some((hit) => hit.code === code)) return hits;
  const others = hits.filter((hit) => hit.code !== code);
  return [...others.slice(0, PLACE), { code: trip.code, label: trip.label, matched: first.matched }, ...others.slice(PLACE)];
}
