// A citizen's way through the site, from the card to "la mia giornata". It finds its way by addresses, field ids and
// values, so that the same journey runs in every language, on every screen, and with or without JavaScript.

import assert from "node:assert/strict";

/** The answers given, by question; every other question does not come up for this person. */
export const ANSWERS = {
  individuale: {
    sex: "F",
    gender: "woman",
    age: 46,
    citizenship: "italian",
    zone: "nord",
    work_status: "employed",
    weekly_hours: 38,
    work_pattern: "fixed_daytime",
    study: "none",
    commutes: "other_municipality",
    children_ages: ["6_10", "11_13"],
    cares_for_adult: "yes",
    care_hours: 5,
  },
  famiglia: {
    household_size: 4,
    household_type: "couple_with_children",
    household_minors: 2,
    ...member(1, { relation: "partner", sex: "M", age: 48, needs_help: "no" }),
    ...member(2, { relation: "child", sex: "F", age: 12, needs_help: "no" }),
    ...member(3, { relation: "child", sex: "M", age: 8, needs_help: "yes", childcare: ["school", "relatives"] }),
    paid_help: "no",
  },
  settimana: {
    has_paid_work: "yes",
    week_repeats: "same",
    who_decides_hours: "within_limits",
    "work_hours.monday.start_1": "08:30",
    "work_hours.monday.end_1": "13:00",
    "work_hours.monday.start_2": "14:00",
    "work_hours.monday.end_2": "18:30",
    "work_hours.saturday.start_1": "22:00",
    "work_hours.saturday.end_1": "06:00",
  },
  "tempi-della-citta": {
    services_used: ["registry", "transport"],
    ...service("registry", { collides: "often", travel: 15, wait: 40, wished: ["after_18", "saturday"], online: "would" }),
    ...service("transport", { collides: "sometimes", travel: 5, wished: ["as_now"], online: "prefers_not" }),
    gives_up: "several",
    errands_from: "17:30",
  },
};

/** What is answered about a day that was told, by the end of the questionnaire's address. */
export const ABOUT_THE_DAY = Object.fromEntries(
  ["whole", "work_time", "care_time", "own_time"].map((row) => [`day_satisfaction.${row}.satisfied`, "satisfied"]),
);

function member(number, { relation, sex, age, needs_help, childcare }) {
  const answers = { relation, sex, age, needs_help, ...(childcare ? { childcare } : {}) };
  return Object.fromEntries(Object.entries(answers).map(([name, value]) => [`members.${number}.member_${name}`, value]));
}

function service(name, { collides, travel, wait, wished, online }) {
  const answers = { collides, travel_minutes: travel, wished_hours: wished, online, ...(wait ? { wait_minutes: wait } : {}) };
  return Object.fromEntries(Object.entries(answers).map(([column, value]) => [`service_hours.${name}.${column}`, value]));
}

/** The day told: codes of activity, place, company and secondary activity; device and enjoyment where stated. */
export const DAY = [
  { from: "04:00", to: "07:00", main: "011", location: "11" },
  { from: "07:00", to: "07:30", main: "031", location: "11", company: ["1"] },
  { from: "07:30", to: "08:00", main: "021", location: "11", company: ["2", "4"], secondary: "831", enjoyment: 6 },
  { from: "08:00", to: "08:30", main: "910", location: "24", company: ["1"] },
  { from: "08:30", to: "13:00", main: "111", location: "13", company: ["6"], device: true, enjoyment: 4 },
  { from: "13:00", to: "13:30", main: "021", location: "15", company: ["6"], enjoyment: 5 },
  { from: "13:30", to: "17:30", main: "111", location: "13", company: ["6"], device: true, enjoyment: 3 },
  { from: "17:30", to: "18:00", main: "910", location: "24", company: ["1"] },
  { from: "18:00", to: "19:00", main: "311", location: "11", company: ["4"], secondary: "381", device: false },
  { from: "19:00", to: "20:00", main: "021", location: "11", company: ["2", "4"], enjoyment: 7 },
  { from: "20:00", to: "22:30", main: "821", location: "11", company: ["2"], device: false, enjoyment: 5 },
  { from: "22:30", to: "04:00", main: "011", location: "11" },
];

export class Citizen {
  /**
   * A citizen before a browser page. `look(page, state)` is called wherever a new page, or a new state of one, shows.
   */
  constructor(page, url, look = async () => {}) {
    this.page = page;
    this.url = url;
    this.look = (state) => look(page, state);
    /** Called with the address of a section of a questionnaire that is filled in and not sent yet. */
    this.filled = async () => {};
  }

  /** From the home page through the card listener to the personal area; without JavaScript the form waits for a press. */
  async signInWithCard({ javaScript = true } = {}) {
    await this.visit("/", "home");
    await this.visit("/accesso", "sign-in");
    await this.page.locator('a[href*="/accesso/carta"]').click();
    if (!javaScript) await this.page.locator("#passaggio button").click();
    await this.#arriveAtPersonalArea();
  }

  /** With the demonstration's simulated reader, as the citizen of this number. */
  async signInSimulated(number) {
    await this.visit("/accesso/simulato", "simulated reader");
    await this.page.locator("main button[type=submit]").nth(number).click();
    await this.#arriveAtPersonalArea();
  }

