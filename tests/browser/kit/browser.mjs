// A headless Chromium (Debian's package) that holds a citizen's card.

import { chromium } from "playwright-core";

const EXECUTABLE = process.env.TEMPI_CHROMIUM ?? "/usr/bin/chromium";
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Screens on which pages are looked at. */
export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 900 };

const LOCALES = { it: "it-IT", en: "en-GB", ar: "ar-EG" };

/** `more` are further arguments of the browser. */
export function launch(more = []) {
  return chromium.launch({ executablePath: EXECUTABLE, headless: true, args: [...ARGUMENTS, ...more] });
}

/**
 * A fresh browser profile. `card` is `{ origin, cert, key }`; `language` is `it`, `en` or `ar`; `touch` is a phone's screen. With `editor` off the
 * script of the diary does not arrive, as on a bad connection, and its form is what there is.
 * The certificates of the servers under test are made for the test, so the browser is told to accept them.
 */
export async function profile(browser, { screen = PHONE, language = "it", javaScript = true, card, touch = false, editor = true } = {}) {
  const context = await browser.newContext({
    viewport: screen,
    locale: LOCALES[language],
    javaScriptEnabled: javaScript,
    ignoreHTTPSErrors: true,
    clientCertificates: card ? [card] : [],
    hasTouch: touch,
    isMobile: touch,
    // A service worker would bring the script from its cache.
    serviceWorkers: editor ? "allow" : "block",
  });
  if (!editor) await context.route("**/diary.js", (route) => route.abort());
  return context;
}
