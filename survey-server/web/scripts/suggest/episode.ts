// What the proposals need to know of a stretch of a day.

/// A stretch of the day in which nothing changes. Slots are tens of minutes since 04:00: 0 is 04:00, 144 the next 04:00.
export interface Episode {
  /// The first slot.
  start: number;
  /// The slot after the last.
  end: number;
  /// The main activity, a code of the third level; `null` in a gap.
  main: string | null;
  /// The place or transport, two digits; `null` where not stated.
  location: string | null;
}

/// Slots of a day.
export const SLOTS = 144;

/// The time on the clock at which a slot begins: `07:30`.
export function clock(slot: number): string {
  const minutes = (slot * 10 + 4 * 60) % (24 * 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/// Whether a location is a way of travelling (HETUS 2018: 20 to 39).
export function isTransport(location: string | null): boolean {
  return location !== null && (location.startsWith("2") || location.startsWith("3"));
}

/// Whether a main activity is travelling (ACL 2018: 900 to 980).
export function isTravel(main: string | null): boolean {
  return main !== null && main.startsWith("9") && main < "990";
}