  async #arriveAtPersonalArea() {
    await this.page.waitForURL(`${this.url}/area-personale`).catch(async (error) => {
      throw new Error(`not signed in, but at ${this.page.url()}: ${await this.page.locator("h1").first().textContent()}`, { cause: error });
    });
    await this.look("personal area, signed in");
  }

  async consent() {
    await this.page.locator('main a[href="/consenso"]').click();
    await this.look("privacy notice");
    await this.#submit('form[action="/consenso"]');
    await this.look("after consent");
  }

  /** Fills in every section of a questionnaire and hands it in; the first section is first sent blank. */
  async answer(questionnaire, answers = ANSWERS[questionnaire]) {
    await this.visit(`/questionari/${questionnaire}`, `${questionnaire}, first section`);
    await this.#submit("main form");
    await this.look(`${questionnaire}, sent blank`);
    assert.ok(await this.page.locator("#errori").isVisible(), "a blank section is not refused");
    const summary = `${this.url}/questionari/${questionnaire}/riepilogo`;
    // A section comes back when an answer on it brings further questions.
    for (let sent = 0; this.page.url() !== summary; sent += 1) {
      assert.ok(sent < 10, `the questionnaire does not come to its end: ${this.page.url()}`);
      for (const [question, answer] of Object.entries(answers)) await this.#give(question, answer);
      await this.filled(this.page.url());
      await this.#submit("main form");
      assert.equal(await this.page.locator("#errori").count(), 0, `not accepted: ${await this.#complaint()}`);
      await this.look(`${questionnaire}, ${this.page.url()}`);
    }
    await this.#submit("main form");
    await this.look(`${questionnaire}, receipt`);
  }

  async #give(question, answer) {
    if (typeof answer === "number") {
      const field = this.page.locator(`input[id="${question}"]`);
      if (await field.count()) await field.fill(String(answer));
      return;
    }
    const typed = this.page.locator(`:is(input[type=time], textarea)[id="${question}"]`);
    if (await typed.count()) {
      await typed.fill(answer);
      return;
    }
    for (const value of [answer].flat()) {
      const box = this.page.locator(`input[name="${question}"][value="${value}"]:is([type=radio], [type=checkbox])`);
      // The label is what people press: the box itself may be drawn by the design system.
      if ((await box.count()) && !(await box.isChecked())) {
        await this.page.locator(`label[for="${await box.getAttribute("id")}"]`).click();
      }
    }
  }

  /** Chooses the latest weekday on offer; answers its date. */
  async chooseDay() {
    await this.visit("/diario", "choice of the day");
    const day = this.page.locator('main a[href^="/diario/2"]').first();
    const path = await day.getAttribute("href");
    await day.click();
    await this.look("blank day");
    return path.split("/").pop();
  }

  /** Tells the whole day; the first span is first sent with an end before its start. */
  async tell(day) {
    await this.fill({ ...day[0], from: "10:00", to: "09:00" });
    await this.#submit("main form", "salva");
    await this.look("impossible span");
    assert.ok(await this.page.locator("#errori").isVisible(), "an impossible span is not refused");
    assert.equal(await this.page.locator("#attivita").inputValue(), day[0].main, "what was typed is lost");
    for (const span of day) {
      await this.fill(span);
      await this.#submit("main form", "salva");
      assert.equal(await this.page.locator("#errori").count(), 0, `refused: ${await this.#complaint()}`);
      if (span === day[2]) await this.#lookHalfWay();
    }
    await this.look("day complete");
  }

  /** A day that is not complete cannot be handed in: the review says what is missing. */
  async #lookHalfWay() {
    await this.look("day begun");
    const { pathname } = new URL(this.page.url());
    await this.visit(`${pathname}/revisione`, "review of a day begun");
    assert.ok(await this.page.locator(`main a[href^="${pathname}"]`).count(), "the review does not lead to the gap");
    assert.equal(await this.page.locator('form[action$="/consegna"]').count(), 0, "half a day can be handed in");
    await this.visit(pathname, "day taken up again");
  }

  /** Types a span into the form without sending it. */
  async fill(span) {
    await this.page.selectOption("#dalle", span.from);
    await this.page.selectOption("#alle", span.to);
    await this.page.selectOption("#attivita", span.main);
    await this.page.selectOption("#luogo", span.location);
    await this.page.selectOption("#contemporanea", span.secondary ?? "");
    for (const code of span.company ?? []) await this.#give("con", code);
    if (span.device !== undefined) await this.#give("dispositivo", span.device ? "si" : "no");
    if (span.enjoyment) await this.#give("gradimento", String(span.enjoyment));
  }

  /** Confirms what the review asks and hands the day in. */
  async handIn(date) {
    await this.visit(`/diario/${date}/revisione`, "review");
    const confirm = this.page.locator('button[name="domanda"]');
    assert.ok((await confirm.count()) > 0, "the review asks nothing about going to lunch without a way");
    for (let n = await confirm.count(); n > 0; n = await confirm.count()) await confirm.first().click();
    await this.look("review confirmed");
    await this.#submit(`form[action="/diario/${date}/consegna"]`);
    assert.equal(this.page.url(), `${this.url}/diario/${date}/giornata`);
    await this.look("the day told back");
  }

  async visit(path, state) {
    await this.page.goto(this.url + path);
    await this.look(state);
  }

  async #submit(form, action) {
    const button = action ? `button[name="azione"][value="${action}"]` : "button[type=submit]";
    await this.page.locator(`${form} ${button}`).first().click();
  }

  async #complaint() {
    const errors = this.page.locator("#errori, .alert-danger, h1");
    return (await errors.allInnerTexts()).join(" / ");
  }
}
