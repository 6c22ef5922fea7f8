// Pictures of pages that the documentation keeps, side by side in one file. They are drawn anew in every test and compared as somebody
// would who looks from far away: a date may be another one, a part of a page must not be missing. TEMPI_PICTURES=1 writes them.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const folder = fileURLToPath(new URL("../../../docs/images/", import.meta.url));

/** Between two screens, in pixels. */
const GAP = 12;

/** The side of what is compared as one, in pixels: somewhat more than a line of text. */
const CELL = 24;

/** The share of cells that may differ, each by more than a fifth of the way from black to white. */
const MAY_DIFFER = 0.06;

/** The largest file, in bytes: the repository is no album. */
const MOST_BYTES = 150_000;

/** Holds that the picture `name` of the documentation shows these screens, of `width` by `height` pixels each, as PNG. */
export async function isKept(browser, name, screens, { width, height }) {
  const page = await browser.newPage({ viewport: { width: screens.length * (width + GAP) - GAP, height } });
  try {
    const images = screens.map((screen) => `<img alt="" src="data:image/png;base64,${screen.toString("base64")}">`);
    await page.setContent(`<style>body{margin:0;background:#808890;display:flex;gap:${GAP}px}img{width:${width}px;height:${height}px;display:block}</style>${images.join("")}`);
    const drawn = await page.screenshot();
    const file = `${folder}${name}.png`;
    if (process.env.TEMPI_PICTURES) {
      await writeFile(file, drawn);
      // Debian's package pngquant.
      await run("pngquant", ["--force", "--strip", "--speed", "1", "--ext", ".png", "64", file]);
    }
    const kept = await readFile(file);
    assert.ok(kept.length <= MOST_BYTES, `${name}.png has ${kept.length} bytes`);
    const differs = await page.evaluate(shareThatDiffers, [drawn.toString("base64"), kept.toString("base64"), CELL]);
    assert.ok(differs <= MAY_DIFFER, `${name}.png shows other pages (${Math.round(differs * 100)}% differ): make it anew with TEMPI_PICTURES=1, and look at it`);
  } finally {
    await page.close();
  }
}

/** In the browser: the share of cells in which two pictures differ; 1 where their sizes do. */
export async function shareThatDiffers([one, other, cell]) {
  const cells = async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = new OffscreenCanvas(Math.ceil(image.width / cell), Math.ceil(image.height / cell));
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return { size: `${image.width} ${image.height}`, light: [...context.getImageData(0, 0, canvas.width, canvas.height).data] };
  };
  const [first, second] = await Promise.all([cells(one), cells(other)]);
  if (first.size !== second.size) return 1;
  const n = first.light.length / 4;
  const isOther = (place) => [0, 1, 2].some((channel) => Math.abs(first.light[4 * place + channel] - second.light[4 * place + channel]) > 51);
  return Array.from({ length: n }, (_, place) => place).filter(isOther).length / n;
}
