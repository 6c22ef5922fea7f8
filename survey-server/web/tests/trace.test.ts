import assert from "node:assert/strict";
import { test } from "node:test";

import { Trace } from "../scripts/diary/trace";

test("edits and time are counted by step, without the time of who went away", () => {
  let now = 0;
  const trace = new Trace(360, true, () => now);
  for (const [later, step] of [[4_000, "racconto"], [8_400, "racconto"], [600_000, "racconto"], [9_000, "dettagli"]] as const) {
    now += later;
    trace.edit(step);
  }
  const reports = trace.reports();
  assert.deepEqual(reports, [
    { dispositivo: "phone", modifiche: 3, passo: "racconto", secondi: 10 },
    { dispositivo: "phone", modifiche: 1, passo: "dettagli", secondi: 0 },
  ]);
  now += 7_700;
  trace.edit("racconto");
  trace.arrived(reports);
  assert.deepEqual(trace.reports(), [{ dispositivo: "phone", modifiche: 1, passo: "racconto", secondi: 10 }], "the rest of two reports makes ten seconds");
  trace.edit("dettagli");
  trace.arrived(trace.reports());
  assert.deepEqual(trace.reports(), []);
});

test("a screen that is not touched is a desktop's", () => {
  for (const [width, isTouched, device] of [[360, true, "phone"], [800, true, "tablet"], [360, false, "desktop"]] as const) {
    const trace = new Trace(width, isTouched, () => 0);
    trace.edit("dettagli");
    assert.equal(trace.reports()[0]?.dispositivo, device);
  }
});
