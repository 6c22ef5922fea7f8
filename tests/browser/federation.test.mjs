// Signing in with another site: a certified OpenID Connect provider that is not ours, and everything somebody may try
// in between.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";

import { decodeJwt, decodeProtectedHeader, exportSPKI, importJWK, SignJWT } from "jose";

import { readCard } from "./kit/authority.mjs";
import { launch, profile } from "./kit/browser.mjs";
import { Citizen } from "./kit/journey.mjs";
import { IdentityProvider, keyPair, LEVELS } from "./kit/provider.mjs";
import { Installation } from "./kit/tempi.mjs";
import { Visitor } from "./kit/visitor.mjs";

const FISCAL_CODE = "RSSMRA80A41C707O";
const OTHER_FISCAL_CODE = "BNCGNN92T55C707S";

let idp;
let installation;
let authority;
let keys;

before(async () => {
  keys = { ours: await keyPair("ES256"), theirs: await keyPair("RS256", { kid: "first" }) };
  installation = await Installation.start(async ({ folder, authority }) => {
    idp = await IdentityProvider.listen(authority);
    const keyFile = path.join(folder, "provider.key");
    await writeFile(keyFile, keys.ours.pem, { mode: 0o600 });
    return `[outbound]
roots = "${authority.certificate}"
[provider.regione]
name = "Regione di prova"
issuer = "${idp.issuer}"
client_id = "tempi"
key_file = "${keyFile}"
scopes = ["openid", "fiscal"]
acr = ["${LEVELS[1]}", "${LEVELS[2]}"]
[officers]
federated_level = 3
`;
  });
  authority = await readFile(installation.authority.certificate);
  await idp.serve({
    keys: [keys.theirs.private],
    clients: [
      {
        client_id: "tempi",
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "ES256",
        redirect_uris: [`${installation.url}/accesso/ritorno/regione`],
        jwks: JSON.parse((await new Visitor(authority).get(`${installation.url}/accesso/chiavi`)).body),
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
  });
});
after(async () => {
  if (process.env.TEMPI_SHOW_LOG) console.error(installation?.log);
  await installation?.stop();
  await idp?.stop();
});

/** From the sign-in page to the provider, where the person signs in; answers the address of the return. */
async function signInAtProvider(visitor, act = "enter") {
  const page = await visitor.get(`${installation.url}/accesso`);
  assert.match(page.body, /href="\/accesso\/con\/regione"/);
  const interaction = await visitor.follow(`${installation.url}/accesso/con/regione`);
  assert.equal(interaction.status, 200, interaction.body);
  const resumed = await visitor.submit(interaction, "/interaction/", { act });
  const back = await visitor.follow(resumed.location, (location) => location.startsWith(installation.url));
  assert.ok(back.location, `no way back: ${back.status} ${back.body}`);
  return back.location;
}

test("a person signs in with a provider and is known", async () => {
  const visitor = new Visitor(authority);
  const answer = await visitor.get(await signInAtProvider(visitor));
  assert.equal(answer.status, 303, answer.body);
  assert.equal(answer.location, `${installation.url}/area-personale`);
  assert.equal((await visitor.get(answer.location)).status, 200);
});

/** The provider's answers spoiled for one sign-in; answers what the person then sees. */
async function signInSpoiled(spoil, visitor = new Visitor(authority)) {
  idp.spoil = spoil;
  try {
    return await visitor.get(await signInAtProvider(visitor));
  } finally {
    idp.spoil = {};
  }
}

/** Nobody was signed in, and the page says so in words. */
async function assertRefused(answer, words, visitor) {
  assert.match(answer.body, words, `${answer.status} ${answer.body}`);
  assert.notEqual(answer.status, 303);
  if (visitor) assert.equal((await visitor.get(`${installation.url}/area-personale`)).status, 401);
}

const NOT_SAFE = /La risposta di Regione di prova non è sicura/;
const NOT_VALID = /Questo accesso non è più valido/;

/** An ID token like the one of the answer, with other claims, header or key. */
async function forged(context, { claims = {}, header = {}, key = keys.theirs.privateKey } = {}) {
  const genuine = decodeJwt(context.body.id_token);
  const { alg, kid } = decodeProtectedHeader(context.body.id_token);
  const all = { ...genuine, ...claims };
  for (const [name, value] of Object.entries(all)) if (value === undefined) delete all[name];
  return new SignJWT(all).setProtectedHeader({ alg, kid, ...header }).sign(key);
}

const withToken = (change) => ({
  token: async (context) => {
    if (context.body?.id_token) context.body = { ...context.body, id_token: await change(context) };
  },
});

const base64 = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const now = () => Math.floor(Date.now() / 1000);

test("an ID token changed only in ways that do not matter still signs in", async () => {
  // The control of the attacks below: what they forge would be believed if nothing were wrong with it.
  const answer = await signInSpoiled(withToken((context) => forged(context, { claims: { at_hash: undefined } })));
  assert.equal(answer.status, 303, answer.body);
});

const ATTACKS = {
  "of another issuer": (context) => forged(context, { claims: { iss: "https://evil.example" } }),
  "meant for another": (context) => forged(context, { claims: { aud: "another" } }),
  "meant for several without saying for whom": (context) => forged(context, { claims: { aud: ["tempi", "another"] } }),
  "made for another party": (context) => forged(context, { claims: { aud: ["tempi", "another"], azp: "another" } }),
  "that has expired": (context) => forged(context, { claims: { exp: now() - 120 } }),
  "without an end": (context) => forged(context, { claims: { exp: undefined } }),
  "issued long ago": (context) => forged(context, { claims: { iat: now() - 3600 } }),
  "issued in the future": (context) => forged(context, { claims: { iat: now() + 3600 } }),
  "with the nonce of another sign-in": (context) => forged(context, { claims: { nonce: "another" } }),
  "without a nonce": (context) => forged(context, { claims: { nonce: undefined } }),
  "with the hash of another access token": (context) => forged(context, { claims: { at_hash: base64("0123456789abcdef") } }),
  "signed with a key of the attacker": async (context) => {
    return forged(context, { key: (await keyPair("RS256")).privateKey });
  },
  "signed with the attacker's key in its header": async (context) => {
    const pair = await keyPair("RS256");
    return forged(context, { key: pair.privateKey, header: { jwk: pair.public, kid: undefined } });
  },
  "signed by nobody (alg none)": (context) => {
    return `${base64({ alg: "none" })}.${context.body.id_token.split(".")[1]}.`;
  },
  "signed with the public key as a secret (alg HS256)": async (context) => {
    const secret = new TextEncoder().encode(await exportSPKI(await importJWK(keys.theirs.public, "RS256")));
    return forged(context, { key: secret, header: { alg: "HS256", kid: "first" } });
  },
  "changed after it was signed": (context) => {
    const [header, payload, signature] = context.body.id_token.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    return `${header}.${base64({ ...claims, fiscal_number: OTHER_FISCAL_CODE })}.${signature}`;
  },
  "with a critical extension that nobody knows": (context) => {
    return forged(context, { header: { crit: ["b64"], b64: true } });
  },
  "that is no token": () => "garbage",
};
for (const [name, attack] of Object.entries(ATTACKS)) {
  test(`an ID token ${name} is refused`, async () => {
    const visitor = new Visitor(authority);
    await assertRefused(await signInSpoiled(withToken(attack), visitor), NOT_SAFE, visitor);
  });
}

test("credentials below the level that is enough are refused", async () => {
  const answer = await signInSpoiled(withToken((context) => forged(context, { claims: { acr: LEVELS[0] } })));
  await assertRefused(answer, /Serve un livello di sicurezza più alto/);
  const silent = await signInSpoiled(withToken((context) => forged(context, { claims: { acr: undefined } })));
  await assertRefused(silent, /Serve un livello di sicurezza più alto/);
});

test("tokens of another person's sign-in are refused", async () => {
  let stolen;
  idp.person = { fiscalCode: OTHER_FISCAL_CODE, acr: LEVELS[1] };
  await signInSpoiled({
    token: (context) => {
      // The other person's own sign-in ends a token of no value, so that the stolen one stays alive.
      stolen = { ...context.body };
      context.body = { ...context.body, access_token: "of no value" };
    },
  });
  idp.person = { fiscalCode: FISCAL_CODE, acr: LEVELS[1] };
  // Only the access token: the real provider answers it with the data of the other person.
  idp.seen = [];
  const access = await signInSpoiled({
    token: async (context) => {
      const id_token = await forged(context, { claims: { at_hash: undefined, fiscal_number: undefined } });
      context.body = { ...context.body, id_token, access_token: stolen.access_token };
    },
    userinfo: (context) => assert.equal(context.body.fiscal_number, `TINIT-${OTHER_FISCAL_CODE}`),
  });
  assert.ok(idp.seen.includes("GET /me"), "the personal data were asked for");
  await assertRefused(access, NOT_SAFE);
  await assertRefused(await signInSpoiled({ token: (context) => void (context.body = stolen) }), NOT_SAFE);
});

/** ID tokens without the fiscal code, so that it must be asked for. */
const silentToken = (context) => forged(context, { claims: { at_hash: undefined, fiscal_number: undefined } });

test("a fiscal code that is not in the ID token is asked for", async () => {
  idp.seen = [];
  const answer = await signInSpoiled(withToken(silentToken));
  assert.equal(answer.status, 303, answer.body);
  assert.deepEqual(idp.seen.filter((request) => /me|revocation/.test(request)), ["GET /me", "POST /token/revocation"]);
});

test("personal data that are not the provider's, too long or without a fiscal code are refused", async () => {
  const told = (change) => ({ ...withToken(silentToken), userinfo: change });
  const attacker = await keyPair("RS256", { kid: "first" });
  const sign = (claims, key) => new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "first" }).sign(key);
  const data = { sub: `person-${FISCAL_CODE}`, fiscal_number: FISCAL_CODE, iss: idp.issuer, aud: "tempi" };
  const as = (body) => (context) => void ((context.type = "application/jwt"), (context.body = body));
  const good = await signInSpoiled(told(as(await sign(data, keys.theirs.privateKey))));
  assert.equal(good.status, 303, "signed data of the provider are believed");
  const refused = [
    as(await sign(data, attacker.privateKey)),
    as(await sign({ ...data, iss: "https://evil.example" }, keys.theirs.privateKey)),
    as(await sign({ ...data, aud: "another" }, keys.theirs.privateKey)),
    as(`${base64({ alg: "none" })}.${base64(data)}.`),
    as("x".repeat(2_000_000)),
    (context) => void (context.body = { ...data, padding: "x".repeat(100_000) }),
  ];
  for (const change of refused) await assertRefused(await signInSpoiled(told(change)), NOT_SAFE);
  for (const code of [undefined, "", "TINIT-RSSMRA80A41C707X", "TINDE-12345678901", 7]) {
    const change = (context) => void (context.body = { ...data, fiscal_number: code });
    await assertRefused(await signInSpoiled(told(change)), /Manca il codice fiscale/);
  }
});

