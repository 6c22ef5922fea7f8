// Makes the scripts that browsers get: `scripts/NAME/main.ts` becomes `dist/NAME.js`, within its budget of bytes. With
// `--tests` makes the unit tests instead, for `node --test`, and with `--benches` the measurements of `benches`.
import { build } from "esbuild";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

import { data } from "./data.mjs";

process.chdir(import.meta.dirname);

/// Compressed bytes that all scripts of a page may have together, beside the design system.
const BUDGET = 60_000;

/// Pages with more than one script: what they load. Of the word lists a page loads the one of its language.
const PAGES = {
  "a day, in Italian": ["leave", "device", "diary", "words-it"],
  "a day, in English": ["leave", "device", "diary", "words-en"],
};

const shared = { plugins: [data], bundle: true, target: "es2022", format: "esm", legalComments: "none", logLevel: "warning" };

/// Makes every file of `folder` whose name ends so into one that Node can run.
async function runnable(folder, ending) {
  await rm(join("build", folder), { recursive: true, force: true });
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(ending));
  await build({
    ...shared,
    entryPoints: names.map((name) => join(folder, name)),
    outdir: join("build", folder),
    outbase: folder,
    outExtension: { ".js": ".mjs" },
    platform: "node",
    sourcemap: "inline",
  });
}

async function scripts() {
  await rm("dist", { recursive: true, force: true });
  await mkdir("dist", { recursive: true });
  const rooms = (await readdir("scripts")).filter((name) => existsSync(join("scripts", name, "main.ts"))).sort();
  const sizes = new Map();
  for (const room of rooms) {
    const file = join("dist", `${room}.js`);
    await build({ ...shared, entryPoints: [join("scripts", room, "main.ts")], outfile: file, minify: true });
    sizes.set(room, gzipSync(await readFile(file), { level: 9 }).length);
    within(basename(file), sizes.get(room));
  }
  for (const [page, names] of Object.entries(PAGES)) {
    within(page, names.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0));
  }
  // For make: when the scripts were made.
  await writeFile("dist/.made", "");
}

/// Says how many compressed bytes something has, and holds that they are within the budget.
function within(what, bytes) {
  console.log(`${what}: ${bytes} bytes compressed, of ${BUDGET}`);
  if (bytes > BUDGET) throw new Error(`${what} is over its budget`);
}

if (process.argv.includes("--tests")) await runnable("tests", ".test.ts");
else if (process.argv.includes("--benches")) await runnable("benches", ".ts");
else await scripts();
