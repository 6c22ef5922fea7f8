// A diary that came back on paper, keyed in by an operator who never touches the mouse, and never needs a script.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { findings } from "./kit/accessibility.mjs";
import { readCard } from "./kit/authority.mjs";
import { DESKTOP, launch, PHONE, profile } from "./kit/browser.mjs";
import { Citizen } from "./kit/journey.mjs";
import { isKept } from "./kit/picture.mjs";
import { Installation } from "./kit/tempi.mjs";

const run = promisify(execFile);
const PERSON = "RSSMRA80A41C707O";
const OPERATOR = "BNCGNN92T55C707S";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

async function keepPicture(page, name) {
  if (!process.env.TEMPI_SHOTS) return;
  await mkdir(process.env.TEMPI_SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(process.env.TEMPI_SHOTS, `${name}.png`), fullPage: true });
}

/** What is typed, row by row: end, activity, meanwhile, place, company, device, enjoyment. */
const ROWS = [
  ["7", "dormire", "", "11", "1"],
  ["730", "mangiare", "831", "11", "24", "n", "6"],
  ["8", "910", "", "24"],
  ["1730", "111", "", "13", "6", "s"],
  ["18", "910", "", "24"],
  ["2230", "guardare tv", "", "11", "2"],
  ["4", "011", "", "11"],
];

for (const screen of [DESKTOP, PHONE]) {
  test(`a diary on paper is keyed in by keyboard alone, at ${screen.width} px`, async (t) => {
    const installation = await Installation.start();
    t.after(() => installation.stop());
    const tempi = (...more) => installation.run(more);
    const register = path.join(installation.folder, "register.csv");
    await writeFile(register, `codice_fiscale;sesso;data_nascita;zona;id_famiglia\n${PERSON};F;1980-01-01;nord;1\n`);
    const report = path.join(installation.folder, "report.csv");
    await tempi("residents", "import", register, "--report", report);
    const until = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
    await tempi("officer", "grant", OPERATOR, "--role", "operator", "--until", until);
    const pdf = path.join(installation.folder, "diario.pdf");
    await tempi("paper", PERSON, "--output", pdf);
    const { stdout: text } = await run("pdftotext", ["-layout", pdf, "-"]);
    const number = /Modulo ([A-Z0-9]{4}-[A-Z0-9]{4})/.exec(text)[1];

    const files = await installation.authority.issueCard(OPERATOR);
    const card = { origin: installation.cardUrl, ...(await readCard(files)) };
    const context = await profile(browser, { screen, card, javaScript: false });
    t.after(() => context.close());
    const page = await context.newPage();
    const operator = new Citizen(page, installation.url);
    await operator.signInWithCard({ javaScript: false });
    const found = [];
    const look = async (state) => {
      // axe-core is a script: it looks in a page of its own, that has scripts.
      const looking = await profile(browser, { screen, card });
      await looking.addCookies(await context.cookies());
      const shown = await looking.newPage();
      await shown.goto(page.url());
      for (const line of await findings(shown)) found.push(`${state}: ${line}`);
      await keepPicture(shown, `${state}-${screen.width}`);
      await looking.close();
    };
    await page.goto(`${installation.url}/ufficio/carta`);
    await look("paper desk");
    const day = new Date(Date.now() - 10 * 86_400_000).toISOString().slice(0, 10);
    await page.fill("#numero", number);
    await page.fill("#giorno", day);
    await page.locator('label[for="consenso"]').click();
    await page.locator('form[action="/ufficio/carta"] button').click();
    assert.equal(page.url(), `${installation.url}/diario/${day}/trascrizione`);
    await look("keying");

    await page.locator("#fine-0").focus();
    for (const [index, row] of ROWS.entries()) {
      for (let field = 0; field < 7; field += 1) {
        await page.keyboard.type(index === 2 && field === 1 ? "spostamenti" : (row[field] ?? ""));
        await page.keyboard.press("Tab");
      }
    }
    if (screen === DESKTOP) {
      await page.evaluate(() => scrollTo(0, 0)).catch(() => undefined);
      await isKept(browser, "keying", [await page.screenshot({ animations: "disabled", caret: "hide" })], DESKTOP);
    }
    await page.keyboard.press("Enter");
    await page.waitForSelector("#errori");
    const errors = page.locator("#errori a");
    assert.equal(await errors.count(), 1, "one activity is not clear");
    await keepPicture(page, `keying-refused-${screen.width}`);
    const target = (await errors.first().getAttribute("href")).slice(1);
    assert.equal(target, "attivita-2");
    await page.locator(`#${target}`).focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("910");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${installation.url}/diario/${day}/revisione`);
    const told = await page.locator("main").innerText();
    for (const words of ["07:00–07:30", "intanto: Ascoltare radio", "Guardare TV"]) assert.ok(told.includes(words), told);
    assert.deepEqual(found, []);
  });
}
