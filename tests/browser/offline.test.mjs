// The diary on a device: installable, open without network, and with nothing of a person where another could find it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { findings } from "./kit/accessibility.mjs";
import { launch, PHONE, profile } from "./kit/browser.mjs";
import { timelines } from "./kit/clock.mjs";
import { cached, controlled, stored, withKeep } from "./kit/device.mjs";
import { Citizen, DAY } from "./kit/journey.mjs";
import { Teller } from "./kit/teller.mjs";
import { Demonstration } from "./kit/tempi.mjs";

let browser;
let demonstration;
// Browsers take no service worker from a server whose certificate they do not know; those of the test are made for it.
before(async () => ([browser, demonstration] = await Promise.all([launch(["--ignore-certificate-errors"]), Demonstration.start()])));
after(() => Promise.all([browser?.close(), demonstration?.stop()]));

/** The secret of the first person, as an editor would keep it. */
const SECRET = "una cosa soltanto mia";

/** A person before the page of a day, with a service worker. */
async function onADay(t, number, { language = "it" } = {}) {
  const context = await profile(browser, { screen: PHONE, language });
  t.after(() => context.close());
  const page = await context.newPage();
  const citizen = new Citizen(page, demonstration.url);
  await citizen.signInSimulated(number);
  await agree(page);
  const date = await citizen.chooseDay();
  await controlled(page);
  return { context, page, citizen, date };
}

/** Agrees to take part, unless the person already did. */
async function agree(page) {
  await page.goto(`${demonstration.url}/diario`);
  if (new URL(page.url()).pathname === "/consenso") await page.locator('form[action="/consenso"] button[type=submit]').first().click();
}

const kept = (date) => ({ date, version: 1, base: {}, mine: { note: SECRET }, place: "0", savedAt: Date.now() });
const save = (page, date) => withKeep(page, "(keep, day) => keep.save(day)", kept(date));

test("the site can be installed", async (t) => {
  const { context, page } = await onADay(t, 0);
  const address = await page.locator('link[rel="manifest"]').getAttribute("href");
  const manifest = await (await page.request.get(demonstration.url + address)).json();
  assert.deepEqual([manifest.lang, manifest.start_url, manifest.display], ["it", "/diario", "standalone"]);
  assert.match(manifest.name, /^Tempi · /);
  for (const { src, sizes } of manifest.icons) {
    const icon = await page.request.get(demonstration.url + src);
    assert.equal(icon.headers()["content-type"], "image/png");
    const picture = await icon.body();
    // Width and height stand in the first chunk of a PNG.
    assert.equal(`${picture.readUInt32BE(16)}x${picture.readUInt32BE(20)}`, sizes);
  }
  const session = await context.newCDPSession(page);
  const { errors } = await session.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // Every profile of a test is a private one.
  const others = installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito");
  assert.deepEqual(others, []);
  const worker = await page.request.get(`${demonstration.url}/sw.js`);
  assert.equal(worker.headers()["cache-control"], "no-cache");
  const scope = await page.evaluate(async () => (await navigator.serviceWorker.getRegistration("/diario")).scope);
  assert.equal(scope, `${demonstration.url}/diario`);
  const elsewhere = await page.evaluate(async () => (await navigator.serviceWorker.getRegistration("/area-personale")) === undefined);
  assert.ok(elsewhere, "the service worker answers for pages that are none of the diary");
});

for (const language of ["it", "en"]) {
  test(`nothing personal is cached, and a day opens without network: ${language}`, async (t) => {
    const { context, page, citizen, date } = await onADay(t, 1, { language });
    await page.locator('[data-code="011"]').click();
    await page.locator('.te-times [data-slot="18"]').click();
    await page.locator('[data-standing="saved"]').waitFor();
    await citizen.visit(`/diario/${date}/revisione`, "review");
    await citizen.visit("/area-personale", "personal area");
    await citizen.visit(`/diario/${date}`, "the day");
    await save(page, date);

    const found = await cached(page);
    const addresses = found.map(({ address }) => address);
    const shell = `/diario/senza-rete?lingua=${language}`;
    assert.ok(addresses.length > 5 && addresses.includes(shell), addresses.join(" "));
    assert.deepEqual(addresses.filter((address) => !address.startsWith("/static/") && address !== shell), []);
    const stranger = await profile(browser);
    t.after(() => stranger.close());
    const strangers = await stranger.newPage();
    await strangers.goto(demonstration.url);
    for (const { address, text } of found) {
      const theirs = await strangers.evaluate(async (address) => (await fetch(address)).text(), address);
      assert.ok(text === theirs, `${address} is not what a stranger gets`);
    }
    assert.ok(!(await stored(page)).some((row) => row.includes(SECRET)), "the day lies open in the database");

    await context.setOffline(true);
    await page.goto(`${demonstration.url}/diario/${date}`);
    assert.equal(await page.locator("#senza-rete").count(), 1, await page.locator("h1").first().innerText());
    await page.locator(`#dispositivo-giornate a[href="/diario/${date}"]`).waitFor();
    assert.deepEqual(await findings(page), []);
    assert.equal((await withKeep(page, "(keep, date) => keep.load(date)", date)).mine.note, SECRET);
    await page.goto(`${demonstration.url}/diario`);
    await page.locator(`#dispositivo-giornate a[href="/diario/${date}"]`).waitFor();
    await assert.rejects(page.goto(`${demonstration.url}/diario/${date}/revisione`), "a page with answers opened without network");
    await context.setOffline(false);
    await page.goto(`${demonstration.url}/diario/${date}`);
    assert.equal(await page.locator("#senza-rete").count(), 0);
  });
}

