// Somebody who tells a day in the editor with nothing but a keyboard. Every key is counted. Before each key the focus must be somewhere that
// can be seen.

import assert from "node:assert/strict";

import { clockOf, runs } from "./clock.mjs";
import { FIELDS } from "./teller.mjs";

/** What the person types to find an activity, in Italian. */
const WORDS = { "011": "dorm", "021": "mang", "031": "lav", "111": "lavor", "910": "andare al lavoro", "311": "cucin", "821": "tv", "831": "radio", "381": "badare" };

export class Typist {
  constructor(page) {
    this.page = page;
    this.keys = 0;
    this.byField = {};
    this.spoken = [];
  }

  async press(key) {
    await this.page.keyboard.press(key);
    this.keys += 1;
  }

  async type(text) {
    for (const letter of text) await this.press(letter === " " ? "Space" : letter);
  }

  /** The focused element: its key, whether its focus can be seen, and whether it lies under something. */
  focus() {
    return this.page.evaluate(() => {
      const element = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const around = getComputedStyle(element.closest(".te-search") ?? element);
      const { top, bottom, left, right } = element.getBoundingClientRect();
      const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      return {
        key: element.dataset.key ?? element.id,
        isVisible: (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || (around.outlineStyle !== "none" && parseFloat(around.outlineWidth) >= 2),
        isClear: seen !== null && (element.contains(seen) || seen.contains(element)),
      };
    });
  }

  async #assertSeen(where) {
    const { key, isVisible, isClear } = await this.focus();
    assert.ok(isVisible, `the focus on ${key} (${where}) cannot be seen`);
    assert.ok(isClear, `the focus on ${key} (${where}) lies under something`);
  }

  /** Presses Tab until the element with this key has the focus. */
  async tabTo(key, atMost = 60) {
    for (let n = 0; n < atMost; n += 1) {
      if ((await this.focus()).key === key) return;
      await this.press("Tab");
    }
    assert.fail(`Tab does not lead to ${key}`);
  }

  /** Presses the down arrow until the element with this key has the focus. */
  async downTo(key, atMost = 60) {
    for (let n = 0; n < atMost; n += 1) {
      if ((await this.focus()).key === key) return;
      await this.press("ArrowDown");
    }
    assert.fail(`the arrow does not lead to ${key}`);
  }

  async heard() {
    return this.page.locator("#te-live").innerText();
  }

  async tell(day) {
    for (const field of FIELDS) {
      const before = this.keys;
      if (field === "main") await this.tellMain(day.main);
      else if (field === "secondary") await this.tellMeanwhile(day);
      else await this.answer(field, day[field]);
      this.byField[field] = this.keys - before;
    }
  }

  async tellMain(timeline) {
    await this.tabTo("search");
    for (const { end, value } of runs(timeline)) {
      await this.#assertSeen("search");
      await this.type(WORDS[value]);
      await this.press("Enter");
      await this.#assertSeen("time");
      assert.equal((await this.focus()).key, "time", `after “${WORDS[value]}” the end is not asked`);
      await this.type(clockOf(end).replace(":", "").replace(/^0/, ""));
      await this.press("Enter");
      this.spoken.push(await this.heard());
    }
  }

  /** Goes on with the button at the foot where it leads on, else with that of the field. */
  async turn(field) {
    const isCurrent = () => this.page.locator(`[data-key="step-${field}"][aria-current]`).count();
    for (const button of ["next", `step-${field}`]) {
      if ((await isCurrent()) || !(await this.page.locator(`[data-key="${button}"]`).count())) continue;
      await this.tabTo(button, 120);
      await this.#assertSeen(button);
      await this.press("Enter");
    }
  }

  /** From the question down into the list; a number answers, the arrow goes on. */
  async answer(field, truth) {
    await this.turn(field);
    await this.press("ArrowDown");
    const starts = await this.page.locator(".te-row-paint .te-row-main:not(:disabled)").evaluateAll((all) => all.map(({ dataset }) => dataset.slot));
    const first = Number((await this.focus()).key.replace("row-", ""));
    for (const start of starts.map(Number).filter((slot) => slot >= first)) {
      await this.#assertSeen(`row ${start}`);
      for (const number of await this.#numbers(field, truth[start])) await this.press(String(number));
      if (truth[start] !== "") this.spoken.push(await this.heard());
      await this.press("ArrowDown");
    }
  }

  async #numbers(field, value) {
    if (value === "") return [];
    const codes = await this.page.locator(".te-values .te-chip[data-code]").evaluateAll((all) => all.map(({ dataset }) => dataset.code));
    const wanted = field === "with_whom" ? [...value] : [value];
    return wanted.map((code) => codes.indexOf(code) + 1);
  }

  /** Finds what was done meanwhile, then gives it to its spans with the space bar. */
  async tellMeanwhile(day) {
    await this.turn("secondary");
    for (const value of new Set(day.secondary.filter((code) => code !== ""))) {
      if (await this.page.locator('[data-key="other"]').count()) {
        await this.page.locator("#te-question").focus();
        await this.tabTo("other");
        await this.press("Enter");
      }
      await this.tabTo("search");
      await this.type(WORDS[value]);
      await this.press("Enter");
      for (const { start } of runs(day.secondary).filter((run) => run.value === value)) {
        await this.downTo(`row-${start}`);
        await this.#assertSeen(`row ${start}`);
        await this.press("Space");
      }
    }
  }
}
