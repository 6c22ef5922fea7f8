// The clock of a diary day: slots of ten minutes from 04:00 as times that people read and type.

/// Slots of a day: 0 begins at 04:00, 144 is its end at 04:00 of the next morning.
export const SLOTS = 144;

/// Slots of an hour.
export const HOUR = 6;

const FIRST_HOUR = 4;

/// The time on the clock at which a slot begins: `07:30`.
export function clock(slot: number): string {
  const minutes = (slot * 10 + FIRST_HOUR * 60) % (24 * 60);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/// The slot that a typed time means, as the end of something that began at `after`: `7`, `730`, `7.30`, `07:30`. A time between
/// two slots is the nearer one; `null` where the text is no time or does not come after `after` in the day.
export function typedEnd(text: string, after: number): number | null {
  const digits = /^\s*(\d{1,2})(?:[:.,h ]?(\d{2}))?\s*$/.exec(text);
  if (!digits) return null;
  const [hours, minutes] = [Number(digits[1]), Number(digits[2] ?? 0)];
  if (hours > 24 || minutes > 59) return null;
  const sinceStart = (hours * 60 + minutes - FIRST_HOUR * 60 + 24 * 60) % (24 * 60);
  const slot = Math.round(sinceStart / 10);
  const end = slot === 0 ? SLOTS : slot;
  return end > after && end <= SLOTS ? end : null;
}

/// The ends to offer for something that begins at `start` and must end by `limit`, in rows that people can scan: the first two hours by
/// ten minutes, an hour in a row; then by half hours, three hours in a row. A row may have holes where a time is not offered.
export function endChoices(start: number, limit: number): (number | null)[][] {
  const rows: (number | null)[][] = [];
  const row = (first: number, step: number) => {
    const slots = Array.from({ length: HOUR }, (_, place) => first + place * step);
    const offered = slots.map((slot) => (slot > start && slot <= limit ? slot : null));
    if (offered.some((slot) => slot !== null)) rows.push(offered);
  };
  const firstHour = start - (start % HOUR);
  let next = firstHour;
  for (; next < firstHour + 3 * HOUR; next += HOUR) row(next, 1);
  for (; next <= limit; next += 3 * HOUR) row(next, 3);
  const last = rows.flat().findLast((slot) => slot !== null);
  if (last !== limit && limit > start) rows.push([limit, ...Array.from({ length: HOUR - 1 }, () => null)]);
  return rows;
}
