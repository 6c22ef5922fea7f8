// The published results in a browser: charts that can be quoted, tables that can be sorted and searched, the explorer by keyboard and by
// address, what is there without scripts, what comes out on paper, and that nothing moves or fails while a page arrives.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { findings } from "./kit/accessibility.mjs";
import { DESKTOP, launch, PHONE, profile } from "./kit/browser.mjs";
import { Demonstration } from "./kit/tempi.mjs";

let browser;
let demonstration;
before(async () => ([browser, demonstration] = await Promise.all([launch(), Demonstration.start()])));
after(() => Promise.all([browser?.close(), demonstration?.stop()]));

const CHART = "grafico-donne-e-uomini.html";
const HOURS = "grafico-ore-del-giorno-donne.html";
/** One page of every kind. */
const KINDS = ["", "donne-e-uomini.html", "cura.html", "gruppo-employed.html", CHART, HOURS, "esplora.html", "dati.html"];

/** A page of the results in a fresh profile. */
async function open(t, path, settings = {}) {
  const context = await profile(browser, settings);
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(at(path), { waitUntil: "networkidle" });
  return page;
}

function at(path) {
  return `${demonstration.url}/risultati/${path}`;
}

test("a table goes in the order of a column, numbers by size and what is hidden last", async (t) => {
  const page = await open(t, CHART, { screen: DESKTOP });
  const heading = page.locator("th", { hasText: "Donne meno uomini" });
  const values = () => page.locator("tbody td:nth-child(4) data").evaluateAll((all) => all.map((data) => Number(data.value)));
  const printed = await values();
  assert.ok(printed.length > 5);
  await heading.getByRole("button").focus();
  await page.keyboard.press("Enter");
  assert.equal(await heading.getAttribute("aria-sort"), "descending");
  assert.deepEqual(await values(), printed.toSorted((one, other) => other - one));
  await page.keyboard.press("Enter");
  assert.equal(await heading.getAttribute("aria-sort"), "ascending");
  assert.deepEqual(await values(), printed.toSorted((one, other) => one - other));
  const other = page.locator("th", { hasText: "Attività" }).first();
  await other.getByRole("button").click();
  assert.equal(await heading.getAttribute("aria-sort"), null, "two columns say that they order the table");
  assert.deepEqual(await findings(page), []);
});

test("a long table is searched, and says how many rows are left", async (t) => {
  const page = await open(t, HOURS, { screen: DESKTOP });
  await page.getByLabel("Cerca nella tabella").fill("08:0");
  assert.equal(await page.locator("tbody tr:visible").count(), 2, "08:00–08:10 and 07:50–08:00 say 08:0");
  assert.equal(await page.locator("p[role=status]").textContent(), "Righe mostrate: 2 di 144");
  await page.getByLabel("Cerca nella tabella").fill("");
  assert.equal(await page.locator("tbody tr:visible").count(), 144);
});

test("the explorer is used by keyboard, and its address brings the choice back", async (t) => {
  const page = await open(t, "esplora.html", { screen: DESKTOP });
  await page.locator("tbody tr").first().waitFor();
  await page.getByLabel("Età o gruppo").focus();
  await page.keyboard.type("Occ");
  await page.waitForFunction(() => location.hash.includes("gruppo=employed"));
  await page.waitForFunction(() => document.querySelector("caption")?.textContent.includes("Occupati"));
  assert.equal(await page.evaluate(() => document.activeElement.name), "group", "the place of who is choosing is lost");
  const caption = await page.locator("caption").textContent();
  const numbers = await page.locator("tbody").textContent();
  const again = await open(t, `esplora.html${new URL(page.url()).hash}`, { screen: PHONE });
  await again.locator("tbody tr").first().waitFor();
  assert.equal(await again.locator("caption").textContent(), caption);
  assert.equal(await again.locator("tbody").textContent(), numbers);
  await page.goBack();
  await page.waitForFunction(() => !document.querySelector("caption")?.textContent.includes("Occupati"));
});

