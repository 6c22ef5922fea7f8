// The model of a day: acts, boundaries, clock, undo and the reconciliation of two devices.

import assert from "node:assert/strict";
import test from "node:test";

import { clock, endChoices, typedEnd } from "../scripts/diary/model/clock";
import { blank, clear, episodes, FIELDS, firstGap, isSame, mergeInto, moveBoundary, runs, set, split, tell, type Day, type Field } from "../scripts/diary/model/day";
import { History } from "../scripts/diary/model/history";
import { merge } from "../scripts/diary/model/merge";
import { isAsked, propose, sameElsewhere } from "../scripts/diary/propose";
import { fromData, toData } from "../scripts/diary/wire";

const span = (start: number, end: number) => ({ start, end });

/// Numbers that look thrown and are always the same.
function thrown(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/// A day after some acts.
function anyDay(roll: (n: number) => number, from: Day = blank()): Day {
  const values: Record<Field, string[]> = { main: ["011", "021", "111", ""], location: ["11", "13", ""], with_whom: ["1", "24", ""], secondary: ["831", ""], device: ["si", "no"], enjoyment: ["1", "7"] };
  let day = from;
  for (let act = roll(12); act >= 0; act -= 1) {
    const field = FIELDS[roll(6)] ?? "main";
    const start = roll(144);
    day = set(day, field, span(start, start + 1 + roll(144 - start)), values[field][roll(values[field].length)] ?? "");
  }
  return day;
}

test("telling over something else forgets what was said of it, and nothing beside it", () => {
  const morning = set(set(tell(blank(), span(18, 24), "021"), "location", span(18, 24), "11"), "enjoyment", span(18, 24), "6");
  const day = tell(morning, span(21, 30), "111");
  assert.deepEqual(runs(day.main).filter(({ value }) => value), [{ start: 18, end: 21, value: "021" }, { start: 21, end: 30, value: "111" }]);
  assert.deepEqual(runs(day.location).filter(({ value }) => value), [{ start: 18, end: 21, value: "11" }]);
  assert.equal(day.enjoyment[21], "");
  assert.ok(isSame(tell(morning, span(18, 24), "021"), morning), "the same activity again keeps what was said of it");
});

test("a boundary moves with everything that was said, and never swallows its neighbour", () => {
  let day = tell(tell(blank(), span(0, 18), "011"), span(18, 24), "021");
  day = set(set(day, "location", span(0, 24), "11"), "with_whom", span(18, 24), "24");
  const later = moveBoundary(day, 18, 21);
  assert.equal(later.main[20], "011");
  assert.equal(later.with_whom[20], "", "the company of the meal went with it");
  const earlier = moveBoundary(day, 18, 15);
  assert.equal(earlier.with_whom[15], "24");
  assert.equal(runs(moveBoundary(day, 18, 60).main)[1]?.start, 23, "ten minutes are left");
  assert.equal(runs(moveBoundary(day, 18, -5).main)[0]?.end, 1);
  assert.ok(isSame(moveBoundary(day, 0, 5), day) && isSame(moveBoundary(day, 144, 100), day), "the ends of the day stay");
});

test("a span is cut, joined to a neighbour, and cleared", () => {
  assert.deepEqual(split(span(10, 20), 15), [span(10, 15), span(15, 20)]);
  assert.equal(split(span(10, 20), 10), null);
  const day = tell(tell(tell(blank(), span(0, 10), "011"), span(10, 12), "031"), span(12, 20), "021");
  assert.equal(runs(mergeInto(day, span(10, 12), "before").main)[0]?.end, 12);
  assert.equal(runs(mergeInto(day, span(10, 12), "after").main)[1]?.start, 10);
  assert.ok(isSame(mergeInto(day, span(0, 10), "before"), day), "nothing lies before the day");
  assert.deepEqual(firstGap(clear(day, span(10, 12)), 144), span(10, 12));
  assert.deepEqual(firstGap(day, 15), null);
});

test("episodes partition the day whatever was told, and come back from the wire", () => {
  const roll = thrown(7);
  for (let round = 0; round < 300; round += 1) {
    const day = anyDay(roll);
    const found = episodes(day);
    assert.equal(found[0]?.start, 0);
    assert.equal(found.at(-1)?.end, 144);
    found.slice(1).forEach((episode, place) => assert.equal(episode.start, found[place]?.end));
    assert.ok(isSame(fromData(JSON.parse(JSON.stringify(toData(day)))), day));
  }
});

test("times are read as people type them", () => {
  assert.deepEqual(["730", "7:30", "07.30", "7", " 19 "].map((text) => typedEnd(text, 0)), [21, 21, 21, 18, 90]);
  assert.equal(typedEnd("4", 120), 144, "04:00 ends the day");
  assert.equal(typedEnd("0:10", 100), 121);
  assert.equal(typedEnd("7:34", 0), 21, "the nearer ten minutes");
  for (const text of ["", "x", "25", "7:60", "123456", "-1"]) assert.equal(typedEnd(text, 0), null, text);
  assert.equal(typedEnd("6:00", 18), null, "before the start");
  assert.deepEqual([0, 21, 143, 144].map(clock), ["04:00", "07:30", "03:50", "04:00"]);
});

test("every end can be reached with one touch near the start, with two anywhere", () => {
  for (let start = 0; start < 144; start += 1) {
    const offered = endChoices(start, 144).flat().filter((slot) => slot !== null);
    assert.ok(offered.every((slot) => slot > start && slot <= 144));
    assert.equal(new Set(offered).size, offered.length);
    for (let end = start + 1; end <= Math.min(start + 12, 144); end += 1) assert.ok(offered.includes(end), `${start} to ${end}`);
    // What lies beyond is offered by half hours; the hour's other times are one touch further.
    for (let end = start + 1; end <= 144; end += 1) assert.ok(offered.includes(end) || offered.includes(end - (end % 3)), `${start} to ${end}`);
    for (const row of endChoices(start, 144)) assert.equal(row.length, 6);
  }
  assert.deepEqual(endChoices(20, 22).flat().filter((slot) => slot !== null), [21, 22]);
});

test("what was done is undone and done again, also after something came from elsewhere", () => {
  const history = new History(0);
  assert.ok(!history.undo() && !history.redo());
  for (const act of [1, 2, 3]) history.act(act);
  history.undo();
  history.undo();
  assert.equal(history.present, 1);
  history.redo();
  history.rebase((state) => state + 10);
  assert.equal(history.present, 12);
  history.redo();
  assert.equal(history.present, 13);
  history.undo();
  history.act(99);
  assert.ok(!history.canRedo && history.undo() && history.present === 12);
});

test("two devices are brought together without losing a word", () => {
  const base = tell(blank(), span(0, 18), "011");
  const mine = tell(tell(base, span(18, 21), "031"), span(60, 66), "021");
  const theirs = tell(tell(base, span(21, 24), "021"), span(60, 66), "111");
  const { day, conflicts, arrived } = merge(base, mine, theirs);
  assert.deepEqual(runs(day.main).filter(({ value }) => value).map(({ start, end, value }) => [start, end, value]), [[0, 18, "011"], [18, 21, "031"], [21, 24, "021"], [60, 66, "021"]]);
  assert.deepEqual(conflicts, [{ field: "main", start: 60, end: 66, mine: "021", theirs: "111" }]);
  assert.equal(arrived, 3);
  assert.equal(merge(base, clear(base, span(0, 18)), tell(base, span(0, 18), "012")).day.main[0], "012", "a word is not lost to a blank");
});

test("whatever two devices did, every word of either is in the day or among the conflicts", () => {
  const roll = thrown(11);
  for (let round = 0; round < 500; round += 1) {
    const base = anyDay(roll);
    const [mine, theirs] = [anyDay(roll, base), anyDay(roll, base)];
    const { day, conflicts } = merge(base, mine, theirs);
    for (const field of FIELDS) {
      for (let slot = 0; slot < 144; slot += 1) {
        const [was, here, there] = [base, mine, theirs].map((one) => one[field][slot]);
        const kept = day[field][slot];
        const told = conflicts.find((one) => one.field === field && slot >= one.start && slot < one.end);
        const isNew = (word: string | undefined) => word !== was && word !== "";
        if (isNew(here)) assert.ok(kept === here, "what was said here stands");
        if (isNew(there)) assert.ok(kept === there || told?.theirs === there, "what was said there is lost");
      }
    }
    assert.ok(isSame(merge(base, mine, base).day, mine) && isSame(merge(base, base, theirs).day, theirs));
    assert.deepEqual(merge(base, mine, mine).conflicts, []);
    // After the merged day has been sent, bringing the other side together again changes nothing.
    assert.ok(isSame(merge(theirs, day, theirs).day, day));
  }
});

test("places are proposed where they are nearly always so, and never over what was said", () => {
  let day = tell(tell(tell(tell(blank(), span(0, 18), "011"), span(18, 21), "910"), span(21, 60), "111"), span(60, 63), "910");
  assert.deepEqual(propose(day, "location"), [
    { field: "location", value: "11", spans: [span(0, 18)] },
    { field: "location", value: "13", spans: [span(21, 60)] },
  ]);
  day = set(day, "location", span(18, 21), "24");
  assert.deepEqual(propose(day, "location")[0], { field: "location", value: "11", spans: [span(0, 18)] });
  assert.ok(propose(day, "location").some(({ value, spans }) => value === "24" && spans[0]?.start === 60), "the other way as the first one");
  assert.deepEqual(propose(set(day, "location", span(0, 144), "14"), "location"), []);
  assert.deepEqual(propose(day, "enjoyment"), [], "what was felt is never guessed");
  assert.ok(!isAsked("enjoyment", "011") && isAsked("location", "011") && isAsked("device", "021") && !isAsked("main", ""));
});

test("what was said of an activity is offered for its other times, but never what was felt", () => {
  const meals = [span(18, 20), span(54, 57), span(90, 96)];
  const day = meals.reduce((told, meal) => tell(told, meal, "021"), tell(blank(), span(0, 18), "011"));
  const told = set(day, "with_whom", span(18, 20), "24");
  assert.deepEqual(sameElsewhere(told, "with_whom", "021", "24"), { field: "with_whom", value: "24", spans: meals.slice(1) });
  assert.equal(sameElsewhere(set(told, "with_whom", span(54, 57), "1"), "with_whom", "021", "24"), null, "one other time is touched by itself");
  assert.equal(sameElsewhere(set(day, "enjoyment", span(18, 20), "6"), "enjoyment", "021", "6"), null);
  assert.equal(sameElsewhere(told, "with_whom", "011", "24"), null);
});
