// Data of the house that scripts carry: `import words from "tempi:search/it"` gives the word list of the search. It is read
// from `questionnaires/data` at each build, always in the same order.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "../../questionnaires/data");

/// How many activities are named for a time of the day.
const N_USUAL = 14;

/// The esbuild plugin that resolves `tempi:` modules.
export const data = {
  name: "tempi-data",
  setup(build) {
    build.onResolve({ filter: /^tempi:/ }, ({ path }) => ({ path: path.slice("tempi:".length), namespace: "tempi" }));
    build.onLoad({ filter: /.*/, namespace: "tempi" }, async ({ path }) => {
      const [kind, detail] = path.split("/");
      const made = { search: searchWords, usual: usualActivities }[kind];
      if (!made) throw new Error(`there are no data called ${path}`);
      return { contents: JSON.stringify(await made(detail)), loader: "json" };
    });
  },
};

/// What the search knows of a language: the activities with their labels and phrases, and the words that mean the same.
async function searchWords(language) {
  const codes = (await rows("acl2018.csv")).filter(({ level }) => level === "3");
  const phrases = new Map((await rows(`search_${language}.csv`)).map(({ code, phrases }) => [code, phrases.split("; ")]));
  const activities = codes.map((row) => ({ code: row.code, label: row[`label_${language}`], phrases: phrases.get(row.code) }));
  const known = new Set(codes.map(({ code }) => code));
  const wrong = [...known].filter((code) => !phrases.has(code)).concat([...phrases.keys()].filter((code) => !known.has(code)));
  if (wrong.length > 0) throw new Error(`search_${language}.csv: codes without words, or words without a code: ${wrong}`);
  const synonyms = (await rows(`synonyms_${language}.csv`)).map(({ words }) => words.split(" "));
  return { activities, synonyms };
}

/// What is common at a time of the day: for each half-hour from 04:00 on, as far as the source goes, the codes of the activities that most
/// people do then, the commonest first.
async function usualActivities() {
  const activities = await rows("usual_activities.csv");
  const minutesOf = grouped(activities);
  const sum = (group) => minutesOf.get(group).reduce((minutes, row) => minutes + Number(row.minutes), 0);
  return (await rows("usual_times.csv")).map((time) => {
    const share = ({ group, minutes }) => (Number(time[group]) * Number(minutes)) / sum(group);
    return [...activities].sort((one, other) => share(other) - share(one)).slice(0, N_USUAL).map(({ code }) => code);
  });
}

/// The rows of a file of comma-separated values as objects. Lines that begin with `#` are remarks; values with commas stand in quotes.
async function rows(file) {
  const text = await readFile(join(FOLDER, file), "utf8");
  const [head, ...lines] = text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).map(values);
  return lines.map((line) => Object.fromEntries(head.map((name, place) => [name, line[place] ?? ""])));
}

function grouped(activities) {
  const groups = new Map();
  for (const row of activities) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  return groups;
}

function values(line) {
  const found = line.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g);
  const all = [...found].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
  // The last match is the empty one at the end of the line.
  return line.endsWith(",") ? all : all.slice(0, -1);
}
