// Every page and state, in every language, on a phone and on a desktop: no finding of axe-core. Set TEMPI_SHOTS to a
// folder to keep a picture of each.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { findings } from "./kit/accessibility.mjs";
import { DESKTOP, launch, PHONE, profile } from "./kit/browser.mjs";
import { faults } from "./kit/html.mjs";
import { ABOUT_THE_DAY, ANSWERS, Citizen, DAY } from "./kit/journey.mjs";
import { LOOKS, observer } from "./kit/observer.mjs";
import { Demonstration } from "./kit/tempi.mjs";

let browser;
let demonstration;
before(async () => ([browser, demonstration] = await Promise.all([launch(), Demonstration.start()])));
after(() => Promise.all([browser?.close(), demonstration?.stop()]));

/** The places of the invented officers in the simulated reader. */
const [ADMINISTRATOR, AUDITOR, OPERATOR] = [4, 6, 7];
/** Invented people without a role. */
const N_CITIZENS = 4;

/** What officers see and what is published is in two languages; what citizens see also in one that runs from right to left. */
const CITIZENS_LOOKS = [...LOOKS, ...[PHONE, DESKTOP].map((screen) => ({ language: "ar", screen }))];

test("the inspection finds what is wrong", async (t) => {
  const context = await profile(browser, { screen: PHONE });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.setContent('<p style="color: #ccc; background: #fff; width: 500px">pale</p><input type="text">');
  const rules = (await findings(page)).map((line) => line.split(/[ :]/)[0]);
  for (const rule of ["color-contrast", "document-title", "html-has-lang", "label", "reflow"]) {
    assert.ok(rules.includes(rule), `${rule} is not found among ${rules}`);
  }
});

test("invalid HTML is found", async () => {
  const found = await faults('<!doctype html><html lang="it"><head><title>a</title></head><body><p><div id="a" id="b"></div></p><img></body></html>');
  assert.ok(found.length >= 3, found.join("; "));
  assert.deepEqual(await faults('<!doctype html><html lang="it"><head><title>a</title></head><body><p>a</p></body></html>'), []);
});

for (const [index, { language, screen }] of CITIZENS_LOOKS.entries()) {
  test(`the citizen's pages: ${language}, ${screen.width} px`, async (t) => {
    // The diary's form is looked at here, its editor in `editor-accessibility.test.mjs`.
    const { page, look, found } = await observer(t, browser, { language, screen, editor: false }, "citizen");
    const citizen = new Citizen(page, demonstration.url, look);
    for (const path of ["/", "/accesso", "/note-legali", "/privacy", "/accessibilita", "/nessuna-pagina"]) {
      await citizen.visit(path, path);
    }
    await page.goto(`${demonstration.cardUrl}/accesso/carta?richiesta=${"0".repeat(64)}&lingua=${language}`);
    await look(page, "refused card");
    assert.equal(await page.locator("html").getAttribute("dir"), language === "ar" ? "rtl" : "ltr");
    // Whoever erased everything comes back as a new person.
    await citizen.signInSimulated(index % N_CITIZENS);
    await citizen.visit("/area-personale/assistenza", "getting help");
    await page.locator('form[action="/area-personale/assistenza"] button').click();
    await look(page, "getting help, no such code");
    await citizen.visit("/area-personale", "personal area");
    await citizen.consent();
    for (const questionnaire of Object.keys(ANSWERS)) await citizen.answer(questionnaire);
    const date = await citizen.chooseDay();
    await citizen.tell(DAY);
    await citizen.handIn(date);
    await citizen.answer("fine-giornata.weekday", ABOUT_THE_DAY);
    await citizen.visit("/famiglia", "household, none yet");
    await page.locator('form[action="/famiglia/unisciti"] button').click();
    await look(page, "household, no code");
    assert.ok(await page.locator("#errori").isVisible(), "a blank code is not refused");
    await page.locator('form[action="/famiglia/codice"] button').click();
    await look(page, "household, a code");
    await citizen.visit("/diario", "choice, one day handed in");
    const other = await page.locator('main a.btn[href^="/diario/2"]').first().getAttribute("href");
    await citizen.visit(`${other}/copia`, "days to start from");
    await citizen.visit(`${other}/copia?da=${date}`, "a day to start from");
    assert.equal(await page.locator(`form[action="${other}/copia"]`).count(), 1, "the day cannot be copied");
    await citizen.visit("/diario/senza-rete", "the page without network");
    await citizen.visit("/diario/in-attesa", "before signing out");
    await citizen.visit("/area-personale", "personal area, half done");
    await citizen.visit("/consenso", "consent given");
    await citizen.visit("/area-personale/dati", "one's own data");
    await citizen.visit("/area-personale/dati/cancellazione", "before everything is erased");
    await page.locator('form[action="/area-personale/dati/cancellazione"] button').click();
    await look(page, "erasure not confirmed");
    await page.locator('label[for="conferma"]').click();
    await page.locator('form[action="/area-personale/dati/cancellazione"] button').click();
    await look(page, "everything erased");
    assert.deepEqual(found, []);
  });
}

