// What a browser has on the device: the rooms of the site's own scripts, run in a page, and what lies in caches and databases.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("../../../survey-server/web/", import.meta.url));
const { build } = createRequire(web)("esbuild");

/** The room `keep` of the scripts as an expression whose value is its exports. */
export async function keepRoom() {
  const entry = { contents: 'export * from "./keep"', resolveDir: `${web}scripts`, loader: "ts" };
  const { outputFiles } = await build({ stdin: entry, bundle: true, format: "iife", globalName: "room", target: "es2022", write: false });
  return `(() => { ${outputFiles[0].text}; return room; })()`;
}

/** Runs `act(keep, argument)` in the page with the days of whoever the page is for. */
export async function withKeep(page, act, argument) {
  const room = await keepRoom();
  return page.evaluate(
    `(async () => { const { keep, ownerOf } = ${room}; return (${act})(await keep(ownerOf(document)), ${JSON.stringify(argument)}); })()`,
  );
}

/** Every cached answer: address and text. */
export function cached(page) {
  return page.evaluate(async () => {
    const found = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const { pathname, search } = new URL(request.url);
        found.push({ address: pathname + search, text: await (await cache.match(request)).text() });
      }
    }
    return found;
  });
}

/** Everything in the site's databases, bytes as letters. */
export function stored(page) {
  return page.evaluate(async () => {
    const answer = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const letters = (name, value) => (value instanceof Uint8Array ? String.fromCharCode(...value) : value);
    const rows = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await answer(indexedDB.open(name));
      for (const table of database.objectStoreNames) {
        for (const row of await answer(database.transaction(table).objectStore(table).getAll())) {
          rows.push(`${table} ${JSON.stringify(row, letters)}`);
        }
      }
      database.close();
    }
    return rows;
  });
}

/** Waits until a service worker controls the page. */
export async function controlled(page) {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}
