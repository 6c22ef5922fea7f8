// How long a query takes, beside a plain scan: the same words looked for as they stand in every phrase of the list, ranked by how many are there.

import { readFileSync } from "node:fs";

import italian from "tempi:search/it";

import { finder } from "../scripts/search";
import { wordsOf } from "../scripts/search/text";
import "../scripts/words-it/main";

const queries = readFileSync("tests/search/phrases.csv", "utf8")
  .split("\n")
  .filter((line) => /^(tune|hold),/.test(line))
  .map((line) => line.slice(5, line.lastIndexOf(",")));
// As typed: each query letter by letter from the third on, and one with a slip.
const typed = queries.flatMap((query) => Array.from({ length: Math.max(1, query.length - 2) }, (_, end) => query.slice(0, end + 3)));
const slips = queries.map((query) => query.replace(/(.{3})(.)(.)/, "$1$3$2"));

const phrases = italian.activities.flatMap(({ code, phrases }) => phrases.map((text) => ({ code, text })));

function scan(query: string): string[] {
  const words = wordsOf(query);
  const counted = phrases.map(({ code, text }) => ({ code, n: words.filter((word) => text.includes(word)).length }));
  return counted.filter(({ n }) => n > 0).sort((one, other) => other.n - one.n).slice(0, 8).map(({ code }) => code);
}

function median(times: number[]): number {
  return times.sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;
}

/// Milliseconds a query: the median of five rounds, and the slowest query of the last round.
function measure(act: (query: string) => unknown, all: string[]): { each: number; slowest: number } {
  for (const query of all) act(query);
  let slowest = 0;
  const rounds = Array.from({ length: 5 }, () => {
    slowest = 0;
    const start = performance.now();
    for (const query of all) {
      const before = performance.now();
      act(query);
      slowest = Math.max(slowest, performance.now() - before);
    }
    return (performance.now() - start) / all.length;
  });
  return { each: median(rounds), slowest };
}

const before = performance.now();
finder("it").search("spesa");
console.log(`making the index, with the first query: ${(performance.now() - before).toFixed(1)} ms`);
for (const [name, all] of [["whole phrases", queries], ["letter by letter", typed], ["with a slip", slips]] as const) {
  const search = measure((query) => finder("it").search(query), all);
  const plain = measure(scan, all);
  const ratio = (search.each / plain.each).toFixed(2);
  console.log(
    `${name}: ${search.each.toFixed(3)} ms a query, slowest ${search.slowest.toFixed(2)} ms; plain scan ${plain.each.toFixed(3)} ms; ratio ${ratio}`,
  );
}