for (const { language, screen } of LOOKS) {
  test(`the officers' pages: ${language}, ${screen.width} px`, async (t) => {
    const { page, look, found } = await observer(t, browser, { language, screen }, "officers");
    const officer = new Citizen(page, demonstration.url, look);
    await officer.signInSimulated(ADMINISTRATOR);
    await officer.visit("/area-personale/sessioni", "sessions");
    await officer.visit("/ufficio", "office of an administrator");
    await officer.visit("/ufficio/registro", "no permission");
    await officer.visit("/ufficio/incarichi", "roles");
    await page.locator('form[action="/ufficio/incarichi"] button').click();
    await look(page, "roles, sent blank");
    assert.ok(await page.locator("#errori").isVisible(), "a blank grant is not refused");
    await page.fill("#codice-fiscale", "RSSMRA80A41C707O");
    await page.fill("#nome", "Maria Rossi, statistica");
    await page.locator('label[for="incarico-administrator"]').click();
    await page.fill("#fino-al", new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10));
    await page.locator('form[action="/ufficio/incarichi"] button').click();
    await look(page, "acts, an appointment asked");
    assert.ok(page.url().endsWith("/ufficio/atti"), "an administrator was appointed by one alone");
    await page.locator('form[action="/ufficio/atti/rifiuto"] button').first().click();
    await officer.visit("/ufficio/atti", "acts");
    await page.locator('form[action="/ufficio/atti"] button').click();
    await look(page, "acts, sent blank");
    assert.ok(await page.locator("#errori").isVisible(), "a blank request is not refused");
    await page.locator(`label[for="atto-1"]`).click();
    await page.fill("#motivo", "La rilevazione di prova è finita e si ricomincia.");
    await page.locator('form[action="/ufficio/atti"] button').click();
    await look(page, "acts, one asked");
    assert.ok(await page.locator('form[action="/ufficio/atti/rifiuto"]').first().isVisible(), "nothing was asked");
    await page.locator('form[action="/ufficio/atti/rifiuto"] button').first().click();
    await look(page, "acts, one taken back");
    await officer.signInSimulated(OPERATOR);
    await officer.visit("/ufficio/assistenza", "assistance");
    await page.locator('form[action="/ufficio/assistenza"] button').click();
    await look(page, "assistance, sent blank");
    assert.ok(await page.locator("#errori").isVisible(), "nobody is helped without a fiscal code");
    await page.locator('form[action="/ufficio/assistenza/sportello"] button').click();
    await look(page, "assistance, code of the counter");
    await officer.visit("/ufficio/carta", "paper");
    await page.locator('form[action="/ufficio/carta/modulo"] button').click();
    await look(page, "paper, sent blank");
    await officer.signInSimulated(AUDITOR);
    await officer.visit("/ufficio", "office of an auditor");
    await officer.visit("/ufficio/registro", "record");
    await officer.visit("/ufficio/registro?tipo=backup-restored", "record without rows");
    await officer.visit("/ufficio/registro/verifica", "verdict on the record");
    assert.deepEqual(found, []);
  });

  test(`the published site: ${language}, ${screen.width} px`, async (t) => {
    const { page, look, found } = await observer(t, browser, { language, screen }, "results");
    const start = `${demonstration.url}/risultati/${language === "it" ? "" : "en/"}`;
    const seen = new Set([start]);
    const kinds = new Set();
    for (const address of seen) {
      // Charts of one kind have pages of one kind, in which only the numbers differ.
      const kind = /\/(?:grafico|chart)-([a-z]+)/.exec(address)?.[1];
      if (kind !== undefined && kinds.has(kind)) continue;
      if (kind !== undefined) kinds.add(kind);
      await page.goto(address);
      if (/\/(esplora|explore)\.html$/.test(address)) await page.locator("#esplora tbody tr").first().waitFor();
      await look(page, address);
      for (const next of await pagesOfTheSite(page, language)) seen.add(next);
    }
    assert.ok(kinds.size >= 8, `only charts of ${[...kinds]} were seen`);
    assert.ok(seen.size >= 2, `only ${[...seen]} was found`);
    assert.deepEqual(found, []);
  });
}

/** The addresses of HTML pages of the published site, in this language, that a page links to. */
async function pagesOfTheSite(page, language) {
  const links = await page.locator("a[href]").evaluateAll((all) => all.map((link) => link.href.split("#")[0]));
  const inLanguage = (address) => /\/risultati\/en\//.test(address) === (language === "en");
  return links.filter((link) => link.startsWith(`${demonstration.url}/risultati/`) && /(\/|\.html)$/.test(link) && inLanguage(link));
}
