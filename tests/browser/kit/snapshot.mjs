// The CSV tables of a snapshot, as rows by column name.

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** A table's rows. Values with quotes do not occur in what the tests write, and are refused. */
export async function readTable(folder, table) {
  const text = await readFile(path.join(folder, `${table}.csv`), "utf8");
  const [header, ...lines] = text.trimEnd().split("\n");
  if (text.includes('"') && table !== "classification") throw new Error(`${table}.csv holds quoted values`);
  const columns = header.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((value, column) => [columns[column], value])));
}

/** The names of the files that contain `text`. */
export async function filesWith(folder, text) {
  const names = await readdir(folder);
  const found = await Promise.all(names.map(async (name) => (await readFile(path.join(folder, name))).includes(text)));
  return names.filter((_, index) => found[index]);
}