test("a return that another browser began is refused, and ends that sign-in for nobody", async () => {
  const attacker = new Visitor(authority);
  const address = await signInAtProvider(attacker);
  const victim = new Visitor(authority);
  await assertRefused(await victim.get(address), NOT_VALID, victim);
  await victim.get(`${installation.url}/accesso/con/regione`);
  await assertRefused(await victim.get(address), NOT_VALID, victim);
  assert.equal((await attacker.get(address)).status, 303, "the browser that began is let in");
});

test("a return is good once", async () => {
  const visitor = new Visitor(authority);
  const address = await signInAtProvider(visitor);
  const copy = visitor.copy();
  assert.equal((await visitor.get(address)).status, 303);
  await assertRefused(await copy.get(address), NOT_VALID, copy);
});

test("a code of another sign-in is refused", async () => {
  // The attacker has a code of the victim's, and puts it into a sign-in of his own: PKCE and nonce belong to the other.
  const victim = new Visitor(authority);
  const stolen = new URL(await signInAtProvider(victim)).searchParams.get("code");
  const attacker = new Visitor(authority);
  const own = new URL(await signInAtProvider(attacker));
  own.searchParams.set("code", stolen);
  const answer = await attacker.get(own.href);
  await assertRefused(answer, /ora non funziona|non è sicura/, attacker);
});

