// The way to the editor of a day in the demonstration.

import assert from "node:assert/strict";

import { asData } from "./clock.mjs";
import { Citizen } from "./journey.mjs";
import { Teller } from "./teller.mjs";

/** Puts a whole day into the place of the one at this address, as another device would. */
export async function putDay(page, address, day) {
  const { token, version } = await (await page.request.get(`${address}/dati`)).json();
  const form = { gettone: token, versione: String(version), giornata: JSON.stringify(asData(day)) };
  const answer = await page.request.post(`${address}/dati`, { form });
  assert.equal(answer.status(), 200);
}

/** Signs the citizen of this number in, agrees where they have not yet, and opens a day: the latest weekday is number 0. */
export async function openDay(page, site, number, day = 0) {
  const citizen = new Citizen(page, site);
  await citizen.signInSimulated(number);
  await page.goto(`${site}/diario`);
  if (new URL(page.url()).pathname === "/consenso") {
    await page.locator('form[action="/consenso"] button[type=submit]').first().click();
    await page.goto(`${site}/diario`);
  }
  const path = await page.locator('main a[href^="/diario/2"]').nth(day).getAttribute("href");
  await page.goto(site + path);
  const teller = new Teller(page);
  await teller.ready();
  return { citizen, teller, date: path.split("/").pop() };
}
