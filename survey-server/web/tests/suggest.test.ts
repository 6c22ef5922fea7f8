// Proposals help and never decide: they answer what they would write, and change nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { clock, favourites, hints, proposeGaps, proposeTravel, suggest, usualAt, type Episode } from "../scripts/suggest";

/// An episode from and to a time on the clock.
function episode(from: string, to: string, main: string | null, location: string | null = "11"): Episode {
  return { start: slot(from), end: slot(to) || 144, main, location };
}

function slot(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return ((hours + 20) % 24) * 6 + minutes / 10;
}

const DAY: Episode[] = [
  episode("04:00", "07:00", "011"),
  episode("07:00", "07:30", "021"),
  episode("07:30", "08:30", null, null),
  episode("08:30", "13:00", "111", "13"),
  episode("13:00", "13:30", "021", "15"),
  episode("13:30", "17:30", "111", "13"),
  episode("17:30", "18:00", "910", "24"),
  episode("18:00", "19:00", "361", "16"),
  episode("19:00", "22:00", "511"),
  episode("22:00", "04:00", null, null),
];

test("a trip is proposed between two places and not where there was one", () => {
  const before = structuredClone(DAY);
  const trips = proposeTravel(DAY).map(({ key, start, end, codes }) => [key, clock(start), clock(end), codes[0]]);
  assert.deepEqual(trips, [
    ["proposal-travel", "07:30", "08:30", "910"],
    ["proposal-travel", "12:50", "13:00", "950"],
    ["proposal-travel", "13:30", "13:40", "910"],
    ["proposal-travel-home", "19:00", "19:10", "936"],
  ]);
  assert.deepEqual(DAY, before, "a proposal changed the day");
});

test("no trip is proposed where places are not known, nor from an episode of ten minutes to another", () => {
  assert.deepEqual(proposeTravel([episode("08:00", "09:00", "021", null), episode("09:00", "10:00", "111", "13")]), []);
  assert.deepEqual(proposeTravel([episode("08:00", "08:10", "021"), episode("08:10", "08:20", "111", "13")]), []);
  assert.deepEqual(proposeTravel([episode("08:00", "09:00", "021"), episode("12:00", "13:00", "111", "13")]), [], "four hours are no trip");
});

test("a gap is proposed with what may fill it", () => {
  const [morning, night, ...others] = proposeGaps(DAY);
  assert.deepEqual(others, []);
  assert.equal(morning?.key, "proposal-gap");
  assert.ok(morning?.codes.includes("910"), "many go to work at half past seven");
  assert.equal(night?.key, "proposal-gap");
  const asleep = [episode("04:00", "06:00", null, null), episode("06:00", "07:00", "011"), episode("07:00", "04:00", "531")];
  assert.deepEqual([proposeGaps(asleep)[0]?.key, proposeGaps(asleep)[0]?.codes[0]], ["proposal-gap-sleep", "011"]);
  const atWork = [episode("09:00", "10:00", "111", "13"), episode("10:00", "11:00", null, null), episode("11:00", "12:00", "111", "13")];
  assert.deepEqual([proposeGaps(atWork)[0]?.key, proposeGaps(atWork)[0]?.codes[0]], ["proposal-gap-continue", "111"]);
  assert.equal(proposeGaps([episode("04:00", "04:00", null, null)])[0]?.key, "proposal-gap", "nothing is known of an empty day");
});

test("tiles follow one's own days, then what was chosen lately, then what is common at that time", () => {
  const seven = suggest([], slot("07:00"), [], "011");
  assert.deepEqual(seven.slice(0, 4).sort(), ["021", "031", "111", "910"], "after sleeping, at seven");
  assert.equal(seven.includes("011") && seven.at(-1) !== "011", false, "what was just told comes last");
  assert.equal(suggest(DAY, slot("18:00"), ["614"])[0], "910", "the person's own day");
  assert.ok(suggest([], slot("18:00"), ["614"]).indexOf("614") === 0);
  assert.ok(suggest([], slot("21:00"), []).includes("821"));
  for (let time = 0; time < 144; time += 1) assert.ok(usualAt(time).length >= 12, clock(time));
  assert.deepEqual(favourites([DAY, [episode("04:00", "08:00", "011")]])[0], "011");
});

test("hints say what was before, after, and then on another day", () => {
  const told = hints(DAY, slot("08:00"), [episode("07:40", "08:10", "384", "24")]);
  assert.deepEqual(
    told.map(({ key, start, code }) => [key, start, code]),
    [
      ["hint-before", "07:00", "021"],
      ["hint-after", "08:30", "111"],
      ["hint-other-day", "07:40", "384"],
    ],
  );
  assert.deepEqual(hints([], 0), []);
});