test("the explorer tells every number with its margin, and of a hidden one why", async (t) => {
  const page = await open(t, "esplora.html#gruppo=city_users&dettaglio=2", { screen: DESKTOP });
  await page.locator("tbody tr").first().waitFor();
  for (const row of await page.locator("tbody tr").all()) {
    const [value, interval] = await row.locator("td").allTextContents();
    const hidden = ["oscurato per riservatezza", "non pubblicato: troppo incerto"].includes(value);
    assert.ok(hidden ? interval === "–" : /^da .+ a .+/.test(interval), `${value}: ${interval}`);
  }
  assert.ok((await page.locator(".tempi-hidden").count()) > 0, "of so few people everything is told");
  assert.match(await page.locator("#esplora dl").textContent(), /segreto statistico|troppo poco/);
  assert.deepEqual(await findings(page), []);
});

test("the explorer's table of ten minutes has the hours of a day", async (t) => {
  const page = await open(t, "esplora.html#misura=share_at_slot-main&attivita=1&giorno=weekday", { screen: PHONE });
  await page.locator("tbody tr").first().waitFor();
  assert.equal(await page.locator("tbody tr").count(), 144);
  assert.equal(await page.locator("tbody th").first().textContent(), "04:00–04:10");
  assert.match(await page.locator("caption").textContent(), /Lavoro retribuito, .*feriale/);
  assert.deepEqual(await findings(page), []);
});

test("without scripts everything is there: tables as printed, and the tables of the explorer as files", async (t) => {
  const page = await open(t, CHART, { javaScript: false });
  assert.ok((await page.locator("tbody tr").count()) > 5);
  assert.equal(await page.locator("th button").count(), 0);
  await page.goto(at("esplora.html"));
  assert.match(await page.locator("#esplora").textContent(), /si scaricano da qui sotto/);
  const files = await page.locator('main a[href^="dati/json-stat/"]').evaluateAll((all) => all.map((link) => link.href));
  assert.ok(files.length > 10);
  const answer = await page.request.get(files[0]);
  assert.equal((await answer.json()).class, "dataset");
});

test("a page on paper has the chart, the table and the source, and nothing that leads elsewhere", async (t) => {
  const page = await open(t, CHART, { screen: DESKTOP });
  await page.emulateMedia({ media: "print" });
  for (const shown of ["h1", ".tempi-figure img", "table", "blockquote", "footer"]) {
    assert.ok(await page.locator(shown).first().isVisible(), `${shown} is not printed`);
  }
  for (const hidden of ["nav", ".tempi-downloads", ".tempi-languages", ".skiplinks", ".tempi-neighbours", "details"]) {
    assert.ok(!(await page.locator(hidden).first().isVisible()), `${hidden} is printed`);
  }
});

for (const path of KINDS) {
  test(`nothing moves, fails or comes from elsewhere while a page arrives: ${path || "the front page"}`, async (t) => {
    const context = await profile(browser, { screen: PHONE });
    t.after(() => context.close());
    const page = await context.newPage();
    const wrong = [];
    page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
    page.on("pageerror", (error) => wrong.push(String(error)));
    page.on("request", (request) => !request.url().startsWith(demonstration.url) && wrong.push(request.url()));
    await page.addInitScript(() => {
      globalThis.moved = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) globalThis.moved += entry.value;
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(at(path), { waitUntil: "networkidle" });
    await page.waitForTimeout(200);
    assert.deepEqual(wrong, []);
    const moved = await page.evaluate(() => globalThis.moved);
    assert.ok(moved < 0.05, `it moves by ${moved}`);
  });
}

test("pages come compressed to a browser that takes that", async (t) => {
  const page = await open(t, "");
  for (const path of [HOURS, "assets/css/bootstrap-italia.min.css", "esplora/time_spent-main.json"]) {
    const answer = await page.request.get(at(path));
    assert.equal(answer.headers()["content-encoding"], "gzip", path);
    assert.match(answer.headers()["vary"], /accept-encoding/i, path);
  }
});
