// Data of the house that scripts carry: `import words from "tempi:search/it"` gives the word list of the search. It is read
// from `questionnaires/data` at each build, always in the same order.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "../../questionnaires/data");

/// The esbuild plugin that resolves `tempi:` modules.
export const data = {
  name: "tempi-data",
  setup(build) {
    build.onResolve({ filter: /^tempi:/ }, ({ path }) => ({ path: path.slice("tempi:".length), namespace: "tempi" }));
    build.onLoad({ filter: /.*/, namespace: "tempi" }, async ({ path }) => {
      const [kind, detail] = path.split("/");
      if (kind !== "search") throw new Error(`there are no data called ${path}`);
      return { contents: JSON.stringify(await searchWords(detail)), loader: "json" };
    });
  },
};

/// What the search knows of a language: the activities with their labels and phrases, and the words that mean the same.
async function searchWords(language) {
  const codes = (await rows("acl2018.csv")).filter(({ level }) => level === "3");
  const phrases = new Map((await rows(`search_${language}.csv`)).map(({ code, phrases }) => [code, phrases.split("; ")]));
  const activities = codes.map((row) => ({ code: row.code, label: row[`label_${language}`], phrases: phrases.get(row.code) ?? [] }));
  const synonyms = (await rows(`synonyms_${language}.csv`)).map(({ words }) => words.split(" "));
  return { activities, synonyms };
}

/// The rows of a file of comma-separated values as objects. Lines that begin with `#` are remarks; values with commas stand in quotes.
async function rows(file) {
  const text = await readFile(join(FOLDER, file), "utf8");
  const [head, ...lines] = text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).map(values);
  return lines.map((line) => Object.fromEntries(head.map((name, place) => [name, line[place] ?? ""])));
}

function values(line) {
  const found = line.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g);
  const all = [...found].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
  // The last match is the empty one at the end of the line.
  return line.endsWith(",") ? all : all.slice(0, -1);
}
