// Who is not let in, in both languages, on a phone and on a desktop: each refusal says why and what to do next, and has no
// finding of axe-core. Set TEMPI_SHOTS to a folder to keep a picture of each.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";

import { Authority, BAD_CARDS, readCard } from "./kit/authority.mjs";
import { launch } from "./kit/browser.mjs";
import { LOOKS, observer } from "./kit/observer.mjs";
import { IdentityProvider, keyPair, LEVELS } from "./kit/provider.mjs";
import { Installation } from "./kit/tempi.mjs";
import { Visitor } from "./kit/visitor.mjs";

const FISCAL_CODE = "RSSMRA80A41C707O";
/** Somebody who is in no register. */
const STRANGER = "CCCFBA85D03L219P";
const HEADER = "codice_fiscale;sesso;data_nascita;zona;id_famiglia";

let browser;
/** For residents, with a register and another site to sign in with. */
let residents;
/** For residents, before the register was brought in. */
let early;
/** For residents and city users. */
let cityUsers;
let idp;

async function withRegister(installation, code = FISCAL_CODE) {
  const file = path.join(installation.folder, "anagrafe.csv");
  await writeFile(file, `${HEADER}\n${code};F;1980-01-01;nord;1\n`);
  await installation.tempi("residents", "import", file, "--report", path.join(installation.folder, "report.csv"));
}

