// A day told in the editor, in a real browser: by touch, by keyboard, without network, on two devices. What arrives in the database is
// compared field by field with the day that was meant.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { DESKTOP, launch, PHONE, profile } from "./kit/browser.mjs";
import { asData, runs, timelines } from "./kit/clock.mjs";
import { controlled } from "./kit/device.mjs";
import { Citizen, DAY } from "./kit/journey.mjs";
import { Demonstration } from "./kit/tempi.mjs";
import { Typist } from "./kit/typist.mjs";
import { openDay, putDay } from "./kit/visit_editor.mjs";

let browser;
let demonstration;
before(async () => ([browser, demonstration] = await Promise.all([launch(["--ignore-certificate-errors"]), Demonstration.start()])));
after(() => Promise.all([browser?.close(), demonstration?.stop()]));

/** A citizen of this number before the editor of a day, the latest weekday being number 0. Each test has a day of its own. */
async function begin(t, number, day = 0, options = {}) {
  const context = await profile(browser, { screen: PHONE, touch: true, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  const { citizen, teller, date } = await openDay(page, demonstration.url, number, day);
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
  const { page, date, teller, faults } = await begin(t, 1, 0, { screen: DESKTOP, touch: false });
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

test("what is being typed stays while something is saved", async (t) => {
  const { page, teller } = await begin(t, 6, 0, { screen: DESKTOP });
  await teller.choose("011");
  await teller.end(18);
  await teller.choose("031");
  await page.locator("#te-time").pressSequentially("07");
  await teller.saved();
  assert.equal(await page.locator("#te-time").inputValue(), "07");
});

test("a day goes on without network, also after leaving the page, and arrives when the network is back", async (t) => {
  const { context, page, date, teller, faults } = await begin(t, 2);
  await controlled(page);
  await teller.ready();
  const day = timelines(DAY);
  const told = runs(day.main);
  const tell = async (from, to) => {
    for (const { end, value } of told.slice(from, to)) {
      await teller.choose(value);
      await teller.end(end);
    }
  };
  await tell(0, 2);
  await teller.saved();
  await context.setOffline(true);
  await tell(2, 4);
  await page.locator('[data-standing="offline"]').waitFor();
  await page.goto(`${demonstration.url}/diario/${date}`);
  await teller.ready();
  assert.equal(await page.locator(".te-question").first().innerText(), "Dalle 08:30 che cosa facevi?", "the page does not resume where it was left");
  await tell(4, told.length);
  await context.setOffline(false);
  await teller.saved();
  assert.deepEqual((await kept(page, date)).day.main, asData(day).main);
  assert.deepEqual(faults, []);
});

test("two devices tell the same day: nothing is lost, and where they differ the person chooses", async (t) => {
  const phone = await begin(t, 3);
  const desk = await begin(t, 3, 0, { screen: DESKTOP });
  assert.equal(phone.date, desk.date);
  await phone.teller.choose("011");
  await phone.teller.end(18);
  await phone.teller.saved();
  // The desk still shows the blank day: it tells the evening, and one thing at the time of the phone's sleep.
  await desk.teller.tap('[data-key="from"]');
  await desk.teller.tap('.te-times [data-slot="96"]');
  await desk.teller.choose("821");
  await desk.teller.end(105);
  await desk.teller.saved();
  await desk.page.locator(".te-arrived").waitFor();
  assert.deepEqual((await kept(desk.page, desk.date)).day.main, [[0, 18, "011"], [96, 105, "821"]]);
  await desk.teller.tap('[data-key="arrived"]');

  // Both say something else of the same hour before either knows of the other.
  await desk.context.setOffline(true);
  for (const [who, code] of [[desk, "031"], [phone, "021"]]) {
    await who.teller.choose(code);
    await who.teller.end(24);
  }
  await phone.teller.saved();
  await desk.context.setOffline(false);
  await desk.page.locator(".te-conflicts").waitFor();
  assert.match(await desk.page.locator(".te-conflict").innerText(), /07:00–08:00: Attività/);
  await desk.teller.tap('[data-side="theirs"]');
  await desk.teller.saved();
  assert.deepEqual((await kept(phone.page, phone.date)).day.main, [[0, 18, "011"], [18, 24, "021"], [96, 105, "821"]]);
  assert.deepEqual([...phone.faults, ...desk.faults], []);
});

test("a session that ends in the middle loses nothing, and nobody else gets the day", async (t) => {
  const { context, page, citizen, date, teller, faults } = await begin(t, 2, 1);
  await teller.choose("011");
  await teller.end(18);
  await teller.saved();
  await context.clearCookies();
  await teller.choose("031");
  await teller.end(21);
  await page.locator('[data-standing="signed-out"]').waitFor();
  assert.ok(await page.locator('[data-key="sign-in"]').isVisible(), "the page does not lead to signing in");
  await teller.choose("021");
  await teller.end(24);

  // Somebody else signs in in another tab: the day is not theirs.
  const other = await context.newPage();
  await new Citizen(other, demonstration.url).signInSimulated(5);
  await other.goto(`${demonstration.url}/consenso`);
  await other.locator('form[action="/consenso"] button[type=submit]').first().click();
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.waitForTimeout(1500);
  assert.equal(await page.locator('[data-standing="signed-out"]').count(), 1);
  assert.deepEqual((await kept(other, date)).day.main, []);

  await context.clearCookies();
  await new Citizen(other, demonstration.url).signInSimulated(2);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await teller.saved();
  assert.deepEqual((await kept(page, date)).day.main, [[0, 18, "011"], [18, 21, "031"], [21, 24, "021"]]);

  // The same, but the page is left: what was not sent comes back from the device.
  await context.clearCookies();
  await teller.choose("910");
  await teller.end(27);
  await page.locator('[data-standing="signed-out"]').waitFor();
  await page.goto("about:blank");
  await citizen.signInSimulated(2);
  await page.goto(`${demonstration.url}/diario/${date}`);
  await teller.ready();
  await teller.saved();
  assert.deepEqual((await kept(page, date)).day.main.at(-1), [24, 27, "910"]);
  assert.deepEqual(faults, []);
});

test("what was told is split, moved by a drag, joined, erased, and every act is undone and done again", async (t) => {
  const { page, date, teller, faults } = await begin(t, 0, 1);
  for (const [code, end] of [["011", 18], ["021", 24], ["111", 54]]) {
    await teller.choose(code);
    await teller.end(end);
  }
  const main = async () => {
    await page.waitForTimeout(100);
    await teller.saved();
    return (await kept(page, date)).day.main;
  };
  const told = [[0, 18, "011"], [18, 24, "021"], [24, 54, "111"]];
  assert.deepEqual(await main(), told);

  // Split, then say what the second part was.
  await teller.tap('[data-key="row-24"]');
  await teller.tap('[data-key="act-split"]');
  await teller.tap('.te-times [data-slot="36"]');
  assert.match(await page.locator("#te-question").innerText(), /Dalle 10:00 alle 13:00/);
  await teller.choose("361");
  assert.deepEqual(await main(), [[0, 18, "011"], [18, 24, "021"], [24, 36, "111"], [36, 54, "361"]]);

  // A finger drags the boundary at 10:00 an hour down.
  const grip = page.locator('[data-key="grip-36"]');
  await grip.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await grip.boundingBox();
  const touch = await page.context().newCDPSession(page);
  const finger = (type, dy) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x: x + width / 2, y: y + height / 2 + dy }] });
  await finger("touchStart", 0);
  for (let dy = 12; dy <= 84; dy += 12) await finger("touchMove", dy);
  await finger("touchEnd", 84);
  assert.deepEqual(await main(), [[0, 18, "011"], [18, 24, "021"], [24, 42, "111"], [42, 54, "361"]]);

  // Longer and shorter by asking for a time.
  await teller.tap('[data-key="row-18"]');
  await teller.tap('[data-key="act-end"]');
  await teller.tap('.te-times [data-slot="27"]');
  await teller.tap('[data-key="row-42"]');
  await teller.tap('[data-key="act-join-before"]');
  assert.deepEqual(await main(), [[0, 18, "011"], [18, 27, "021"], [27, 54, "111"]]);
  await teller.tap('[data-key="row-18"]');
  await teller.tap('[data-key="act-erase"]');
  assert.deepEqual(await main(), [[0, 18, "011"], [27, 54, "111"]]);

  const states = [];
  while ((await page.locator('[data-key="undo"]').getAttribute("aria-disabled")) === "false") {
    states.push(await main());
    await teller.tap('[data-key="undo"]');
  }
  assert.deepEqual(await main(), []);
  assert.equal(states.length, 8, "an act cannot be undone by itself");
  assert.deepEqual(states.at(-3), told);
  for (const state of states.reverse()) {
    await teller.tap('[data-key="redo"]');
    assert.deepEqual(await main(), state);
  }
  assert.deepEqual(faults, []);
});

