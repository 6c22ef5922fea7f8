// Somebody who looks at every page that comes by: for findings of axe-core, for valid HTML, for the language, and, where TEMPI_SHOTS names
// a folder, to keep a picture.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";

import { findings } from "./accessibility.mjs";
import { DESKTOP, PHONE, profile } from "./browser.mjs";
import { reader } from "./html.mjs";

/** The looks in which every page is seen: both languages, on a phone and on a desktop. */
export const LOOKS = ["it", "en"].flatMap((language) => [PHONE, DESKTOP].map((screen) => ({ language, screen })));

/** A browser page in one look, and a `look` that gathers what is wrong wherever it is called. */
export async function observer(t, browser, { language, screen, card, editor }, folder) {
  const context = await profile(browser, { language, screen, card, editor });
  t.after(() => context.close());
  const page = await context.newPage();
  const found = [];
  const invalid = reader(page);
  const look = async (shown, state) => {
    assert.equal(await shown.locator("html").getAttribute("lang"), language, `${state} is in another language`);
    for (const line of await invalid()) found.push(line);
    for (const line of await findings(shown)) found.push(`${state} <${shown.url()}>: ${line}`);
    await keepPicture(shown, `${folder}-${language}-${screen.width}`, state);
  };
  return { page, look, found };
}

async function keepPicture(page, folder, state) {
  if (!process.env.TEMPI_SHOTS) return;
  const place = path.join(process.env.TEMPI_SHOTS, folder);
  await mkdir(place, { recursive: true });
  const name = state.replace(/https?:\/\/[^/]+/, "").replace(/[^a-z0-9]+/gi, "-");
  await page.screenshot({ path: path.join(place, `${name}.png`), fullPage: true });
}
