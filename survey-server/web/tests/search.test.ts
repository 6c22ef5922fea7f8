// The search finds what people mean by everyday words. The phrases and their codes were written down before the search was tuned, in two halves: the
// misses of one are told, so that it can be tuned on; of the other only how many were found.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { finder } from "../scripts/search";
import "../scripts/words-it/main";

interface Phrase {
  half: string;
  phrase: string;
  code: string;
}

/// The tests run from `survey-server/web`.
const phrases: Phrase[] = readFileSync("tests/search/phrases.csv", "utf8")
  .split("\n")
  .filter((line) => /^(tune|hold),/.test(line))
  .map((line) => {
    const [half = "", ...rest] = line.split(",");
    const code = rest.pop() ?? "";
    return { half, phrase: rest.join(",").replaceAll('"', ""), code };
  });

/// The share of the phrases of one half whose code is among the first five hits, and those where it is not.
function found(half: string): { share: number; misses: Phrase[] } {
  const all = phrases.filter((phrase) => phrase.half === half);
  assert.equal(all.length, 100);
  const misses = all.filter(({ phrase, code }) => !finder("it").search(phrase, 5).some((hit) => hit.code === code));
  return { share: 1 - misses.length / all.length, misses };
}

test("everyday phrases are found, on the half that was tuned on", () => {
  const { share, misses } = found("tune");
  for (const { phrase, code } of misses) {
    console.log(`missed: ${code} ${phrase} -> ${finder("it").search(phrase, 5).map((hit) => hit.code).join(" ")}`);
  }
  assert.ok(share >= 0.9, `${share}`);
});

test("everyday phrases are found, on the half that nobody tuned on", () => {
  const { share } = found("hold");
  console.log(`found among the first five: ${Math.round(share * 100)} of 100`);
  assert.ok(share >= 0.9, `${share}`);
});
