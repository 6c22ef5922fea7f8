// How many acts a day costs in the editor, counted on real days by somebody who takes the shortest way that the page offers. A touch is an act;
// so that nothing is hidden, what had first to be scrolled into view is counted beside.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, PHONE, profile } from "./kit/browser.mjs";
import { asData, runs } from "./kit/clock.mjs";
import { areHere, realDays } from "./kit/real_days.mjs";
import { Demonstration } from "./kit/tempi.mjs";
import { openDay } from "./kit/visit_editor.mjs";

/** Touches at most, for the main field and for all six. */
const MOST_FOR_MAIN = 60;
const MOST_FOR_ALL = 110;

/** Days, and the episodes of the main activity that each of them has: as well-filled diaries have. */
const [N_DAYS, N_EPISODES] = [10, 20];

let browser;
let demonstration;
before(async () => areHere && ([browser, demonstration] = await Promise.all([launch(), Demonstration.start()])));
after(() => Promise.all([browser?.close(), demonstration?.stop()]));

test("ten real days cost few touches", async (t) => {
  if (!areHere) {
    // Counted by `tests/run.sh`.
    console.log("skipped: reference data not found");
    return;
  }
  const days = await realDays(N_DAYS, N_EPISODES, N_EPISODES);
  const sums = { episodes: 0, main: 0, all: 0, scrolls: 0 };
  for (const [number, day] of days.entries()) {
    const { n, teller } = await told(t, number, day);
    const { main } = teller.byField;
    assert.equal(n, N_EPISODES);
    console.log(`day ${number + 1}: ${n} episodes, ${main} acts for the main activity, ${teller.acts} for all six fields (${(teller.acts / n).toFixed(2)} per episode), ${teller.scrolls} scrolls, ${JSON.stringify(teller.byField)}`);
    assert.ok(main <= MOST_FOR_MAIN, `${main} acts for the main activity of ${n} episodes`);
    assert.ok(teller.acts <= MOST_FOR_ALL, `${teller.acts} acts for ${n} episodes`);
    for (const [name, value] of Object.entries({ episodes: n, main, all: teller.acts, scrolls: teller.scrolls })) sums[name] += value;
  }
  const per = (name) => (sums[name] / sums.episodes).toFixed(2);
  console.log(`all days: ${sums.episodes} episodes, per episode ${per("main")} acts for the main activity, ${per("all")} for all six fields, ${per("scrolls")} scrolls`);
});

/** Tells a day, each on a blank day of somebody's, and holds that it arrived as it was meant. */
async function told(t, number, day) {
  const context = await profile(browser, { screen: PHONE, touch: true });
  t.after(() => context.close());
  const page = await context.newPage();
  // Five weekdays of each person.
  const { teller, date } = await openDay(page, demonstration.url, Math.floor(number / 5), number % 5);
  await teller.tell(day);
  await teller.saved();
  const kept = await (await page.request.get(`${demonstration.url}/diario/${date}/dati`)).json();
  assert.deepEqual(kept.day, asData(day));
  await context.close();
  return { n: runs(day.main).length, teller };
}
