// Which trip belongs to which activity (ACL 2018, group 9).

/// Prefixes of activities with the code of the trip that belongs to them; the first that fits counts.
const TRIPS: readonly [string, string][] = [
  ["1", "910"],
  ["2", "920"],
  ["36", "936"],
  ["38", "938"],
  ["42", "940"],
  ["3", "939"],
  ["4", "940"],
  ["51", "950"],
  ["5", "960"],
  ["6", "960"],
  ["7", "960"],
  ["8", "960"],
  ["02", "950"],
  ["032", "936"],
];

/// Any trip.
const UNSPECIFIED = "900";

/// The trips that may lead to or from `activity`, the likeliest first; never empty.
export function travelFor(activity: string | null): string[] {
  const trip = TRIPS.find(([prefix]) => activity?.startsWith(prefix))?.[1];
  return trip === undefined ? [UNSPECIFIED] : [trip, UNSPECIFIED];
}
