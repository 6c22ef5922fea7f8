// A software card signs in through the card listener, and only a recognised one does.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";

import { Authority } from "./kit/authority.mjs";
import { SoftwareCard } from "./kit/software_card.mjs";
import { Installation } from "./kit/tempi.mjs";

const FISCAL_CODE = "RSSMRA80A41C707O";

let installation;
before(async () => (installation = await Installation.start()));
after(() => installation?.stop());

/** From the sign-in page to the card listener: what it answers to the card. */
async function presentAtSignIn(card, present = card.present.bind(card)) {
  const signIn = await card.request(`${installation.url}/accesso`);
  const [, address] = /href="([^"]*\/accesso\/carta[^"]*)"/.exec(signIn.text);
  return present(address.replaceAll("&amp;", "&").replaceAll("&#38;", "&"));
}

function ticketOf(page) {
  const [, action] = /<form method="post" action="([^"]+)"/.exec(page.text) ?? assert.fail(page.text);
  const [, ticket] = /name="biglietto" value="([^"]+)"/.exec(page.text) ?? assert.fail(page.text);
  return { action, form: ["--data-urlencode", `biglietto=${ticket}`] };
}

test("a software card signs in with the key on its token", async () => {
  const card = await SoftwareCard.make(installation.folder, installation.authority, FISCAL_CODE);
  assert.equal((await card.request(`${installation.url}/area-personale`)).status, 401, "nobody is signed in yet");

  const handover = await presentAtSignIn(card);
  assert.equal(handover.status, 200, handover.text);
  const { action, form } = ticketOf(handover);
  const signedIn = await card.request(action, ...form);
  assert.equal(signedIn.status, 303, signedIn.text);
  assert.equal((await card.request(`${installation.url}/area-personale`)).status, 200);

  const replayed = await card.request(action, ...form);
  assert.ok(replayed.status >= 400, `a ticket opens once, but the second time answered ${replayed.status}`);
  assert.ok(!installation.log.includes(FISCAL_CODE), "the fiscal code is in the log");
});

test("a card of an unknown authority gets a page that says why, and no session", async () => {
  const stranger = await Authority.create(path.join(installation.folder, "stranger"));
  const card = await SoftwareCard.make(installation.folder, stranger, "BNCGNN92T55C707S");
  const refusal = await presentAtSignIn(card);
  assert.equal(refusal.status, 403);
  assert.match(refusal.text, /Il certificato non è di una carta riconosciuta/);
  assert.equal((await card.request(`${installation.url}/area-personale`)).status, 401);
});

test("without a card in the reader the page says so", async () => {
  const card = await SoftwareCard.make(installation.folder, installation.authority, "CCCFBA85D03L219P");
  const refusal = await presentAtSignIn(card, card.request.bind(card));
  assert.equal(refusal.status, 403);
  assert.match(refusal.text, /Il browser non ha presentato una carta/);
});
