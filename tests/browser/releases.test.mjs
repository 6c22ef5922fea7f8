// The release desk in a browser: an analyst defines a release and follows it, an editor approves it, the council reads it before its
// hour. Every page and state, in both languages, on a phone and on a desktop: no finding of axe-core. Set TEMPI_SHOTS to a folder to keep
// a picture of each.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { DESKTOP, launch, PHONE, profile } from "./kit/browser.mjs";
import { Citizen } from "./kit/journey.mjs";
import { LOOKS, observer } from "./kit/observer.mjs";
import { Demonstration } from "./kit/tempi.mjs";

let browser;
let demonstration;
before(async () => ([browser, demonstration] = await Promise.all([launch(), Demonstration.start()])));
after(() => Promise.all([browser?.close(), demonstration?.stop()]));

/** The places of the invented officers in the simulated reader. */
const [ANALYST, EDITOR, COUNCIL] = [8, 9, 10];

const DESK = "/ufficio/rilasci";
const EARLY = "/ufficio/anticipazioni";

/** How long a release of the small city may take, in milliseconds. */
const PATIENCE = 180_000;

/** Sends a form of the page that goes to an address that ends so. */
const send = (page, ending) => page.locator(`main form[action$="${ending}"] button[type=submit]`).last().click();

/** Ticks these boxes of a question and no others. */
async function only(page, name, values) {
  for (const box of await page.locator(`input[name="${name}"]`).all()) {
    await box.setChecked(values.includes(await box.getAttribute("value")), { force: true });
  }
}

/** Fills in a small release and sends it. */
async function define(page, title) {
  await page.fill("#titolo", title);
  await only(page, "linee", ["derived"]);
  await only(page, "misure", ["tempogram"]);
  await only(page, "gruppi", ["employed"]);
  await page.fill("#senza-domande", "");
  await page.fill("#autore", "Ufficio Tempi");
  await page.fill("#contatto", "tempi@comune.example.it");
  await send(page, DESK);
  await page.waitForURL((url) => url.pathname.startsWith(`${DESK}/`) && !url.pathname.endsWith("/nuovo"));
}

/** Waits until a release is no longer at work; the page follows it by itself. */
const ended = (page) => page.locator("#avanzamento:not([data-al-lavoro])").waitFor({ timeout: PATIENCE });

/** In so many minutes, as the fields of an hour take it, in Italy. */
function hour(minutes) {
  const at = new Date(Date.now() + minutes * 60_000);
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Rome", dateStyle: "short", timeStyle: "short" }).format(at);
  return parts.split(" ");
}

