// The explorer of the published tables: what an address says, which rows are shown, how numbers are written.

import assert from "node:assert/strict";
import { test } from "node:test";

import { address, fitted, read, rows, type Index, type Table } from "../scripts/explorer/choice";
import { clock, duration, written } from "../scripts/explorer/numbers";

const measure = (code: string, activities: string[] = []) => ({
  code,
  label: code,
  timeline: "main",
  unit: "minutes_per_day",
  unitLabel: "minuti al giorno",
  difference: false,
  activities,
});

const INDEX: Index = {
  words: {},
  measures: [measure("participation_rate-main"), measure("time_spent-main"), measure("share_at_slot-main", ["0", "1"])],
  activities: { main: [["1", 1, "Lavoro"], ["3", 1, "Casa"], ["11", 2, "Lavoro principale"], ["31", 2, "Cucina"]] },
  groups: [["all", "Tutti"], ["employed", "Occupati"]],
  days: [["average", "Giorno medio"], ["sunday", "Domenica"]],
  sexes: [["all", "Tutti"], ["F", "Donne"]],
};

const TABLE: Table = {
  groups: ["all", "employed"],
  days: ["average"],
  sexes: ["all"],
  activities: ["1", "11", "3", "31"],
  cells: { "all|average|all": [[150, 140, 160, 300], 2, [198, 190, 206, 300, 1], 0] },
};

test("an address says a choice and a choice its address", () => {
  const choice = { measure: "time_spent-main", activity: "", group: "employed", day: "sunday", sex: "F", detail: 2 };
  const said = address(choice, INDEX);
  assert.equal(said, "#gruppo=employed&giorno=sunday&sesso=F&dettaglio=2");
  assert.deepEqual(read(said, INDEX), choice);
});

test("an address that says nothing known is as usual", () => {
  const usual = read("", INDEX);
  assert.deepEqual(read("#misura=nothing&gruppo=<b>&dettaglio=9&x=y", INDEX), usual);
  assert.equal(usual.measure, "time_spent-main");
  assert.equal(read("#misura=share_at_slot-main&attivita=3", INDEX).activity, "0", "an activity without a file");
});

test("a choice goes to what the table has", () => {
  const choice = fitted(read("#giorno=sunday&sesso=F&gruppo=employed", INDEX), TABLE);
  assert.deepEqual([choice.group, choice.day, choice.sex], ["employed", "average", "all"]);
});

test("rows go down to the level asked for, finer ones under the coarser, and what nobody published is no row", () => {
  const [, timeSpent] = INDEX.measures;
  assert.ok(timeSpent);
  const labels = (detail: number) => rows({ ...read("", INDEX), detail }, timeSpent, INDEX, TABLE, String).map(({ label }) => label);
  assert.deepEqual(labels(1), ["Lavoro", "Casa"]);
  assert.deepEqual(labels(2), ["Lavoro", "Lavoro principale", "Casa"]);
  assert.deepEqual(rows({ ...read("", INDEX), group: "employed" }, timeSpent, INDEX, TABLE, String), []);
});

test("numbers are written as the pages write them", () => {
  const plain = (text: string) => text.replaceAll("\u00a0", " ");
  assert.equal(plain(duration(171, "meno")), "2 h 51 min");
  assert.equal(plain(duration(60, "meno")), "1 h");
  assert.equal(plain(duration(-12, "meno")), "−12 min");
  assert.equal(duration(0.3, "meno di 1 min"), "meno di 1 min");
  assert.equal(plain(written(31.74, "percent", "it", false, "")), "31,7%");
  assert.equal(plain(written(31.74, "percent", "en", false, "")), "31.7%");
  assert.equal(plain(written(171, "minutes_per_day", "it", true, "")), "+2 h 51 min");
  assert.equal(plain(written(-3.25, "percentage_points", "it", true, "")), "−3,3");
  assert.equal([0, 1195, 1200].map(clock).join(" "), "04:00 23:55 00:00");
});
