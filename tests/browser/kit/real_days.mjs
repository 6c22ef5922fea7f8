// Real days of the American Time Use Survey, as half hours of fifteen states, put into the codes of the diary. The microdata stay where they
// are (`TEMPI_REFERENCE_DATA`, or `../shared/data` beside the repository); without them there are none.
//
// What the people mainly did, and when, is real. The survey's file says nothing of the other five fields: they are made here by a rule
// that the editor does not know, so that they vary from episode to episode as people's answers do.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

import { runs } from "./clock.mjs";

const FILE = "atus_sequences_48x30min_2003_2016.csv.gz";
const repository = fileURLToPath(new URL("../../../", import.meta.url));
const folder = process.env.TEMPI_REFERENCE_DATA ?? path.join(repository, "../shared/data");

/** The survey's states and the activity that stands for each; `K`, everything else, is mostly travelling. */
const ACTIVITIES = { A: "615", B: "031", C: "011", D: "821", E: "321", F: "111", G: "362", H: "021", I: "381", J: "361", K: "910", L: "424", M: "211", N: "411", O: "432" };

/** Where each takes place, as a rule; travelling on foot, by car or by public transport, meals and leisure at times elsewhere. */
const PLACES = { A: "19", B: "11", C: "11", D: "11", E: "11", F: "13", G: "16", H: "11", I: "11", J: "16", K: "24", L: "14", M: "13", N: "19", O: "19" };

/** Whether the days are here. */
export const areHere = existsSync(path.join(folder, FILE));

/**
 * `count` days with `least` to `most` episodes of the main activity, drawn evenly over the file's order. Each is its six timelines.
 */
export async function realDays(count, least, most) {
  const text = gunzipSync(await readFile(path.join(folder, FILE))).toString();
  const lines = text.trim().split("\n").slice(1).map((line) => line.split(","));
  const fitting = lines.map(([id, states]) => ({ id, states })).filter(({ states }) => {
    const n = runs([...states]).length;
    return states.length === 48 && n >= least && n <= most;
  });
  const drawn = Array.from({ length: count }, (_, place) => fitting[Math.floor(((place + 0.5) * fitting.length) / count)]);
  return drawn.map(({ states }, number) => dayOf(states, number));
}

function dayOf(states, number) {
  const halves = [...states];
  const fill = (values) => values.flatMap((value) => [value, value, value]);
  const main = fill(halves.map((state) => ACTIVITIES[state]));
  const beside = { location: [], with_whom: [], secondary: [], device: [], enjoyment: [] };
  for (const [place, { start, end, value: state }] of runs(halves).entries()) {
    const said = told(state, start, { before: halves[start - 1], after: halves[end] }, chance(number, place));
    for (const [field, value] of Object.entries(said)) beside[field].push(...Array.from({ length: (end - start) * 3 }, () => value));
  }
  return { main, ...beside };
}

/** What is said beside the main activity; `roll(n)` is a number below n that looks thrown. */
function told(state, half, { before, after }, roll) {
  if (state === "C") return { location: "11", with_whom: "", secondary: "", device: "", enjoyment: "" };
  const isEvening = half >= 28;
  let location = PLACES[state];
  if (state === "H" && before === "F" && after === "F") location = roll(2) ? "15" : "13";
  if (state === "D" && roll(6) === 0) location = "14";
  if (state === "K") location = ["24", "24", "21", "31"][roll(4)];
  const company = { F: "6", M: "6", I: "4", L: "4", J: roll(2) ? "1" : "24", D: isEvening ? "24" : "2", H: isEvening ? "24" : "1", N: "6", O: "6" }[state] ?? "1";
  const secondary = state === "E" || state === "K" ? ["831", "", ""][roll(3)] : state === "H" && isEvening ? ["821", "511", ""][roll(3)] : "";
  const device = state === "F" ? "si" : state === "D" ? ["si", "no"][roll(2)] : roll(8) === 0 ? "si" : "no";
  const usual = { F: 4, E: 3, K: 3, B: 4, H: 5, I: 6, D: 6, A: 6, J: 4 }[state] ?? 5;
  return { location, with_whom: company, secondary, device, enjoyment: String(Math.min(7, Math.max(1, usual + [-1, 0, 0, 1][roll(4)]))) };
}

/** Numbers that look thrown and are always the same (a linear congruence, Numerical Recipes). */
function chance(...seeds) {
  let state = seeds.reduce((sum, seed) => (Math.imul(sum, 31) + seed + 7) >>> 0, 17);
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}
