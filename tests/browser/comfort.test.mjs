// What people set for themselves is kept to: large text, a narrow screen, few colours, no motion. On the pages that everybody
// who takes part sees, in Italian and from right to left. TEMPI_SHOTS keeps pictures.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";

import { launch, profile } from "./kit/browser.mjs";
import { Citizen, DAY } from "./kit/journey.mjs";
import { Demonstration } from "./kit/tempi.mjs";

let browser;
let demonstration;
before(async () => ([browser, demonstration] = await Promise.all([launch(), Demonstration.start()])));
after(() => Promise.all([browser?.close(), demonstration?.stop()]));

/** The width at which a desktop page of 1280 px is left when it is enlarged to 400% (WCAG 2.1, 1.4.10). */
const NARROW = { width: 320, height: 640 };
const DESKTOP = { width: 1280, height: 900 };

/** Somebody who has told a day but not handed it in, and the addresses of the pages they have to do with. */
async function somebody(t, number, { language = "it", screen = NARROW } = {}) {
  const context = await profile(browser, { language, screen, editor: false });
  t.after(() => context.close());
  const page = await context.newPage();
  const citizen = new Citizen(page, demonstration.url);
  await citizen.signInSimulated(number);
  if (await page.locator('main a[href="/diario"]').count() === 0) {
    await page.goto(`${demonstration.url}/consenso`);
    const agree = page.locator('form[action="/consenso"] button');
    if (await agree.count()) await agree.click();
  }
  const date = await citizen.chooseDay();
  if (await page.locator("#attivita").count()) {
    for (const span of DAY.slice(0, 4)) {
      await citizen.fill(span);
      await page.locator('button[name="azione"][value="salva"]').click();
    }
  }
  const day = `/diario/${date}`;
  const pages = ["/", "/accesso", "/privacy", "/area-personale", "/consenso", "/questionari/individuale/persona", "/diario",
    day, `${day}/revisione`, "/area-personale/dati", "/area-personale/assistenza"];
  return { page, pages };
}

async function keepPicture(page, name) {
  if (!process.env.TEMPI_SHOTS) return;
  await mkdir(process.env.TEMPI_SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(process.env.TEMPI_SHOTS, `${name.replace(/[^a-z0-9]+/gi, "-")}.png`), fullPage: true });
}

/** How much wider the page is than the screen, and which texts are cut off by what holds them. */
function cutOff() {
  const { scrollWidth, clientWidth } = document.documentElement;
  const clips = (element) => {
    const style = getComputedStyle(element);
    const isHidden = element.matches(".visually-hidden, .visually-hidden-focusable, svg, svg *") || element.closest(".visually-hidden, .visually-hidden-focusable, .skiplinks, svg");
    const hidesX = ["hidden", "clip"].includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    const hidesY = ["hidden", "clip"].includes(style.overflowY) && element.scrollHeight > element.clientHeight + 1;
    return !isHidden && element.textContent.trim() !== "" && style.display !== "inline" && (hidesX || hidesY);
  };
  const cut = [...document.body.querySelectorAll("*")].filter(clips).map((element) => `${element.tagName} ${element.className}`);
  return { wider: scrollWidth - clientWidth, cut };
}

test("the inspection notices what is too wide or cut off", async (t) => {
  const context = await profile(browser, { screen: NARROW });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.setContent('<p style="width: 500px">wide</p><p style="height: 8px; overflow: hidden; display: block">cut off here</p>');
  const { wider, cut } = await page.evaluate(cutOff);
  assert.ok(wider > 0 && cut.length === 1, `${wider} ${cut}`);
});

for (const [number, language] of ["it", "ar"].entries()) {
  test(`a screen of 320 px: ${language}`, async (t) => {
    const { page, pages } = await somebody(t, number, { language });
    for (const address of pages) {
      await page.goto(demonstration.url + address);
      await keepPicture(page, `320-${language}${address.replace(/\d{4}-\d\d-\d\d/, "day")}`);
      assert.deepEqual(await page.evaluate(cutOff), { wider: 0, cut: [] }, address);
    }
  });

  test(`text of twice the size: ${language}`, async (t) => {
    const { page, pages } = await somebody(t, number, { language, screen: DESKTOP });
    for (const address of pages) {
      await page.goto(demonstration.url + address);
      const before = await page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("main p, main li, main label")).fontSize));
      await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
      const after = await page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("main p, main li, main label")).fontSize));
      assert.ok(after >= 1.9 * before, `${address}: ${before} px became ${after} px`);
      await keepPicture(page, `200-${language}${address.replace(/\d{4}-\d\d-\d\d/, "day")}`);
      assert.deepEqual(await page.evaluate(cutOff), { wider: 0, cut: [] }, address);
    }
  });
}

test("few colours: what is pressed, chosen or wrong is still told apart", async (t) => {
  const { page, pages } = await somebody(t, 2, { screen: DESKTOP });
  await page.emulateMedia({ forcedColors: "active" });
  for (const address of pages) {
    await page.goto(demonstration.url + address);
    await keepPicture(page, `contrast${address.replace(/\d{4}-\d\d-\d\d/, "day")}`);
    const unmarked = await page.evaluate(() =>
      [...document.querySelectorAll("main .btn, main .tempi-select, main .tempi-number")]
        .filter((element) => element.offsetParent !== null && parseFloat(getComputedStyle(element).borderTopWidth) < 1)
        .map((element) => element.className));
    assert.deepEqual(unmarked, [], `${address}: without a border nobody sees where to press`);
    const bars = await page.evaluate(() =>
      [...document.querySelectorAll(".tempi-day-bar")].map((bar) => new Set([...bar.querySelectorAll("rect")].map((rect) => getComputedStyle(rect).fill)).size));
    for (const colours of bars) assert.ok(colours > 1, `${address}: the day has one colour`);
  }
});

test("no motion: nothing moves for those who ask for that", async (t) => {
  const { page, pages } = await somebody(t, 3, { screen: DESKTOP });
  const moving = () =>
    [...document.querySelectorAll("*")]
      .filter((element) => ["transitionDuration", "animationDuration"].some((name) => getComputedStyle(element)[name].split(",").some((value) => parseFloat(value) > 0.01)))
      .map((element) => `${element.tagName} ${element.className}`);
  await page.goto(demonstration.url);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  assert.ok((await page.evaluate(moving)).length > 0, "the design system has transitions: the search finds them");
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const address of pages) {
    await page.goto(demonstration.url + address);
    assert.deepEqual(await page.evaluate(moving), [], address);
  }
});
