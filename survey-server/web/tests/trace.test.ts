import assert from "node:assert/strict";
import { test } from "node:test";

import { Trace } from "../scripts/diary/trace";

test("edits and time are counted by step, without the time of who went away", () => {
  let now = 0;
  const trace = new Trace(() => now);
  for (const [later, step] of [[4_000, "racconto"], [6_400, "racconto"], [600_000, "racconto"], [9_000, "dettagli"]] as const) {
    now += later;
    trace.edit(step);
  }
  assert.deepEqual(trace.take(360, true), [
    { dispositivo: "phone", modifiche: "3", passo: "racconto", secondi: "10" },
    { dispositivo: "phone", modifiche: "1", passo: "dettagli", secondi: "9" },
  ]);
  assert.deepEqual(trace.take(360, true), []);
  trace.edit("dettagli");
  assert.equal(trace.take(1280, false)[0]?.dispositivo, "desktop");
});