test("what is asked about the day is counted above it, reached by keyboard, and counted no more once it is answered", async (t) => {
  const { page, date, teller, faults } = await begin(t, 5, 0, { screen: DESKTOP, touch: false });
  const address = `${demonstration.url}/diario/${date}`;
  const asked = page.locator(".te-asked");
  assert.equal(await asked.count(), 0, "something is asked about a blank day");
  // Half a day is asked about what was told, and not about what is still to come.
  const half = timelines(DAY.slice(0, 7));
  await putDay(page, address, half);
  await page.reload();
  await teller.ready();
  const n = async () => (await kept(page, date)).questions.filter(({ blocking, from, to }) => !blocking && to - from < 144).length;
  const nOfHalf = await n();
  assert.ok(nOfHalf > 0, "nothing is asked about going to lunch without a way");
  assert.equal((await asked.innerText()).trim().split(/\s/)[0], String(nOfHalf));
  assert.equal((await asked.locator("use").getAttribute("href")).split("#")[1], "it-help-circle");

  // The whole day, as the server counts it after the editor saved it.
  await putDay(page, address, timelines(DAY));
  await page.reload();
  await teller.ready();
  const all = (await kept(page, date)).questions.filter(({ blocking }) => !blocking);
  assert.equal((await asked.innerText()).trim().split(/\s/)[0], String(all.length));
  const name = await asked.evaluate((link) => link.innerText + (link.querySelector(".visually-hidden")?.textContent ?? ""));
  assert.match(name, /domand/, "whoever listens hears a number and nothing else");

  const isThere = () => page.evaluate(() => document.activeElement?.matches(".te-asked") ?? false);
  await page.evaluate(() => document.querySelector("#editor h1")?.focus());
  for (let presses = 0; !(await isThere()) && presses < 60; presses += 1) await page.keyboard.press("Tab");
  assert.ok(await isThere(), "the keyboard does not come to what is asked");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${address}/revisione#domande`);
  for (let left = all.length; left > 0; left -= 1) {
    assert.equal(await page.locator('button[name="domanda"]').count(), left);
    await page.locator('button[name="domanda"]').first().focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction((before) => document.querySelectorAll('button[name="domanda"]').length < before, left);
  }
  await page.goto(address);
  await teller.ready();
  assert.equal(await asked.count(), 0, "what was answered is still asked");
  assert.deepEqual(faults, []);
});

