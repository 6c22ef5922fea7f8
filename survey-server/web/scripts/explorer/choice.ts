// What is chosen, and how an address says it: pure functions over the index and the tables.

/** A code with what it is called. */
export type Named = readonly [code: string, label: string];

export interface Measure {
  readonly code: string;
  readonly label: string;
  readonly timeline: string;
  readonly unit: string;
  readonly unitLabel: string;
  readonly difference: boolean;
  /** The activities that have a file each, where the numbers are of ten minutes; none elsewhere. */
  readonly activities: readonly string[];
}

export interface Index {
  readonly words: Readonly<Record<string, string>>;
  readonly measures: readonly Measure[];
  readonly activities: Readonly<Record<string, readonly (readonly [code: string, level: number, label: string])[]>>;
  readonly groups: readonly Named[];
  readonly days: readonly Named[];
  readonly sexes: readonly Named[];
}

/** A number with its interval and persons, 1 at the end where it is to be used with care; or a sign of why there is none. */
export type Entry = number | readonly number[];

/** Signs in place of a number. */
export const [ABSENT, SUPPRESSED, WITHHELD, SECONDARY] = [0, 1, 2, 3];

export interface Table {
  readonly groups: readonly string[];
  readonly days: readonly string[];
  readonly sexes: readonly string[];
  readonly activities: readonly string[];
  readonly cells: Readonly<Record<string, readonly Entry[]>>;
}

export interface Choice {
  readonly measure: string;
  readonly activity: string;
  readonly group: string;
  readonly day: string;
  readonly sex: string;
  /** The finest level of activities shown. */
  readonly detail: number;
}

/** The names of the choice in an address. */
const NAMES = { measure: "misura", activity: "attivita", group: "gruppo", day: "giorno", sex: "sesso", detail: "dettaglio" } as const;

/** What is chosen before anybody chooses. */
export function usual(index: Index): Choice {
  const first = index.measures.find(({ code }) => code === "time_spent-main") ?? index.measures[0];
  return { measure: first?.code ?? "", activity: "", group: "all", day: "average", sex: "all", detail: 1 };
}

/** The choice that an address says; what it does not say, or says of nothing that there is, is as usual. */
export function read(hash: string, index: Index): Choice {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const basic = usual(index);
  const known = (name: string, codes: readonly string[], otherwise: string): string => {
    const code = said.get(name);
    return code !== null && codes.includes(code) ? code : otherwise;
  };
  const codes = (list: readonly Named[]): string[] => list.map(([code]) => code);
  const measure = known(NAMES.measure, index.measures.map(({ code }) => code), basic.measure);
  const activities = index.measures.find(({ code }) => code === measure)?.activities ?? [];
  const detail = Number(said.get(NAMES.detail));
  return {
    measure,
    activity: known(NAMES.activity, activities, activities[0] ?? ""),
    group: known(NAMES.group, codes(index.groups), basic.group),
    day: known(NAMES.day, codes(index.days), basic.day),
    sex: known(NAMES.sex, codes(index.sexes), basic.sex),
    detail: [1, 2, 3].includes(detail) ? detail : basic.detail,
  };
}

/** The address of a choice: only what is not as usual. */
export function address(choice: Choice, index: Index): string {
  const basic = usual(index);
  const said = new URLSearchParams();
  for (const key of Object.keys(NAMES) as (keyof typeof NAMES)[]) {
    if (choice[key] !== basic[key]) said.set(NAMES[key], String(choice[key]));
  }
  return `#${said}`;
}

/** The choice with a code that `table` has wherever it has none of the chosen one. */
export function fitted(choice: Choice, table: Table): Choice {
  const fit = (code: string, codes: readonly string[]): string => (codes.includes(code) ? code : (codes[0] ?? code));
  return { ...choice, group: fit(choice.group, table.groups), day: fit(choice.day, table.days), sex: fit(choice.sex, table.sexes) };
}

/** A row to be shown. */
export interface Row {
  readonly label: string;
  readonly level: number;
  readonly entry: Entry;
}

/** The rows of a choice: its activities down to the level of detail, or the ten minutes of a day. */
export function rows(choice: Choice, measure: Measure, index: Index, table: Table, hour: (slot: number) => string): Row[] {
  const entries = table.cells[`${choice.group}|${choice.day}|${choice.sex}`] ?? [];
  if (measure.activities.length > 0) return entries.map((entry, slot) => ({ label: hour(slot), level: 1, entry })).filter(isThere);
  const places = new Map(table.activities.map((code, place) => [code, place]));
  const all = index.activities[measure.timeline] ?? [];
  const isShown = (level: number): boolean => level <= choice.detail;
  return all
    .filter(([code, level]) => isShown(level) && places.has(code))
    .map(([code, level, label]) => ({ label, level, entry: entries[places.get(code) ?? -1] ?? ABSENT ?? 0, code }))
    .sort((one, other) => (one.code < other.code ? -1 : one.code > other.code ? 1 : 0))
    .filter(isThere);
}

function isThere({ entry }: Row): boolean {
  return entry !== ABSENT;
}
