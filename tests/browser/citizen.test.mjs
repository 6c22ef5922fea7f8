// The whole way of a citizen on a phone: card, consent, questionnaires, a day, and its arrival in the export.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { readCard } from "./kit/authority.mjs";
import { launch, PHONE, profile } from "./kit/browser.mjs";
import { timelines } from "./kit/clock.mjs";
import { ABOUT_THE_DAY, ANSWERS, Citizen, DAY } from "./kit/journey.mjs";
import { filesWith, readTable } from "./kit/snapshot.mjs";
import { Teller } from "./kit/teller.mjs";
import { Installation } from "./kit/tempi.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

for (const javaScript of [true, false]) {
  test(`a citizen hands in a day with JavaScript ${javaScript ? "on, its form at hand since the editor did not arrive" : "off"}`, async (t) => {
    const fiscalCode = javaScript ? "RSSMRA80A41C707O" : "BNCGNN92T55C707S";
    const installation = await Installation.start();
    t.after(() => installation.stop());
    const files = await installation.authority.issueCard(fiscalCode);
    const card = { origin: installation.cardUrl, ...(await readCard(files)) };
    const context = await profile(browser, { screen: PHONE, javaScript, card, editor: false });
    t.after(() => context.close());
    const strangers = [];
    context.on("request", (request) => {
      const { origin } = new URL(request.url());
      if (![installation.url, installation.cardUrl].includes(origin)) strangers.push(request.url());
    });

    const page = await context.newPage();
    const citizen = new Citizen(page, installation.url);
    await citizen.signInWithCard({ javaScript });
    await citizen.consent();
    for (const questionnaire of Object.keys(ANSWERS)) await citizen.answer(questionnaire);
    const date = await citizen.chooseDay();
    await citizen.tell(DAY);
    await citizen.handIn(date);
    await page.locator('main a[href="/questionari/fine-giornata.weekday"]').click();
    await citizen.answer("fine-giornata.weekday", ABOUT_THE_DAY);

    await page.goto(`${installation.url}/diario/${date}/giornata`);
    const told = await page.locator("main").innerText();
    for (const words of ["Lavoro retribuito", "8 h 30 min", "20:00", "Guardare TV"]) {
      assert.ok(told.includes(words), `“${words}” is missing from the day told back:\n${told}`);
    }
    await page.goto(`${installation.url}/diario/${date}`);
    assert.equal(page.url(), `${installation.url}/diario/${date}/giornata`, "a day handed in can be told again");

    const snapshot = await installation.export();
    await assertExported(snapshot, date);
    assert.deepEqual(await filesWith(snapshot, fiscalCode), []);
    assert.ok(!installation.log.includes(fiscalCode), "the fiscal code is in the log");
    assert.deepEqual(strangers, [], "a page asks for something from outside");
  });
}

test("how a day was filled in leaves with it, of who agreed to that and from when they agreed", async (t) => {
  const installation = await Installation.start();
  t.after(() => installation.stop());
  const files = await installation.authority.issueCard("RSSMRA80A41C707O");
  const card = { origin: installation.cardUrl, ...(await readCard(files)) };
  const context = await profile(browser, { screen: PHONE, touch: true, card });
  t.after(() => context.close());
  const page = await context.newPage();
  const reported = [];
  page.on("request", (request) => request.method() === "POST" && request.url().endsWith("/dati") && reported.push(new URLSearchParams(request.postData()).get("percorso")));
  const citizen = new Citizen(page, installation.url);
  await citizen.signInWithCard();
  await citizen.consent();
  await citizen.answer("individuale");
  const date = await citizen.chooseDay();
  const teller = new Teller(page);
  await teller.ready();
  const day = timelines(DAY);
  await teller.tellMain(day.main);
  await teller.saved();
  assert.ok(reported.length > 0 && reported.every((report) => report === null), "something was reported before anybody agreed");

  await page.goto(`${installation.url}/consenso`);
  await page.locator('button[name="percorso"][value="si"]').click();
  await page.goto(`${installation.url}/diario/${date}`);
  await teller.ready();
  await teller.turn("location");
  await teller.paint("location", day);
  await teller.saved();
  const edits = reported.filter(Boolean).flatMap((report) => JSON.parse(report)).reduce((sum, { modifiche }) => sum + modifiche, 0);
  assert.ok(edits > 3, "the saves say how the day was filled in");
  await citizen.handIn(date);

  const snapshot = await installation.export();
  const [kept, ...others] = await readTable(snapshot, "paradata");
  assert.equal(others.length, 0);
  const [diary] = await readTable(snapshot, "diaries");
  const { device, n_edits, minutes_telling } = kept;
  assert.deepEqual([kept.diary_id, device, n_edits, minutes_telling], [diary.diary_id, "phone", String(edits), "0"]);
});

test("who signs out can sign in again with the card still in the reader", async (t) => {
  const installation = await Installation.start();
  t.after(() => installation.stop());
  const files = await installation.authority.issueCard("RSSMRA80A41C707O");
  const card = { origin: installation.cardUrl, ...(await readCard(files)) };
  const context = await profile(browser, { screen: PHONE, card });
  t.after(() => context.close());
  const page = await context.newPage();
  const citizen = new Citizen(page, installation.url);
  await citizen.signInWithCard();
  await page.getByRole("button", { name: "Esci" }).click();
  await page.waitForURL(`${installation.url}/`);
  await citizen.signInWithCard();
  assert.equal(await page.getByRole("button", { name: "Esci" }).count(), 1, "the person is signed in again");
});

/** The snapshot holds this one citizen, field by field. */
async function assertExported(snapshot, date) {
  const [person, ...others] = await readTable(snapshot, "persons");
  assert.equal(others.length, 0);
  const { sex, age, zone } = person;
  assert.deepEqual({ sex, age, zone }, { sex: "F", age: "46", zone: "nord" });

  const [diary, ...otherDays] = await readTable(snapshot, "diaries");
  assert.equal(otherDays.length, 0);
  assert.equal(diary.person_id, person.person_id);
  assert.deepEqual([diary.day_kind, diary.month, diary.grade], ["weekday", date.slice(0, 7), "good"]);

  const episodes = await readTable(snapshot, "episodes");
  const { diary_id } = diary;
  assert.deepEqual(episodes, DAY.map((span) => expectedEpisode(diary_id, span)));

  const answers = (await readTable(snapshot, "answers")).map(({ question, value }) => `${question}=${value}`);
  const aboutTheDay = Object.entries(ABOUT_THE_DAY).map(([question, answer]) => [`${question}.weekday`, answer]);
  const given = [...Object.values(ANSWERS).flatMap(Object.entries), ...aboutTheDay];
  const expected = given.flatMap(([question, answer]) => [answer].flat().map((value) => `${question}=${value}`));
  assert.deepEqual(answers.sort(), expected.sort());
}

function expectedEpisode(diary_id, span) {
  const start = minutesSinceFour(span.from);
  const end = span.to === "04:00" ? 24 * 60 : minutesSinceFour(span.to);
  return {
    diary_id,
    start_minute: String(start),
    minutes: String(end - start),
    main: span.main,
    secondary: span.secondary ?? "",
    location: span.location,
    with_whom: (span.company ?? []).join(""),
    device: span.device === undefined ? "" : String(Number(span.device)),
    enjoyment: String(span.enjoyment ?? ""),
  };
}

function minutesSinceFour(clock) {
  const [hours, minutes] = clock.split(":").map(Number);
  return ((hours + 20) % 24) * 60 + minutes;
}