for (const { language, screen } of LOOKS) {
  test(`the release desk: ${language}, ${screen.width} px`, async (t) => {
    const { page, look, found } = await observer(t, browser, { language, screen }, "releases");
    const officer = new Citizen(page, demonstration.url, look);
    await officer.signInSimulated(ANALYST);
    await officer.visit("/ufficio", "office of an analyst");
    await officer.visit(DESK, "releases");
    await officer.visit(`${DESK}/nuovo`, "a new release");
    await page.fill("#senza-domande", "orari");
    await send(page, DESK);
    await look(page, "a new release, without a name");
    assert.ok(await page.locator("details[open] code").first().isVisible(), "the names of questions are not shown");
    assert.ok(await page.locator("#errori").isVisible(), "a release without a name is not refused");
    await define(page, `Prova ${language} ${screen.width}`);
    assert.ok(await page.locator("#avanzamento[data-al-lavoro]").isVisible(), "nothing is at work");
    await look(page, "a release at work");
    const release = new URL(page.url()).pathname;
    await ended(page);
    await page.locator('main form[action$="/proponi"]').waitFor();
    await look(page, "a release to be reviewed");
    await officer.visit(`${release}/tabelle`, "tables");
    await officer.visit(`${release}/risposte`, "answers");
    await officer.visit(`${release}/tabelle?misura=time_spent&gruppo=sesso-F`, "tables, narrowed");
    await officer.visit(`${release}/tabelle?misura=nothing`, "tables, none found");
    await officer.visit(`${release}/confronto`, "comparison");
    const folder = language === "it" ? "" : "en/";
    await officer.visit(`${release}/bozza/${folder}`, "draft");
    assert.ok(await page.locator("aside.tempi-edition-notice").isVisible(), "the draft does not say that it is one");
    await officer.visit(`${release}/bozza/${folder}${language === "it" ? "edizione" : "edition"}.html`, "draft, the edition");
    await officer.visit(`${release}/modifica`, "a release to be changed");
    await officer.visit(release, "a release to be submitted");
    await send(page, "/proponi");
    await look(page, "a release submitted");

    await officer.signInSimulated(EDITOR);
    await officer.visit(release, "a release to be approved");
    await page.fill("#data", "2020-01-01");
    await send(page, "/approva");
    await look(page, "an hour that is past");
    await send(page, "/rimanda");
    await look(page, "returned without a reason");
    assert.ok(await page.locator("#errori").isVisible(), "no reason is asked for");
    const [day, time] = hour(600);
    await page.fill("#data", day);
    await page.fill("#ora", time);
    await send(page, "/approva");
    await ended(page);
    await page.locator('main form[action$="/ritira"]').waitFor();
    await look(page, "an edition that waits");

    await officer.signInSimulated(COUNCIL);
    await officer.visit(EARLY, "early access");
    const href = await page.locator(`main a[href^="${EARLY}/"]`).first().getAttribute("href");
    await officer.visit(`${href}${folder}`, "an edition under embargo");
    assert.match(await page.locator("aside.tempi-edition-notice").innerText(), language === "it" ? /Riservato fino a/ : /Under embargo until/);

    await officer.signInSimulated(EDITOR);
    await officer.visit(release, "an edition to be withdrawn");
    await page.fill("#motivo", "Un'etichetta è sbagliata: si rifà domani.");
    await send(page, "/ritira");
    await look(page, "an edition withdrawn");
    await officer.visit(EARLY, "early access, nothing waits");
    assert.deepEqual(found, []);
  });
}

test("the work is followed and cancelled, and known totals come from a file", async (t) => {
  const { page, look, found } = await observer(t, browser, { language: "it", screen: DESKTOP }, "releases-cancel");
  const folder = await mkdtemp(path.join(tmpdir(), "tempi-totals-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, "totali.csv");
  await writeFile(file, "sex,age_group,population\nF,25-44,1000\n");
  const officer = new Citizen(page, demonstration.url, look);
  await officer.signInSimulated(ANALYST);
  await officer.visit(`${DESK}/nuovo`, "a new release");
  await page.locator('input[type="file"]').setInputFiles(file);
  await page.waitForFunction(() => document.querySelector("#margini").value.includes("25-44"));
  assert.ok(await page.locator('input[name="totali"][value="typed"]').isChecked());
  await page.fill("#titolo", "Totali incompleti");
  await send(page, DESK);
  await ended(page);
  await page.locator('[lang="en"]').first().waitFor();
  await look(page, "a release that failed");
  assert.match(await page.locator(".tempi-note [lang=en]").innerText(), /margins/);
  await officer.visit(`${DESK}/nuovo`, "another new release");
  await page.fill("#titolo", "Da fermare");
  await send(page, DESK);
  await send(page, "/annulla");
  await ended(page);
  await look(page, "a release that was cancelled");
  assert.match(await page.locator("main").innerText(), /Annullato/);
  assert.deepEqual(found, []);
});

test("the desk works without scripts", async (t) => {
  const context = await profile(browser, { language: "it", screen: PHONE, javaScript: false });
  t.after(() => context.close());
  const page = await context.newPage();
  const officer = new Citizen(page, demonstration.url, async () => {});
  await officer.signInSimulated(ANALYST);
  await page.goto(`${demonstration.url}${DESK}/nuovo`);
  await define(page, "Senza script");
  const link = page.locator("main a", { hasText: "Aggiorna la pagina" });
  for (let tries = 0; tries < 300 && (await link.count()) > 0; tries += 1) {
    await link.click();
    await page.waitForTimeout(300);
  }
  assert.match(await page.locator("main").innerText(), /Da controllare/);
});
