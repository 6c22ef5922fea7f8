// A day as six timelines of 144 slots, and what can be done to it. Everything here is pure: an act answers another day.

import { SLOTS } from "./clock";

/// The six fields, in the order in which they are asked.
export const FIELDS = ["main", "location", "with_whom", "secondary", "device", "enjoyment"] as const;

/// A field of a day.
export type Field = (typeof FIELDS)[number];

/// A code per slot; an empty text where nothing was said.
export type Timeline = readonly string[];

/// A day.
export type Day = Readonly<Record<Field, Timeline>>;

/// A run of slots, `end` not among them.
export interface Span {
  readonly start: number;
  readonly end: number;
}

/// A run of slots in which a timeline says one thing.
export interface Run extends Span {
  readonly value: string;
}

/// A run of slots in which no field changes.
export interface Episode extends Span {
  readonly said: Readonly<Record<Field, string>>;
}

/// The day about which nothing was said.
export function blank(): Day {
  return perField(() => Array.from({ length: SLOTS }, () => ""));
}

/// Says `value` of `field` over a span.
export function set(day: Day, field: Field, { start, end }: Span, value: string): Day {
  return { ...day, [field]: day[field].map((old, slot) => (slot >= start && slot < end ? value : old)) };
}

/// Forgets every field over a span.
export function clear(day: Day, span: Span): Day {
  return FIELDS.reduce((cleared, field) => set(cleared, field, span, ""), day);
}

/// Says what was mainly done over a span. Where something else stood, what was said of it goes with it: a place or company is never
/// carried over to another activity.
export function tell(day: Day, span: Span, main: string): Day {
  let told = day;
  for (const run of runs(day.main)) {
    const common = { start: Math.max(run.start, span.start), end: Math.min(run.end, span.end) };
    if (common.start < common.end && run.value !== "" && run.value !== main) told = clear(told, common);
  }
  return set(told, "main", span, main);
}

/// Moves the boundary that lies at `at` to `to`; what grows takes everything that was said of it along. At least one slot is left of what shrinks.
export function moveBoundary(day: Day, at: number, to: number): Day {
  if (at <= 0 || at >= SLOTS || to === at) return day;
  const [left, right] = [runAt(day.main, at - 1), runAt(day.main, at)];
  const target = Math.min(Math.max(to, left.start + 1), right.end - 1);
  const [span, source] = target < at ? [{ start: target, end: at }, at] : [{ start: at, end: target }, at - 1];
  return FIELDS.reduce((moved, field) => set(moved, field, span, day[field][source] ?? ""), day);
}

/// Makes a span a part of what comes before it, or of what comes after it.
export function mergeInto(day: Day, span: Span, side: "before" | "after"): Day {
  const source = side === "before" ? span.start - 1 : span.end;
  if (source < 0 || source >= SLOTS) return day;
  return FIELDS.reduce((merged, field) => set(merged, field, span, day[field][source] ?? ""), day);
}

/// The two parts of a span cut at `at`, if it lies inside.
export function split({ start, end }: Span, at: number): [Span, Span] | null {
  return at > start && at < end ? [{ start, end: at }, { start: at, end }] : null;
}

/// The longest runs of one value, in order; they partition the day.
export function runs(timeline: Timeline): Run[] {
  return spansOf((slot) => timeline[slot] === timeline[slot - 1]).map((span) => ({ ...span, value: timeline[span.start] ?? "" }));
}

/// The run in which a slot lies.
export function runAt(timeline: Timeline, slot: number): Run {
  const run = runs(timeline).find((one) => slot >= one.start && slot < one.end);
  return run ?? { start: 0, end: SLOTS, value: "" };
}

/// The runs in which none of `fields` changes, cut also at `cuts`.
export function episodes(day: Day, fields: readonly Field[] = FIELDS, cuts: ReadonlySet<number> = new Set()): Episode[] {
  const goesOn = (slot: number) => !cuts.has(slot) && fields.every((field) => day[field][slot] === day[field][slot - 1]);
  return spansOf(goesOn).map((span) => ({ ...span, said: perField((field) => day[field][span.start] ?? "") }));
}

/// The first span without a main activity at or after `from`, within `until`.
export function firstGap(day: Day, until: number, from = 0): Span | null {
  const start = day.main.findIndex((main, slot) => slot >= from && slot < until && main === "");
  return start < 0 ? null : { start, end: Math.min(runAt(day.main, start).end, until) };
}

/// Whether two days say the same.
export function isSame(one: Day, other: Day): boolean {
  return FIELDS.every((field) => one[field].every((value, slot) => value === other[field][slot]));
}

/// A value for each field.
export function perField<T>(value: (field: Field) => T): Record<Field, T> {
  return Object.fromEntries(FIELDS.map((field) => [field, value(field)])) as Record<Field, T>;
}

function spansOf(goesOn: (slot: number) => boolean): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (let slot = 1; slot <= SLOTS; slot += 1) {
    if (slot < SLOTS && goesOn(slot)) continue;
    spans.push({ start, end: slot });
    start = slot;
  }
  return spans;
}
