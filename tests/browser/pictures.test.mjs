// The main pages as the documentation shows them, on a phone and on a desktop, each without a finding of axe-core. Set TEMPI_SHOTS to a
// folder to keep a picture of each in both sizes, TEMPI_PICTURES=1 to make the pictures of the documentation anew.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";

import { findings } from "./kit/accessibility.mjs";
import { DESKTOP, launch, PHONE, profile } from "./kit/browser.mjs";
import { timelines } from "./kit/clock.mjs";
import { ANSWERS, Citizen, DAY } from "./kit/journey.mjs";
import { isKept, shareThatDiffers } from "./kit/picture.mjs";
import { Demonstration } from "./kit/tempi.mjs";
import { putDay } from "./kit/visit_editor.mjs";

let browser;
let demonstration;
before(async () => ([browser, demonstration] = await Promise.all([launch(["--ignore-certificate-errors", "--lang=it"]), Demonstration.start()])));
after(() => Promise.all([browser?.close(), demonstration?.stop()]));

/** The place of the invented operator in the simulated reader. */
const OPERATOR = 7;

/** Hours of work that are the same on every weekday. */
const HOURS = Object.fromEntries(
  ["monday", "tuesday", "wednesday", "thursday", "friday"].flatMap((day) =>
    Object.entries({ start_1: "08:30", end_1: "13:00", start_2: "14:00", end_2: "18:30" }).map(([column, time]) => [`work_hours.${day}.${column}`, time]),
  ),
);

/** A page on both screens: pictures by width, what is wrong into `found`. `anchor` is what lies at the upper edge. */
async function shoot(page, found, name, anchor) {
  const shots = {};
  for (const screen of [DESKTOP, PHONE]) {
    await page.setViewportSize(screen);
    if (anchor) await page.locator(anchor).first().evaluate((element) => element.scrollIntoView({ block: "start", behavior: "instant" }));
    for (const line of await findings(page)) found.push(`${name}, ${screen.width} px: ${line}`);
    shots[screen.width] = await page.screenshot({ animations: "disabled" });
    if (!process.env.TEMPI_SHOTS) continue;
    await mkdir(process.env.TEMPI_SHOTS, { recursive: true });
    await writeFile(path.join(process.env.TEMPI_SHOTS, `page-${name}-${screen.width}.png`), shots[screen.width]);
  }
  return shots;
}

test("two pages are told apart, and a date is not", async (t) => {
  const page = await browser.newPage({ viewport: PHONE });
  t.after(() => page.close());
  const shown = async (text) => {
    await page.setContent(`<h1>Chi vive con te</h1><p>${text}</p><div style="height:200px;background:#06c"></div>`);
    return (await page.screenshot()).toString("base64");
  };
  const one = await shown("mercoledì 18 novembre");
  const differs = async (other) => page.evaluate(shareThatDiffers, [one, other, 24]);
  assert.ok((await differs(await shown("venerdì 27 novembre"))) < 0.02);
  await page.setContent("<h1>Chi vive con te</h1>");
  assert.ok((await differs((await page.screenshot()).toString("base64"))) > 0.2, "what is missing is not noticed");
});

test("the pages of those who take part look as the documentation shows them", async (t) => {
  const context = await profile(browser);
  t.after(() => context.close());
  const page = await context.newPage();
  const [found, shots] = [[], {}];
  const keep = async (name, anchor) => (shots[name] = await shoot(page, found, name, anchor));
  const citizen = new Citizen(page, demonstration.url);
  await citizen.signInSimulated(0);
  await page.goto(`${demonstration.url}/consenso`);
  await page.locator('form[action="/consenso"] button[type=submit]').first().click();
  await page.goto(`${demonstration.url}/famiglia`);
  await keep("household");

  const filled = { famiglia: ["ciascuno", "roster"], settimana: ["orari", "week"], "tempi-della-citta": ["orari", "needs"] };
  for (const [questionnaire, [section, name]] of Object.entries(filled)) {
    citizen.filled = async (address) => {
      if (address.endsWith(`/${section}`)) await keep(name, "main h1");
    };
    await citizen.answer(questionnaire, { ...ANSWERS[questionnaire], ...(questionnaire === "settimana" ? HOURS : {}) });
  }

  await page.goto(`${demonstration.url}/diario`);
  const days = await page.locator('main a[href^="/diario/2"]').evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  const [copied, told] = days;
  await page.goto(`${demonstration.url}${copied}/copia?da=settimana`);
  assert.equal(await page.locator(`form[action="${copied}/copia"]`).count(), 1, "the usual week cannot be copied");
  await keep("usual-week", "main h1");
  await page.locator(`form[action="${copied}/copia"] button`).click();
  await page.locator("#editor:not([hidden])").waitFor();
  await keep("copied", "main");

  await putDay(page, demonstration.url + told, timelines(DAY));
  await page.goto(demonstration.url + told);
  await page.locator(".te-asked").waitFor();
  await keep("asked", "main");
  await page.goto(`${demonstration.url}${told}/revisione`);
  await keep("review", "main h1");

  assert.deepEqual(found, []);
  for (const [name, pages] of [["questionnaires", ["household", "roster", "week", "needs"]], ["day", ["usual-week", "copied", "asked", "review"]]]) {
    await isKept(browser, name, pages.map((page) => shots[page][PHONE.width]), PHONE);
  }
});

test("the pages of assistance look as the documentation shows them", async (t) => {
  const context = await profile(browser, { screen: DESKTOP });
  t.after(() => context.close());
  const page = await context.newPage();
  const found = [];
  await new Citizen(page, demonstration.url).signInSimulated(OPERATOR);
  await page.goto(`${demonstration.url}/ufficio/assistenza`);
  await page.locator('form[action="/ufficio/assistenza/sportello"] button').click();
  const code = (await page.locator(".tempi-code").innerText()).trim();
  await shoot(page, found, "counter-code");

  // The person signs in at the counter with their own card, and types the operator's code.
  const counter = await profile(browser, { screen: DESKTOP });
  t.after(() => counter.close());
  const helped = await counter.newPage();
  await new Citizen(helped, demonstration.url).signInSimulated(1);
  await helped.goto(`${demonstration.url}/area-personale/assistenza`);
  await helped.fill("#codice", code);
  await helped.keyboard.press("Enter");
  await helped.waitForURL((address) => address.pathname === "/area-personale");
  const { [DESKTOP.width]: shown } = await shoot(helped, found, "counter");
  assert.deepEqual(found, []);
  await isKept(browser, "counter", [shown], DESKTOP);
});
