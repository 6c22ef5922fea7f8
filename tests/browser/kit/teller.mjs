// Somebody who tells a day in the editor by touch, as an attentive person would: the shortest way that the page offers. Every touch is
// counted, and every time that something to be touched had first to be scrolled into view.

import assert from "node:assert/strict";

import { clockOf, runs } from "./clock.mjs";

export const FIELDS = ["main", "location", "with_whom", "secondary", "device", "enjoyment"];

export class Teller {
  /** With `touch` off a mouse does what a finger does. */
  constructor(page, { touch = true } = {}) {
    this.page = page;
    this.touch = touch;
    this.acts = 0;
    this.scrolls = 0;
    this.byField = {};
  }

  /** Waits for the editor. */
  async ready() {
    await this.page.locator("#editor:not([hidden])").waitFor();
  }

  /** Waits until the server has everything. */
  async saved() {
    await this.page.locator('[data-standing="saved"]').waitFor();
  }

  /** Touches what is there; answers whether it was. */
  async tap(selector) {
    const target = this.page.locator(selector).first();
    await this.#scroll(target);
    await (this.touch ? target.tap() : target.click());
    this.acts += 1;
  }

  /** Scrolls as a person does, when something is not in sight between the day above and the bar below. */
  async #scroll(target) {
    const isHidden = await target.evaluate((element) => {
      const { top, bottom, left, width } = element.getBoundingClientRect();
      const middle = (top + bottom) / 2;
      if (top < 0 || bottom > innerHeight) return true;
      const seen = document.elementFromPoint(left + width / 2, middle);
      return !(seen && (element.contains(seen) || seen.contains(element)));
    });
    if (!isHidden) return;
    await target.evaluate((element) => element.scrollIntoView({ block: "center" }));
    this.scrolls += 1;
  }

  has(selector) {
    return this.page.locator(selector).count();
  }

  /** Tells a whole day of six timelines. */
  async tell(day) {
    for (const field of FIELDS) {
      const before = this.acts;
      if (field !== "main") await this.turn(field);
      if (field === "main") await this.tellMain(day.main);
      else await this.paint(field, day);
      this.byField[field] = this.acts - before;
    }
  }

  /** Goes on to a field, by the button at the foot where it leads there. */
  async turn(field) {
    const current = `[data-key="step-${field}"][aria-current]`;
    if (await this.has(current)) return;
    const next = this.page.locator('[data-key="next"]');
    if (await next.count()) {
      await this.tap('[data-key="next"]');
      if (await this.has(current)) return;
    }
    await this.tap(`[data-key="step-${field}"]`);
  }

  /** Tells the main activity from the first gap on. */
  async tellMain(timeline) {
    for (const { end, value } of runs(timeline)) {
      await this.choose(value);
      await this.end(end);
    }
  }

  /** Chooses an activity: a tile, else through its group. */
  async choose(code) {
    const tile = `.te-panel [data-code="${code}"]`;
    if (!(await this.has(tile))) await this.tap(code.startsWith("9") ? '[data-key="tile-9"]' : `[data-group="${code[0]}"]`);
    await this.tap(tile);
  }

  /** Says until when, with one more touch where the time is not among those offered. */
  async end(slot) {
    if (await this.has(`.te-times [data-slot="${slot}"]`)) return this.tap(`.te-times [data-slot="${slot}"]`);
    const offered = await this.page.locator(".te-times [data-slot]").evaluateAll((all) => all.map(({ dataset }) => Number(dataset.slot)));
    const near = Math.max(...offered.filter((other) => other < slot && Math.floor(other / 6) === Math.floor(slot / 6)));
    await this.tap(`.te-times [data-slot="${near}"]`);
    await this.tap(`[data-key="finer-${slot}"]`);
  }

  /** Tells a field beside the main one: proposals that are right, then value after value, the most frequent one over all the rest. */
  async paint(field, day) {
    const truth = day[field];
    await this.cut(field, day);
    await this.accept(truth);
    // The person asks what is left after each value, as the list shows it.
    for (let values = await this.#left(truth); values.length > 0; values = await this.#left(truth)) {
      const [value, starts] = values[0];
      await this.dip(field, value);
      if (field !== "secondary" && values.length === 1 && starts.length > 1 && (await this.#restIs(truth, value))) await this.tap('[data-key="rest"]');
      else await this.#touch(starts, day.main, truth);
    }
  }

  /** Touches rows one by one, and says yes when the page offers the same for all other spans of the activity and that is so. */
  async #touch(starts, main, truth) {
    const left = new Set(starts);
    for (const start of starts) {
      if (!left.delete(start)) continue;
      await this.tap(`[data-key="row-${start}"]`);
      const others = (await this.#rows()).filter((row) => !row.isTold && main[row.start] === main[start]);
      const isSo = others.length > 0 && others.every((row) => truth[row.start] === truth[start]);
      if (!isSo || !(await this.has('[data-key="same"]'))) continue;
      await this.tap('[data-key="same"]');
      for (const row of others) left.delete(row.start);
    }
  }

  /** Cuts the rows within which the field changes. */
  async cut(field, day) {
    for (const { start, end } of await this.#rows()) {
      const inside = runs(day[field].slice(start, end));
      if (inside.length < 2) continue;
      for (const piece of inside.slice(1).reverse()) {
        await this.tap(`[data-key="split-${start}"]`);
        await this.end(start + piece.start);
      }
    }
  }

  /** Says yes to proposals that are right. */
  async accept(truth) {
    const isRight = async (button) => {
      const { value, spans } = await button.evaluate((element) => {
        const text = element.closest(".te-proposal").innerText;
        return { value: element.dataset.key.replace("yes-", ""), spans: [...text.matchAll(/(\d\d:\d\d)–(\d\d:\d\d)/g)].map(([, from, to]) => [from, to]) };
      });
      const isSo = (slot) => truth[slot] === value;
      return spans.length > 0 && spans.every(([from, to]) => this.#slots(from, to).every(isSo)) && value;
    };
    for (let found = true; found; ) {
      found = false;
      for (const button of await this.page.locator('[data-key^="yes-"]').all()) {
        const value = await isRight(button);
        if (!value) continue;
        await this.tap(`[data-key="yes-${value}"]`);
        found = true;
        break;
      }
    }
  }

  #slots(from, to) {
    const slot = (clock) => Array.from({ length: 144 }, (_, index) => index).find((index) => clockOf(index) === clock);
    const [start, end] = [slot(from), slot(to) || 144];
    return Array.from({ length: end - start }, (_, index) => start + index);
  }

  /** Rows of the list as they stand: start, end and what they say. */
  async #rows() {
    const rows = await this.page.locator(".te-row-paint .te-row-main:not(:disabled)").evaluateAll((all) =>
      all.map((row) => ({ start: Number(row.dataset.slot), isTold: row.closest(".te-row-told") !== null })),
    );
    return rows.map((row, place) => ({ ...row, end: rows[place + 1]?.start ?? 144 }));
  }

  /** Values that are still to be said, each with the rows it holds for, those with the fewest rows first. */
  async #left(truth) {
    const byValue = new Map();
    for (const { start, isTold } of await this.#rows()) {
      const value = truth[start];
      if (!isTold && value !== "") byValue.set(value, [...(byValue.get(value) ?? []), start]);
    }
    return [...byValue].sort(([, one], [, other]) => one.length - other.length);
  }

  /** Whether everything that the page still asks about says this value. */
  async #restIs(truth, value) {
    const open = await this.page.locator(".te-row-open .te-row-main").evaluateAll((all) => all.map((row) => Number(row.dataset.slot)));
    return open.every((start) => truth[start] === value);
  }

  /** Takes a value up. */
  async dip(field, value) {
    const chip = (code) => `.te-values [data-key="value-${code}"]`;
    if (field === "with_whom") return this.#company(value, chip);
    if (field === "secondary" && !(await this.has(chip(value)))) {
      if (await this.has('[data-key="other"]')) await this.tap('[data-key="other"]');
      return this.choose(value);
    }
    if (!(await this.page.locator(chip(value)).isVisible())) await this.tap('[data-key="more"]');
    if ((await this.page.locator(chip(value)).getAttribute("aria-pressed")) !== "true") await this.tap(chip(value));
  }

  async #company(value, chip) {
    if (await this.has(chip(value))) {
      if ((await this.page.locator(chip(value)).getAttribute("aria-pressed")) !== "true") await this.tap(chip(value));
      if ((await this.#pressed()) === value) return;
    }
    for (const code of "123456") {
      const isOn = (await this.#pressed()).includes(code);
      if (isOn !== value.includes(code) && !(isOn && code === "1" && value !== "")) await this.tap(chip(code));
    }
    assert.equal(await this.#pressed(), value, "the company chosen");
  }

  async #pressed() {
    const pressed = await this.page.locator('.te-values [aria-pressed="true"]').evaluateAll((all) => all.map(({ dataset }) => dataset.code));
    return pressed.filter((code) => code.length === 1).join("");
  }
}
