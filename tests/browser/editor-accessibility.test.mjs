// The editor of a day in every state, in both languages, on a phone and on a desktop: no finding of axe-core, nothing wider than the screen,
// targets for thumbs; also at 320 px and with text of twice the size. Set TEMPI_SHOTS to a folder to keep a picture of each.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";

import { findings } from "./kit/accessibility.mjs";
import { DESKTOP, launch, PHONE, profile } from "./kit/browser.mjs";
import { slotOf, timelines } from "./kit/clock.mjs";
import { DAY } from "./kit/journey.mjs";
import { Demonstration } from "./kit/tempi.mjs";
import { openDay } from "./kit/visit_editor.mjs";

let browser;
let demonstration;
before(async () => ([browser, demonstration] = await Promise.all([launch(["--ignore-certificate-errors"]), Demonstration.start()])));
after(() => Promise.all([browser?.close(), demonstration?.stop()]));

/** The narrowest screen of WCAG 2.1, 1.4.10. */
const NARROW = { width: 320, height: 640 };

/** The least side of a target, in pixels. */
const TARGET = 44;

const LOOKS = [
  { language: "it", screen: PHONE, touch: true },
  { language: "en", screen: DESKTOP, touch: true },
  { language: "en", screen: PHONE, touch: true },
  { language: "it", screen: DESKTOP, touch: true },
];

/** Buttons and fields of the editor that are smaller than a thumb. */
function small(page) {
  return page.evaluate((least) => {
    const all = [...document.querySelectorAll("#editor :is(button, a, input, summary)")];
    const sides = all.filter((element) => element.checkVisibility()).map((element) => ({ element, box: element.getBoundingClientRect() }));
    const isSmall = ({ box }) => box.height < least - 0.5 || box.width < least - 0.5;
    return sides.filter(isSmall).map(({ element, box }) => `target: ${element.dataset.key ?? element.id} is ${Math.round(box.width)} x ${Math.round(box.height)}`);
  }, TARGET);
}

/** What is pressed stands out: 4.5 to 1 between text and ground, which axe-core cannot judge where something lies over something. */
function faint(page) {
  return page.evaluate(() => {
    const light = (color) => {
      const [r, g, b] = color.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const pressed = [...document.querySelectorAll('#editor :is(.te-chip, .te-time)[aria-pressed="true"]')];
    return pressed.flatMap((element) => {
      const { color, backgroundColor } = getComputedStyle(element);
      const [dark, bright] = [light(color), light(backgroundColor)].sort((one, other) => one - other);
      const ratio = (bright + 0.05) / (dark + 0.05);
      return ratio < 4.5 ? [`contrast: ${element.dataset.key} has ${ratio.toFixed(1)}`] : [];
    });
  });
}

function looker(page, found, folder) {
  return async (state) => {
    for (const line of await findings(page)) found.push(`${state}: ${line}`);
    for (const line of [...(await small(page)), ...(await faint(page))]) found.push(`${state}: ${line}`);
    if (!process.env.TEMPI_SHOTS) return;
    const place = path.join(process.env.TEMPI_SHOTS, folder);
    await mkdir(place, { recursive: true });
    await page.screenshot({ path: path.join(place, `${state.replace(/[^a-z0-9]+/gi, "-")}.png`) });
  };
}

for (const [number, { language, screen, touch }] of LOOKS.entries()) {
  test(`every state of the editor: ${language}, ${screen.width} px`, async (t) => {
    const context = await profile(browser, { language, screen, touch });
    t.after(() => context.close());
    const page = await context.newPage();
    const found = [];
    const look = looker(page, found, `editor-${language}-${screen.width}`);
    const { teller, date } = await openDay(page, demonstration.url, number);
    const day = timelines(DAY);
    await look("blank");
    await teller.tap('[data-group="3"]');
    await look("group");
    await teller.tap('[data-key="back"]');
    await page.fill("#te-search", language === "it" ? "autobus" : "bus");
    await look("search");
    await page.fill("#te-search", "xqzw");
    await look("search without result");
    await page.fill("#te-search", "");
    await teller.tap('[data-key="from"]');
    await look("from when");
    await teller.tap('[data-key="back"]');
    await teller.choose("011");
    await look("until when");
    await page.fill("#te-time", "99");
    await page.press("#te-time", "Enter");
    await look("time refused");
    await teller.end(18);
    await teller.choose("031");
    await teller.end(21);
    await look("told in part");
    await teller.tap('[data-key="row-18"]');
    await look("edit");
    await teller.tap('[data-key="act-split"]');
    await look("split");
    await teller.tap('[data-key="back"]');
    await teller.tap('[data-key="back"]');
    await context.setOffline(true);
    await teller.tap('[data-key="undo"]');
    await page.locator('[data-standing="offline"]').waitFor();
    await look("without network");
    await context.setOffline(false);
    await teller.tap('[data-key="redo"]');
    await teller.saved();
    for (let next = 2; next < DAY.length; next += 1) {
      await teller.choose(DAY[next].main);
      await teller.end(slotOf(DAY[next].to, true));
    }
    await look("activities complete");
    for (const field of ["location", "with_whom", "secondary", "device", "enjoyment"]) {
      await teller.turn(field);
      await look(`${field}, blank`);
      await teller.paint(field, day);
      await look(`${field}, told`);
    }
    await teller.saved();

    // Another device said something else of the same time.
    const { day: kept, version, token } = await (await page.request.get(`${demonstration.url}/diario/${date}/dati`)).json();
    kept.enjoyment = [[18, 144, "1"]];
    await page.request.post(`${demonstration.url}/diario/${date}/dati`, { form: { gettone: token, versione: String(version), giornata: JSON.stringify(kept) } });
    await teller.dip("enjoyment", "2");
    await teller.tap('[data-key="row-24"]');
    await page.locator(".te-conflicts, .te-arrived").first().waitFor();
    await look("changed elsewhere");
    await teller.saved();

    await context.clearCookies();
    await teller.tap('[data-key="undo"]');
    await page.locator('[data-standing="signed-out"]').waitFor();
    await look("signed out");
    assert.deepEqual(found, []);
  });
}

test("the running day, 320 px, and text of twice the size", async (t) => {
  const context = await profile(browser, { screen: NARROW, touch: true });
  t.after(() => context.close());
  const page = await context.newPage();
  const found = [];
  const look = looker(page, found, "editor-narrow");
  const { teller } = await openDay(page, demonstration.url, 4);
  await look("narrow, blank");
  await teller.choose("011");
  await look("narrow, until when");
  await teller.end(18);
  await teller.tap('[data-key="step-location"]');
  await look("narrow, places");
  await teller.tap('[data-key="step-enjoyment"]');
  await look("narrow, enjoyment");
  await page.goto(`${demonstration.url}/diario`);
  await page.locator('main section:last-of-type a[href^="/diario/2"]').click();
  await teller.ready();
  await look("narrow, running day");
  // What is offered depends on the hour.
  const offered = await page.locator("[data-now]").first().getAttribute("data-now");
  await teller.tap(`[data-now="${offered}"]`);
  await look("narrow, going on");

  // As a browser does whose text is set twice as large.
  await page.addInitScript(() => document.addEventListener("DOMContentLoaded", () => (document.documentElement.style.fontSize = "200%")));
  await page.setViewportSize(PHONE);
  await page.reload();
  await teller.ready();
  await look("large text, running day");
  await teller.tap('[data-key="step-enjoyment"]');
  await look("large text, enjoyment");
  await teller.tap('[data-key="step-location"]');
  await look("large text, places");
  assert.deepEqual(found, []);
});
