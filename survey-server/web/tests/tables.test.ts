// The tables of the results: order and search.

import assert from "node:assert/strict";
import { test } from "node:test";

import { answers, ordered, type Cell } from "../scripts/tables/rows";

const number = (value: number): Cell => ({ words: `${value} min`, value });
const hidden: Cell = { words: "oscurato per riservatezza", value: null };

test("numbers go by size, and what is withheld stands last both ways", () => {
  const column = [number(9), hidden, number(100), number(20)];
  assert.deepEqual(ordered(column, "ascending", "it"), [0, 3, 2, 1]);
  assert.deepEqual(ordered(column, "descending", "it"), [2, 3, 0, 1]);
});

test("words go by the language's order, and numbers in words by size", () => {
  const words = ["Studio", "àncora", "Zone 10", "Zone 9", "altro"].map((text) => ({ words: text, value: null }));
  assert.deepEqual(ordered(words, "ascending", "it"), [4, 1, 0, 3, 2]);
});

test("equal rows stay as they were", () => {
  assert.deepEqual(ordered([number(1), number(1), number(0)], "descending", "it"), [0, 1, 2]);
});

test("a search finds words in any order, without accents and case", () => {
  const row = ["Cura della persona", "3 h 20 min", "Affidabilità buona"];
  assert.ok(answers(row, "PERSONA cura"));
  assert.ok(answers(row, "affidabilita"));
  assert.ok(answers(row, ""));
  assert.ok(!answers(row, "persona studio"));
});