test("signing out warns of what has not arrived, and clears the device", async (t) => {
  const { page, date } = await onADay(t, 2);
  await save(page, date);
  await page.goto(`${demonstration.url}/area-personale`);
  await page.locator('form[action="/esci"] button').click();
  await page.waitForURL(`${demonstration.url}/diario/in-attesa`);
  await page.locator(`#dispositivo-giornate a[href="/diario/${date}"]`).waitFor();
  assert.deepEqual(await findings(page), []);
  await page.locator("form[data-lascia] button").click();
  await page.waitForURL(`${demonstration.url}/`);
  await assertCleared(page);
});

test("signing out asks nothing when everything has arrived, and clears the device", async (t) => {
  const { page, date } = await onADay(t, 2);
  await save(page, date);
  await withKeep(page, "(keep, date) => keep.synced(date)", date);
  assert.equal((await withKeep(page, "(keep, date) => keep.load(date)", date)).mine.note, SECRET);
  await page.locator('form[action="/esci"] button').click();
  await page.waitForURL(`${demonstration.url}/`);
  await assertCleared(page);
});

test("a device that is not one's own keeps nothing that has arrived", async (t) => {
  const { page, date } = await onADay(t, 2);
  await save(page, date);
  await page.locator('label[for="dispositivo-altrui"]').click();
  await page.waitForFunction(() => document.getElementById("dispositivo-altrui").checked);
  assert.ok(await withKeep(page, "(keep, date) => keep.load(date)", date), "what has not arrived is lost");
  await withKeep(page, "(keep, date) => keep.synced(date)", date);
  assert.equal(await withKeep(page, "(keep, date) => keep.load(date)", date), null);
});

test("a day that was handed in is not kept, unless something of it never arrived", async (t) => {
  const { page, citizen, date } = await onADay(t, 2);
  const teller = new Teller(page, { touch: false });
  await teller.tellMain(timelines(DAY).main);
  await teller.saved();
  await save(page, date);
  await citizen.handIn(date);
  await page.locator("[data-consegnata]").waitFor();
  assert.ok(await withKeep(page, "(keep, date) => keep.load(date)", date), "what never arrived is lost without a word");
  await withKeep(page, "(keep, date) => keep.synced(date)", date);
  await page.reload();
  await page.waitForFunction(() => document.querySelector("[data-consegnata]")?.hidden);
  await waitUntil(async () => (await withKeep(page, "(keep, date) => keep.load(date)", date)) === null);
});

test("another person at the same browser sees nothing of the first", async (t) => {
  const { context, page, citizen, date } = await onADay(t, 0);
  await save(page, date);
  // The first person's session ends without signing out.
  await context.clearCookies();
  await citizen.signInSimulated(3);
  await agree(page);
  await citizen.chooseDay();
  await page.locator("#dispositivo-mio").waitFor();
  assert.deepEqual(await withKeep(page, "(keep) => keep.dates()"), []);
  assert.equal(await withKeep(page, "(keep, date) => keep.load(date)", date), null);
  const rows = await stored(page);
  assert.ok(rows.some((row) => row.startsWith("days")), "the first person's day should wait for them");
  assert.ok(!rows.some((row) => row.includes(SECRET)), "the first person's day lies open");
  await context.setOffline(true);
  await page.goto(`${demonstration.url}/diario`);
  await page.locator("#dispositivo-vuoto").waitFor();
  await context.setOffline(false);

  await context.clearCookies();
  await citizen.signInSimulated(0);
  await page.goto(`${demonstration.url}/diario/${date}`);
  await page.locator("#dispositivo-mio").waitFor();
  assert.equal((await withKeep(page, "(keep, date) => keep.load(date)", date)).mine.note, SECRET);
});

/** Waits until `holds`, at most five seconds. */
async function waitUntil(holds) {
  for (let n = 0; !(await holds()); n += 1) {
    assert.ok(n < 50, `it never came true: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function assertCleared(page) {
  assert.deepEqual(await cached(page), []);
  assert.deepEqual(await stored(page), []);
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
}