test("an answer that names another provider, or none, is refused", async () => {
  for (const change of [(url) => url.searchParams.set("iss", "https://evil.example"), (url) => url.searchParams.delete("iss")]) {
    const visitor = new Visitor(authority);
    const address = new URL(await signInAtProvider(visitor));
    assert.equal(address.searchParams.get("iss"), idp.issuer, "the provider names itself (RFC 9207)");
    change(address);
    await assertRefused(await visitor.get(address.href), NOT_SAFE, visitor);
  }
});

test("nothing in the address decides where one lands", async () => {
  const visitor = new Visitor(authority);
  const begun = await visitor.get(`${installation.url}/accesso/con/regione?redirect_uri=https://evil.example&next=https://evil.example`);
  const sent = new URL(begun.location);
  assert.equal(sent.origin, idp.issuer);
  assert.equal(sent.searchParams.get("redirect_uri"), `${installation.url}/accesso/ritorno/regione`);
  const address = `${await signInAtProvider(visitor)}&redirect_uri=https://evil.example&next=//evil.example`;
  assert.equal((await visitor.get(address)).location, `${installation.url}/area-personale`);
  assert.equal((await visitor.get(`${installation.url}/accesso/con/nobody`)).status, 404);
});

test("every request has a state, a nonce and a challenge of its own", async () => {
  const visitor = new Visitor(authority);
  const seen = new Set();
  for (let i = 0; i < 2; i++) {
    const sent = new URL((await visitor.get(`${installation.url}/accesso/con/regione`)).location).searchParams;
    assert.equal(sent.get("code_challenge_method"), "S256");
    assert.equal(sent.get("response_type"), "code");
    for (const name of ["state", "nonce", "code_challenge"]) {
      assert.ok(sent.get(name).length >= 43, name);
      seen.add(sent.get(name));
    }
  }
  assert.equal(seen.size, 6);
});

