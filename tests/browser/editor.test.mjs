// A day told in the editor, in a real browser: by touch, by keyboard, without network, on two devices. What arrives in the database is
// compared field by field with the day that was meant.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { DESKTOP, launch, PHONE, profile } from "./kit/browser.mjs";
import { asData, timelines } from "./kit/clock.mjs";
import { ANSWERS, Citizen, DAY } from "./kit/journey.mjs";
import { Demonstration } from "./kit/tempi.mjs";
import { Teller } from "./kit/teller.mjs";
import { Typist } from "./kit/typist.mjs";

let browser;
let demonstration;
before(async () => ([browser, demonstration] = await Promise.all([launch(["--ignore-certificate-errors"]), Demonstration.start()])));
after(() => Promise.all([browser?.close(), demonstration?.stop()]));

/** A citizen of this number before the editor of the latest weekday. */
async function begin(t, number, options = {}) {
  const context = await profile(browser, { screen: PHONE, touch: true, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  const citizen = new Citizen(page, demonstration.url);
  await citizen.signInSimulated(number);
  await page.goto(`${demonstration.url}/diario`);
  if (new URL(page.url()).pathname === "/consenso") await page.locator('form[action="/consenso"] button[type=submit]').first().click();
  const date = await citizen.chooseDay();
  const teller = new Teller(page);
  await teller.ready();
  return { context, page, citizen, date, teller, faults };
}

/** The day as the server has it. */
async function kept(page, date) {
  const answer = await page.request.get(`${demonstration.url}/diario/${date}/dati`);
  assert.equal(answer.status(), 200);
  return answer.json();
}

test("a whole day told by touch on a phone is in the database as it was meant", async (t) => {
  const { page, date, teller, faults } = await begin(t, 0);
  const day = timelines(DAY);
  await teller.tell(day);
  await teller.saved();
  assert.deepEqual((await kept(page, date)).day, asData(day));
  assert.deepEqual(faults, []);
  console.log(`acts: ${teller.acts}, scrolls: ${teller.scrolls}, by field ${JSON.stringify(teller.byField)}`);
});

test("a whole day told with nothing but a keyboard, each act seen and spoken", async (t) => {
  const { page, date, teller, faults } = await begin(t, 1, { screen: DESKTOP, touch: false });
  const day = timelines(DAY);
  const typist = new Typist(page);
  await typist.tell(day);
  await teller.saved();
  assert.deepEqual((await kept(page, date)).day, asData(day));
  assert.ok(typist.spoken.length > 30 && typist.spoken.every((text) => text.trim() !== ""), "an act was not spoken");
  assert.match(typist.spoken[0], /Dormire, dalle 04:00 alle 07:00\. Mancano 21 h/);
  assert.deepEqual(faults, []);
  console.log(`keys: ${typist.keys}, by field ${JSON.stringify(typist.byField)}`);
});
