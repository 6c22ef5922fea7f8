// The day as the server writes and reads it.

import { FIELDS, perField, runs, set, blank, type Day } from "./model/day";
import { SLOTS } from "./model/clock";

/// Each timeline as its runs: first slot, slot after the last, code.
export type DayData = Record<keyof Day, [number, number, string][]>;

/// Something to mend or to confirm, in the server's words.
export interface Question {
  name: string;
  text: string;
  blocking: boolean;
  from: number;
  to: number;
}

/// A day as the server keeps it.
export interface DayState {
  date: string;
  version: number;
  submitted: boolean;
  /// The slot up to which the day may be told.
  until: number;
  running: boolean;
  /// Whose day it is.
  owner: string;
  /// Whether they agreed that it be kept how the day is filled in; said when the day is read.
  traced?: boolean;
  /// The form token of the session that asked.
  token: string;
  day: DayData;
  confirmed: string[];
  questions: Question[];
}

/// A day as data.
export function toData(day: Day): DayData {
  return perField((field) => runs(day[field]).flatMap(({ start, end, value }): [number, number, string][] => (value ? [[start, end, value]] : [])));
}

/// The day that data describe.
export function fromData(data: DayData): Day {
  return FIELDS.reduce(
    (day, field) => (data[field] ?? []).reduce((told, [start, end, value]) => set(told, field, { start, end: Math.min(end, SLOTS) }, value), day),
    blank(),
  );
}