before(async () => {
  const theirs = await keyPair("RS256", { kid: "first" });
  [browser, early, cityUsers, residents] = await Promise.all([
    launch(),
    Installation.start(async () => '[participation]\nwho = "residents"\n[limits]\nsign_ins_per_minute = 10000\n'),
    Installation.start(async () => '[participation]\nwho = "residents_and_city_users"\n[limits]\nsign_ins_per_minute = 10000\n'),
    Installation.start(async ({ folder, authority }) => {
      idp = await IdentityProvider.listen(authority);
      const keyFile = path.join(folder, "provider.key");
      await writeFile(keyFile, (await keyPair("ES256")).pem, { mode: 0o600 });
      return `[participation]
who = "residents"
contact = "Ufficio Tempi, tel. 02 1234567, lunedì e giovedì dalle 9 alle 12"
[limits]
sign_ins_per_minute = 10000
[outbound]
roots = "${authority.certificate}"
[provider.regione]
name = "Regione di prova"
issuer = "${idp.issuer}"
client_id = "tempi"
key_file = "${keyFile}"
acr = ["${LEVELS[1]}"]
`;
    }),
  ]);
  await idp.serve({
    keys: [theirs.private],
    clients: [
      {
        client_id: "tempi",
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "ES256",
        redirect_uris: [`${residents.url}/accesso/ritorno/regione`],
        jwks: JSON.parse((await new Visitor(await readFile(residents.authority.certificate)).get(`${residents.url}/accesso/chiavi`)).body),
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
  });
  await Promise.all([withRegister(residents), withRegister(cityUsers)]);
});
after(async () => {
  await Promise.all([browser?.close(), residents?.stop(), early?.stop(), cityUsers?.stop()]);
  await idp?.stop();
});

/** A fiscal code of somebody who is so many years old: letters, date and place, then the check character. */
function codeOfAge(years) {
  const year = String(new Date().getFullYear() - years).slice(2);
  return checked(`RSSNNA${year}A41L219`);
}

/** The check character (decree of 23 December 1976): values of odd places by table, of even places by order. */
function checked(code) {
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
  const rank = (sign) => (/\d/.test(sign) ? Number(sign) : sign.charCodeAt(0) - 65);
  const sum = [...code].reduce((sum, sign, place) => sum + (place % 2 === 0 ? odd[rank(sign)] : rank(sign)), 0);
  return code + String.fromCharCode(65 + (sum % 26));
}

/** The card listener's answer to a card, in this look. */
async function present(t, installation, look, files, state, folder) {
  const card = files && { origin: installation.cardUrl, ...(await readCard(files)) };
  const seen = await observer(t, browser, { ...look, card }, folder);
  await seen.page.goto(`${installation.cardUrl}/accesso/carta?richiesta=${"0".repeat(64)}&lingua=${look.language}`);
  await seen.look(seen.page, state);
  // Every refusal leads on: to another try, to the first page, or to an office.
  assert.ok(await seen.page.locator("main a.btn").count(), `${state} leads nowhere`);
  return seen;
}

for (const look of LOOKS) {
  const name = `${look.language}, ${look.screen.width} px`;

  test(`refused cards: ${name}`, async (t) => {
    const foreign = await Authority.create(path.join(residents.folder, `foreign-${look.language}-${look.screen.width}`));
    const cards = { "no-certificate": undefined, "foreign-issuer": await foreign.issueCard(FISCAL_CODE) };
    for (const reason of Object.keys(BAD_CARDS)) cards[reason] = await residents.authority.issueBadCard(reason, FISCAL_CODE);
    const titles = new Set();
    for (const [reason, files] of Object.entries(cards)) {
      const { page, found } = await present(t, residents, look, files, reason, "refused-cards");
      titles.add(await page.locator("h1").innerText());
      assert.deepEqual(found, []);
    }
    assert.equal(titles.size, Object.keys(cards).length, `reasons have pages of their own: ${[...titles]}`);
  });

  test(`who may not take part: ${name}`, async (t) => {
    const cases = {
      "not-resident": [residents, STRANGER, /Ufficio Tempi, tel\. 02 1234567/],
      "no-register": [early, FISCAL_CODE, /Comune di Prova/],
      "too-young": [cityUsers, codeOfAge(8), /Comune di Prova/],
      "parent-must-agree": [cityUsers, codeOfAge(12), /Comune di Prova/],
    };
    const titles = new Set();
    for (const [reason, [installation, code, whereToTurn]] of Object.entries(cases)) {
      const files = await installation.authority.issueCard(code);
      const { page, found } = await present(t, installation, look, files, reason, "not-admitted");
      titles.add(await page.locator("h1").innerText());
      assert.match(await page.locator("main").innerText(), whereToTurn, `${reason} does not say whom to ask`);
      assert.deepEqual(found, []);
    }
    assert.equal(titles.size, 4, [...titles].join());
  });

  test(`what city users declare: ${name}`, async (t) => {
    const card = { origin: cityUsers.cardUrl, ...(await readCard(await cityUsers.authority.issueCard(STRANGER))) };
    const { page, look: see, found } = await observer(t, browser, { ...look, card }, "city-users");
    await page.goto(`${cityUsers.url}/accesso`);
    await page.locator('a[href*="/accesso/carta"]').click();
    await page.waitForURL(`${cityUsers.url}/area-personale`);
    await see(page, "personal area");
    await page.goto(`${cityUsers.url}/consenso`);
    await see(page, "notice before the declaration");
    await page.goto(`${cityUsers.url}/area-personale/citta`);
    await see(page, "declaration");
    const save = page.locator('form[action="/area-personale/citta"] button');
    if (!(await page.locator('form[action="/area-personale/citta/cancellazione"]').count())) {
      await save.click();
      await see(page, "declaration sent blank");
      assert.ok(await page.locator("#errori").isVisible(), "a blank declaration is not refused");
      await page.locator('label[for="rapporto-0"]').click();
      await page.locator('label[for="zona-1"]').click();
    }
    await save.click();
    await page.waitForURL(`${cityUsers.url}/area-personale`);
    await see(page, "personal area, declared");
    await page.goto(`${cityUsers.url}/area-personale/citta`);
    await see(page, "declared");
    await page.goto(`${cityUsers.url}/area-personale/dati`);
    await see(page, "one's own data with the declaration");
    await page.goto(`${cityUsers.url}/area-personale/citta`);
    await page.locator('form[action="/area-personale/citta/cancellazione"] button').click();
    await see(page, "declaration deleted");
    assert.equal(await page.locator('form[action="/area-personale/citta/cancellazione"]').count(), 0);
    // A resident has nothing to declare, and reads the line of the register.
    const own = { origin: cityUsers.cardUrl, ...(await readCard(await cityUsers.authority.issueCard(FISCAL_CODE))) };
    const resident = await observer(t, browser, { ...look, card: own }, "city-users");
    await resident.page.goto(`${cityUsers.url}/accesso`);
    await resident.page.locator('a[href*="/accesso/carta"]').click();
    await resident.page.waitForURL(`${cityUsers.url}/area-personale`);
    await resident.page.goto(`${cityUsers.url}/area-personale/citta`);
    await resident.look(resident.page, "nothing to declare");
    await resident.page.goto(`${cityUsers.url}/area-personale/dati`);
    await resident.look(resident.page, "the line of the register");
    assert.match(await resident.page.locator("#anagrafe + p + dl").innerText(), /RSSMRA80A41C707O/);
    assert.deepEqual([...found, ...resident.found], []);
  });

  test(`refused by another site: ${name}`, async (t) => {
    const { page, look: see, found } = await observer(t, browser, look, "federation");
    const refusals = {
      cancelled: { error: "access_denied" },
      "not-recognised": { error: "access_denied", description: "ErrorCode nr19" },
      level: { error: "access_denied", description: "ErrorCode nr20" },
      suspended: { error: "access_denied", description: "ErrorCode nr23" },
      "timed-out": { error: "access_denied", description: "ErrorCode nr21" },
      "consent-denied": { error: "access_denied", description: "ErrorCode nr22" },
      "other-kind": { error: "access_denied", description: "ErrorCode nr30" },
      down: { error: "temporarily_unavailable" },
      "not-accepted": { error: "invalid_request" },
    };
    const titles = new Set();
    const told = async (state) => {
      await see(page, state);
      titles.add(await page.locator("h1").innerText());
      assert.ok(await page.locator("main a.btn").count(), `${state} leads nowhere`);
    };
    await page.goto(`${residents.url}/accesso?lingua=${look.language}`);
    await see(page, "sign-in with another door");
    await page.goto(`${residents.url}/accesso/ritorno/regione?error=access_denied&state=unknown`);
    await told("not-begun");
    for (const [state, refusal] of Object.entries(refusals)) {
      idp.refusal = refusal;
      await page.goto(`${residents.url}/accesso/con/regione`);
      await page.getByRole("button", { name: "Annulla" }).click();
      await page.waitForURL(`${residents.url}/accesso/ritorno/**`);
      await told(state);
    }
    const enter = async (state) => {
      // The provider knows nobody from before.
      await page.context().clearCookies();
      await page.goto(`${residents.url}/accesso/con/regione`);
      await page.getByRole("button", { name: "Entra" }).click();
      await page.waitForURL(`${residents.url}/accesso/ritorno/**`);
      await told(state);
    };
    try {
      idp.person = { fiscalCode: "nobody", acr: LEVELS[1] };
      await enter("no-fiscal-code");
      idp.person = { fiscalCode: STRANGER, acr: LEVELS[1] };
      await enter("not-resident");
      idp.spoil = { token: (context) => void (context.body = { ...context.body, id_token: "a.b.c" }) };
      await enter("not-believed");
    } finally {
      idp.spoil = {};
    }
    assert.equal(titles.size, 13, [...titles].join());
    assert.deepEqual(found, []);
  });
}