test("who goes back, is not recognised or may not enter is told so", async () => {
  const told = [
    [{ error: "access_denied" }, /Hai interrotto l&#39;accesso/],
    [{ error: "access_denied", description: "ErrorCode nr19" }, /non ti ha riconosciuto/],
    [{ error: "access_denied", description: "ErrorCode nr20" }, /livello di sicurezza più alto/],
    [{ error: "access_denied", description: "ErrorCode nr23" }, /sospesa o bloccata/],
    [{ error: "access_denied", description: "ErrorCode nr21" }, /È passato troppo tempo/],
    [{ error: "access_denied", description: "ErrorCode nr22" }, /Non hai acconsentito/],
    [{ error: "access_denied", description: "ErrorCode nr25" }, /Hai interrotto l&#39;accesso/],
    [{ error: "access_denied", description: "ErrorCode nr30" }, /Serve la tua identità personale/],
    [{ error: "unmet_authentication_requirements" }, /livello di sicurezza più alto/],
    [{ error: "temporarily_unavailable" }, /Regione di prova non risponde/],
    [{ error: "invalid_request" }, /ora non funziona/],
  ];
  for (const [refusal, words] of told) {
    idp.refusal = refusal;
    const visitor = new Visitor(authority);
    await assertRefused(await visitor.get(await signInAtProvider(visitor, "refuse")), words, visitor);
  }
});

test("what a provider writes into an error is not shown", async () => {
  idp.refusal = { error: "access_denied", description: "<script>alert(1)</script> call 555" };
  const visitor = new Visitor(authority);
  const answer = await visitor.get(await signInAtProvider(visitor, "refuse"));
  assert.ok(!answer.body.includes("555"));
});

test("neither tokens nor codes nor fiscal codes are logged or kept", async () => {
  const seen = [];
  const spoil = { token: (context) => void seen.push(context.body.access_token, context.body.id_token) };
  idp.spoil = spoil;
  const visitor = new Visitor(authority);
  const address = new URL(await signInAtProvider(visitor));
  assert.equal((await visitor.get(address.href)).status, 303);
  idp.spoil = {};
  seen.push(address.searchParams.get("code"), address.searchParams.get("state"), FISCAL_CODE);
  const database = await readFile(path.join(installation.folder, "tempi.sqlite"));
  const journal = await readFile(path.join(installation.folder, "tempi.sqlite-wal"));
  for (const secret of seen) {
    assert.ok(secret?.length > 10);
    assert.ok(!installation.log.includes(secret), "a secret is in the log");
    assert.ok(!database.includes(secret) && !journal.includes(secret), "a secret is in the database");
  }
});

test("one person by card and by provider is one participant, in a real browser with or without JavaScript", async (t) => {
  const browser = await launch();
  t.after(() => browser.close());
  const files = await installation.authority.issueCard(FISCAL_CODE);
  const card = { origin: installation.cardUrl, ...(await readCard(files)) };
  const byCard = await (await profile(browser, { card })).newPage();
  const citizen = new Citizen(byCard, installation.url);
  await citizen.signInWithCard();
  assert.equal(await byCard.locator(".tempi-step-done").count(), 0, "nothing is done yet");
  await citizen.consent();
  for (const javaScript of [true, false]) {
    const page = await (await profile(browser, { javaScript })).newPage();
    await page.goto(`${installation.url}/accesso`);
    await page.getByRole("link", { name: "Entra con Regione di prova" }).click();
    await page.getByRole("button", { name: "Entra" }).click();
    await page.waitForURL(`${installation.url}/area-personale`);
    assert.equal(await page.locator(".tempi-step-done").count(), 1, "the consent given with the card counts");
  }
});

test("an officer for whom the provider does not vouch surely enough is a citizen and nothing else", async () => {
  const until = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
  const grant = ["officer", "grant", FISCAL_CODE, "--role", "auditor", "--until", until, "--name", "Prova"];
  await installation.tempi(...grant);
  const visitor = new Visitor(authority);
  assert.equal((await visitor.get(await signInAtProvider(visitor))).status, 303);
  assert.equal((await visitor.get(`${installation.url}/area-personale`)).status, 200);
  for (const page of ["/ufficio", "/ufficio/registro"]) {
    const office = await visitor.get(installation.url + page);
    assert.equal(office.status, 403);
    assert.match(office.body, /Serve un accesso più sicuro/);
  }
});

test("new keys of the provider are found, but nobody can make us look for them without end", async () => {
  const second = await keyPair("RS256", { kid: "second" });
  await idp.rotate([second.private]);
  idp.seen = [];
  const visitor = new Visitor(authority);
  const answer = await visitor.get(await signInAtProvider(visitor));
  assert.equal(answer.status, 303, answer.body);
  assert.equal(idp.seen.filter((request) => request === "GET /jwks").length, 1);
  for (let i = 0; i < 3; i++) {
    const unknown = withToken((context) => forged(context, { header: { kid: `unknown-${i}` }, key: second.privateKey }));
    await assertRefused(await signInSpoiled(unknown), NOT_SAFE);
  }
  assert.equal(idp.seen.filter((request) => request === "GET /jwks").length, 1, "asked again within the minute");
});


test("a provider that does not answer is said to be down, and one that is slow does not hold us for ever", async () => {
  const visitor = new Visitor(authority);
  const address = await signInAtProvider(visitor);
  idp.delay = 60_000;
  const began = Date.now();
  await assertRefused(await visitor.get(address), /Regione di prova non risponde/, visitor);
  assert.ok(Date.now() - began < 30_000, "answered within half a minute");
  idp.delay = 0;
  const other = new Visitor(authority);
  const last = await signInAtProvider(other);
  await idp.stop();
  await assertRefused(await other.get(last), /Regione di prova non risponde/, other);
});
