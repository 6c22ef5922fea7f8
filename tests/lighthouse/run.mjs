// Lighthouse on one page of every kind of the published results, as the demonstration serves them, with its emulation of a phone:
// accessibility and best practices must be 100, performance above 95. It is no part of `make test`: its packages are four times those of all
// other browser tests, and the score of performance follows what else the machine does.
//
//     npm ci --prefix tests/lighthouse && node tests/lighthouse/run.mjs [ADDRESS OF THE RESULTS, WITH A FINAL SLASH]

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

import { Demonstration } from "../browser/kit/tempi.mjs";

const PAGES = ["", "donne-e-uomini.html", "cura.html", "gruppo-employed.html", "grafico-donne-e-uomini.html", "grafico-ore-del-giorno-donne.html", "esplora.html", "dati.html"];
const LEAST = { accessibility: 100, "best-practices": 100, performance: 96 };

const given = process.argv[2];
const demonstration = given === undefined ? await Demonstration.start() : null;
const results = given ?? `${demonstration.url}/risultati/`;
const chrome = await launch({
  chromePath: process.env.TEMPI_CHROMIUM ?? "/usr/bin/chromium",
  // The demonstration's certificate was made for it.
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--ignore-certificate-errors"],
});
let n_low = 0;
try {
  for (const page of PAGES) {
    const { lhr } = await lighthouse(results + page, { port: chrome.port, onlyCategories: Object.keys(LEAST), logLevel: "error" });
    const scores = Object.keys(LEAST).map((category) => [category, Math.round(100 * (lhr.categories[category].score ?? 0))]);
    const low = scores.filter(([category, score]) => score < LEAST[category]);
    n_low += low.length;
    const seconds = (audit) => (lhr.audits[audit].numericValue / 1000).toFixed(1);
    const weight = Math.round(lhr.audits["total-byte-weight"].numericValue / 1000);
    console.log(
      `${page || "(front page)"}: ${scores.map(([category, score]) => `${category} ${score}`).join(", ")}; largest paint ${seconds("largest-contentful-paint")} s, ` +
        `layout shift ${lhr.audits["cumulative-layout-shift"].numericValue.toFixed(3)}, ${weight} kB${low.length > 0 ? " <-- too low" : ""}`,
    );
    for (const [category] of low) {
      for (const { id } of lhr.categories[category].auditRefs) {
        const audit = lhr.audits[id];
        if (audit.score !== null && audit.score < 0.9) console.log(`    ${id}: ${audit.displayValue ?? audit.title}`);
      }
    }
  }
} finally {
  await Promise.all([chrome.kill(), demonstration?.stop()]);
}
process.exitCode = n_low > 0 ? 1 : 0;
