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

/** `more` are further arguments of the browser. */
export function launch(more = []) {
  return chromium.launch({ executablePath: EXECUTABLE, headless: true, args: [...ARGUMENTS, ...more] });
}

/**
 * A fresh browser profile. `card` is `{ origin, cert, key }`; `language` is `it` or `en`.
 * The certificates of the servers under test are made for the test, so the browser is told to accept them.
 */
export function profile(browser, { screen = PHONE, language = "it", javaScript = true, card } = {}) {
  return browser.newContext({
    viewport: screen,
    locale: language === "it" ? "it-IT" : "en-GB",
    javaScriptEnabled: javaScript,
    ignoreHTTPSErrors: true,
    clientCertificates: card ? [card] : [],
  });
}