test("a day handed in from one device cannot be changed on the other, which says so", async (t) => {
  const phone = await begin(t, 4);
  const desk = await begin(t, 4, 0, { screen: DESKTOP, touch: false });
  await phone.teller.tellMain(timelines(DAY).main);
  await phone.teller.saved();
  await phone.citizen.handIn(phone.date);
  await desk.page.locator('[data-code="011"]').click();
  await desk.page.locator('.te-times [data-slot="12"]').click();
  await desk.page.locator('[data-standing="submitted"]').waitFor();
  assert.ok(await desk.page.locator('[data-key="told"]').isVisible());
  assert.equal((await kept(phone.page, phone.date)).day.main.length, 12);
});

test("today is told as it goes: one touch ends what went on and begins what goes on", async (t) => {
  const { page, teller, faults } = await begin(t, 1, 1);
  await page.goto(`${demonstration.url}/diario`);
  await page.locator('main section:last-of-type a[href^="/diario/2"]').click();
  const today = new URL(page.url()).pathname.split("/").pop();
  await teller.ready();
  const { until, running } = await kept(page, today);
  assert.ok(running && until > 0 && until <= 144);
  // What is offered depends on the hour.
  const offered = () => page.locator('[data-now]').evaluateAll((all) => all.map(({ dataset }) => dataset.now).find((code) => code !== "111"));
  const first = await offered();
  await teller.tap(`[data-now="${first}"]`);
  await teller.saved();
  assert.deepEqual((await kept(page, today)).day.main, [[until - 1, until, first]]);
  if (until > 13) {
    // What went on since an earlier time ends now.
    await teller.tap('[data-key="undo"]');
    await teller.choose("111");
    await teller.end(12);
    const next = await offered();
    await teller.tap(`[data-now="${next}"]`);
    await teller.saved();
    const { day, until: later } = await kept(page, today);
    assert.deepEqual(day.main, [[0, later - 1, "111"], [later - 1, later, next]]);
  }
  await page.goto(`${demonstration.url}/diario/${today}/revisione`);
  assert.equal(await page.locator(`form[action="/diario/${today}/consegna"]`).count(), 0, "a day can be handed in before it is over");
  assert.deepEqual(faults, []);
});
