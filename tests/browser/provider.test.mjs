// Tempi as a provider for the municipality's other portals, seen from a portal that uses a client library which is not
// ours (openid-client), and from somebody who would like to be that portal or that person.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import https from "node:https";
import path from "node:path";
import { after, before, test } from "node:test";

import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from "jose";
import * as client from "openid-client";

import { findings } from "./kit/accessibility.mjs";
import { readCard } from "./kit/authority.mjs";
import { launch, profile } from "./kit/browser.mjs";
import { LOOKS, observer } from "./kit/observer.mjs";
import { keyPair } from "./kit/provider.mjs";
import { Installation } from "./kit/tempi.mjs";
import { Visitor } from "./kit/visitor.mjs";

const FISCAL_CODE = "RSSMRA80A41C707O";
const SECRET = randomBytes(32).toString("hex");

let installation;
let authority;
let keys;
/** A portal's own server: where people return and where it is told that somebody signed out. */
let portal;

before(async () => {
  keys = { present: await keyPair("ES256"), previous: await keyPair("ES256"), portal: await keyPair("ES256", { kid: "portal" }) };
  installation = await Installation.start(async ({ folder, authority }) => {
    portal = await Portal.listen(authority);
    const file = async (name, content, mode = 0o600) => {
      await writeFile(path.join(folder, name), content, { mode });
      return path.join(folder, name);
    };
    return `[outbound]
roots = "${authority.certificate}"
[openid]
key_file = "${await file("openid.key", keys.present.pem)}"
previous_key_file = "${await file("openid.previous.key", keys.previous.pem)}"
[client.biblioteca]
name = "Biblioteca comunale"
redirect_uris = ["${portal.url}/ritorno", "${portal.url}/altro?a=1"]
logout_uris = ["${portal.url}/uscito"]
backchannel_logout_uri = "${portal.url}/logout"
keys_file = "${await file("biblioteca.jwks", JSON.stringify({ keys: [keys.portal.public] }))}"
[client.tributi]
name = "Tributi"
authentication = "client_secret_basic"
secret_file = "${await file("tributi.secret", SECRET)}"
redirect_uris = ["${portal.url}/tributi"]
claims = ["fiscal_number"]
`;
  });
  authority = await readFile(installation.authority.certificate);
});
after(async () => {
  if (process.env.TEMPI_SHOW_LOG) console.error(installation?.log);
  await installation?.stop();
  await portal?.stop();
});

class Portal {
  static async listen(authority) {
    const portal = new Portal();
    const server = await authority.issueServer();
    portal.told = [];
    portal.server = https.createServer(
      { cert: await readFile(server.certificate), key: await readFile(server.key) },
      async (request, response) => {
        const chunks = [];
        for await (const chunk of request) chunks.push(chunk);
        if (request.url === "/logout") portal.told.push(new URLSearchParams(Buffer.concat(chunks).toString()).get("logout_token"));
        response.end(`portal ${request.url}`);
      },
    );
    await new Promise((resolve) => portal.server.listen(0, "127.0.0.1", resolve));
    portal.url = `https://localhost:${portal.server.address().port}`;
    return portal;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

/** `fetch` that trusts the authority under test, for the client library. */
function fetchTrusting(url, { method = "GET", headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const entries = headers.entries ? Object.fromEntries(headers.entries()) : headers;
    const request = https.request(url, { method, headers: entries, ca: authority }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        resolve(new Response(Buffer.concat(chunks), { status: response.statusCode, headers: response.headers }));
      });
    });
    request.on("error", reject);
    request.end(body === undefined || body === null ? undefined : String(body));
  });
}

async function configuration(id) {
  const authentication =
    id === "tributi" ? client.ClientSecretBasic(SECRET) : client.PrivateKeyJwt({ key: keys.portal.privateKey, kid: "portal" });
  const options = { [client.customFetch]: fetchTrusting };
  return client.discovery(new URL(installation.url), id, { id_token_signed_response_alg: "ES256" }, authentication, options);
}

/** A request of a portal: what it keeps, and the address it sends people to. */
async function begin(id, parameters = {}) {
  const config = await configuration(id);
  const verifier = client.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier: verifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: id === "tributi" ? `${portal.url}/tributi` : `${portal.url}/ritorno`,
    scope: id === "tributi" ? "openid fiscal_number" : "openid",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...parameters,
  });
  return { config, checks, address: address.href };
}

/** A visitor who has signed in with a card. */
async function signedIn(fiscalCode = FISCAL_CODE) {
  const visitor = new Visitor(authority);
  const card = await installation.authority.issueCard(fiscalCode);
  visitor.card = await readCard(card);
  await signIn(visitor);
  return visitor;
}

/** From the sign-in page through the card listener; answers where the person lands. */
async function signIn(visitor) {
  const page = await visitor.get(`${installation.url}/accesso`);
  assert.match(page.body, /accesso.carta/, `${page.status} ${page.body}`);
  const address = /href="([^"]*\/accesso\/carta[^"]*)"/.exec(page.body)[1].replaceAll("&#38;", "&").replaceAll("&amp;", "&");
  const handover = await visitor.get(address, {}, visitor.card);
  assert.equal(handover.status, 200, handover.body);
  const landed = await visitor.submit(handover, "/accesso/biglietto");
  assert.equal(landed.status, 303, landed.body);
  return landed.location;
}

const back = (location) => location.startsWith(portal.url);

/** The person goes to the portal's address and agrees if asked; answers where they return. */
async function enter(visitor, address, decision = "consento") {
  let answer = await visitor.follow(address, back);
  if (answer.status === 200) {
    assert.match(answer.body, /Vuoi entrare in/);
    answer = await visitor.submit(answer, "/openid/consenso", { decisione: decision });
  }
  assert.ok(answer.location && back(answer.location), `${answer.status} ${answer.body}`);
  return new URL(answer.location);
}

const tokens = ({ config, checks }, returned) => client.authorizationCodeGrant(config, returned, checks);

test("a certified client library signs a person on, under a pseudonym of its own", async () => {
  const visitor = await signedIn();
  const request = await begin("biblioteca");
  const answer = await tokens(request, await enter(visitor, request.address));
  const claims = answer.claims();
  assert.equal(claims.iss, installation.url);
  assert.equal(claims.acr, "http://eidas.europa.eu/LoA/high", "a card is a key in hardware");
  assert.ok(Math.abs(claims.auth_time - Date.now() / 1000) < 60);
  const told = await client.fetchUserInfo(request.config, answer.access_token, claims.sub);
  assert.deepEqual(told, { sub: claims.sub });
  assert.equal(answer.refresh_token, undefined);

  const again = await begin("biblioteca");
  const straight = await visitor.get(again.address);
  assert.equal(straight.status, 303, "who has agreed is not asked again");
  assert.equal((await tokens(again, new URL(straight.location))).claims().sub, claims.sub, "the same person again");

  const other = await begin("tributi");
  const elsewhere = await tokens(other, await enter(visitor, other.address));
  assert.notEqual(elsewhere.claims().sub, claims.sub, "another portal knows another pseudonym");
  const data = await client.fetchUserInfo(other.config, elsewhere.access_token, elsewhere.claims().sub);
  assert.equal(data.fiscal_number, `TINIT-${FISCAL_CODE}`);
});

test("the fiscal code is told only where the configuration says so, and the page says it", async () => {
  const visitor = await signedIn();
  const plain = await begin("biblioteca", { scope: "openid fiscal_number", prompt: "consent" });
  const page = await visitor.get(plain.address);
  assert.match(page.body, /Biblioteca comunale/);
  assert.doesNotMatch(page.body, /Il tuo codice fiscale/);
  const answer = await tokens(plain, await enter(visitor, plain.address));
  const told = await client.fetchUserInfo(plain.config, answer.access_token, answer.claims().sub);
  assert.equal(told.fiscal_number, undefined);
  const full = await begin("tributi", { prompt: "consent" });
  assert.match((await visitor.get(full.address)).body, /Il tuo codice fiscale/);
  const other = await signedIn("BNCGNN92T55C707S");
  const less = await begin("tributi", { scope: "openid" });
  await enter(other, less.address);
  const more = await begin("tributi");
  assert.equal((await other.get(more.address)).status, 200, "agreeing to less is not agreeing to more");
});

test("who has not signed in does so and goes on, in a real browser with or without JavaScript", async (t) => {
  const browser = await launch();
  t.after(() => browser.close());
  for (const javaScript of [true, false]) {
    const files = await installation.authority.issueCard(javaScript ? "RSSMRA80A41C707O" : "BNCGNN92T55C707S");
    const card = { origin: installation.cardUrl, ...(await readCard(files)) };
    const page = await (await profile(browser, { card, javaScript })).newPage();
    const request = await begin("biblioteca", { prompt: "consent" });
    await page.goto(request.address);
    assert.equal(page.url(), `${installation.url}/accesso`);
    assert.match(await page.locator("main").innerText(), /il portale che ti ha mandato qui|nel portale/);
    await page.locator('a[href*="/accesso/carta"]').click();
    if (!javaScript) await page.locator("#passaggio button").click();
    const agree = page.getByRole("button", { name: /Acconsento, entra/ });
    await agree.waitFor();
    if (javaScript) assert.deepEqual(await findings(page), []);
    await agree.click();
    await page.waitForURL(`${portal.url}/ritorno?**`);
    const answer = await tokens(request, new URL(page.url()));
    assert.equal(answer.claims().aud, "biblioteca");
  }
});

test("the page of agreement and that of signing out have no finding in any look", async (t) => {
  const browser = await launch();
  t.after(() => browser.close());
  for (const look of LOOKS) {
    const card = { origin: installation.cardUrl, ...(await readCard(await installation.authority.issueCard(FISCAL_CODE))) };
    const { page, look: see, found } = await observer(t, browser, { ...look, card }, "portals");
    // With the fiscal code and without.
    for (const [id, scope] of [["biblioteca", "openid"], ["tributi", "openid fiscal_number"]]) {
      const request = await begin(id, { prompt: "consent", scope });
      await page.goto(request.address);
      if (page.url() === `${installation.url}/accesso`) {
        await see(page, "sign-in for a portal");
        await page.locator('a[href*="/accesso/carta"]').click();
      }
      const agree = page.locator('button[value="consento"]');
      await agree.waitFor();
      await see(page, `agreement, ${id}`);
    }
    const hint = `client_id=biblioteca&post_logout_redirect_uri=${encodeURIComponent(`${portal.url}/uscito`)}`;
    await page.goto(`${installation.url}/openid/uscita?${hint}`);
    await see(page, "signing out for a portal");
    // A portal that asks for what it may not.
    await page.goto(`${installation.url}/openid/autorizzazione?client_id=nobody`);
    await see(page, "a portal that is not known");
    assert.deepEqual(found, []);
  }
});

test("who does not agree returns without a code", async () => {
  const visitor = await signedIn();
  const request = await begin("biblioteca", { prompt: "consent" });
  const returned = await enter(visitor, request.address, "nego");
  assert.equal(returned.searchParams.get("error"), "access_denied");
  assert.equal(returned.searchParams.get("state"), request.checks.expectedState);
  assert.equal(returned.searchParams.get("code"), null);
});

test("nobody is asked anything where the portal forbids it", async () => {
  const stranger = await begin("biblioteca", { prompt: "none" });
  const unknown = new URL((await new Visitor(authority).get(stranger.address)).location);
  assert.equal(unknown.searchParams.get("error"), "login_required");
  const visitor = await signedIn(`VRDGPP70A01F205${checkCharacter("VRDGPP70A01F205")}`);
  const request = await begin("biblioteca", { prompt: "none" });
  const first = new URL((await visitor.get(request.address)).location);
  assert.equal(first.searchParams.get("error"), "consent_required");
  await enter(visitor, (await begin("biblioteca")).address);
  const second = await begin("biblioteca", { prompt: "none" });
  assert.ok(new URL((await visitor.get(second.address)).location).searchParams.get("code"));
});

test("a portal may demand a new sign-in, and nobody gets around it", async () => {
  const visitor = await signedIn();
  await enter(visitor, (await begin("biblioteca")).address);
  const first = decodeJwt((await tokens(...(await both(visitor, "biblioteca")))).id_token).auth_time;
  for (const demand of [{ prompt: "login" }, { max_age: "0" }]) {
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const request = await begin("biblioteca", demand);
    const answer = await visitor.get(request.address);
    assert.equal(answer.location, `${installation.url}/accesso`, JSON.stringify(demand));
    // Going on without signing in leads to the sign-in page again, not to the portal.
    assert.equal((await visitor.copy().get(`${installation.url}/openid/continua`)).location, `${installation.url}/accesso`);
    const forged = visitor.copy();
    const waiting = forged.cookies.get("__Host-tempi-richiesta").split(".");
    forged.cookies.set("__Host-tempi-richiesta", [waiting[0], "1", waiting[2]].join("."));
    assert.equal((await forged.get(`${installation.url}/openid/continua`)).location, `${installation.url}/area-personale`);
    assert.equal(await signIn(visitor), `${installation.url}/openid/continua`);
    const returned = await visitor.follow(`${installation.url}/openid/continua`, back);
    const later = decodeJwt((await tokens(request, new URL(returned.location))).id_token).auth_time;
    assert.ok(later > first, "the time of the new sign-in is told");
  }
});

async function both(visitor, id) {
  const request = await begin(id);
  return [request, await enter(visitor, request.address)];
}

test("people are sent to registered addresses only, to the letter", async () => {
  const visitor = await signedIn();
  for (const wrong of [
    `${portal.url}/ritorno/`,
    `${portal.url}/ritorno?x=1`,
    `${portal.url}/RITORNO`,
    `${portal.url}/ritorno/../altro`,
    `${portal.url}.evil.example/ritorno`,
    "https://evil.example/ritorno",
    `${portal.url}/tributi`,
    "javascript:alert(1)",
    "",
  ]) {
    const request = await begin("biblioteca", { redirect_uri: wrong });
    const answer = await visitor.get(request.address);
    assert.equal(answer.status, 400, wrong);
    assert.equal(answer.location, undefined, wrong);
  }
  const unknown = await begin("biblioteca", { client_id: "nobody" });
  assert.equal((await visitor.get(unknown.address)).status, 400);
  const twice = `${(await begin("biblioteca")).address}&redirect_uri=https://evil.example`;
  assert.equal((await visitor.get(twice)).status, 400, "a parameter that comes twice");
});

test("requests without the protections are refused", async () => {
  const visitor = await signedIn();
  const refusals = [
    [{ code_challenge: "" }, "invalid_request"],
    [{ code_challenge_method: "plain" }, "invalid_request"],
    [{ code_challenge_method: "" }, "invalid_request"],
    [{ response_type: "token" }, "unsupported_response_type"],
    [{ response_type: "code id_token" }, "unsupported_response_type"],
    [{ response_mode: "fragment" }, "invalid_request"],
    [{ scope: "profile" }, "invalid_scope"],
    [{ request: "x" }, "request_not_supported"],
    [{ request_uri: "https://evil.example" }, "request_uri_not_supported"],
    [{ prompt: "none login" }, "invalid_request"],
    [{ max_age: "soon" }, "invalid_request"],
  ];
  for (const [change, error] of refusals) {
    const request = await begin("biblioteca", change);
    const returned = new URL((await visitor.get(request.address)).location);
    assert.equal(returned.searchParams.get("error"), error, JSON.stringify(change));
    assert.equal(returned.searchParams.get("iss"), installation.url);
    assert.ok(back(returned.href));
  }
});

/** The token endpoint asked by hand. */
function exchange(fields, headers = {}) {
  return new Visitor(authority).post(`${installation.url}/openid/token`, fields, headers);
}
const basic = (id, secret) => ({ authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` });

test("a code is good once, for its portal, its address and its secret; coming again it ends what it gave", async () => {
  const visitor = await signedIn();
  const fields = (request, returned, change = {}) => ({
    grant_type: "authorization_code",
    code: returned.searchParams.get("code"),
    redirect_uri: `${portal.url}/tributi`,
    code_verifier: request.checks.pkceCodeVerifier,
    ...change,
  });
  for (const change of [
    { code_verifier: client.randomPKCECodeVerifier() },
    { code_verifier: "" },
    { redirect_uri: `${portal.url}/ritorno` },
    { redirect_uri: "" },
    { code: "unknown" },
  ]) {
    const [request, returned] = await both(visitor, "tributi");
    const answer = await exchange(fields(request, returned, change), basic("tributi", SECRET));
    assert.equal(answer.status, 400, JSON.stringify(change));
    assert.deepEqual(JSON.parse(answer.body), { error: "invalid_grant" });
  }
  // A code of one portal in the hands of another.
  const [request, returned] = await both(visitor, "biblioteca");
  const stolen = await exchange(fields(request, returned, { redirect_uri: `${portal.url}/ritorno` }), basic("tributi", SECRET));
  assert.deepEqual(JSON.parse(stolen.body), { error: "invalid_grant" });

  const [good, goodReturned] = await both(visitor, "tributi");
  const first = await exchange(fields(good, goodReturned), basic("tributi", SECRET));
  assert.equal(first.status, 200, first.body);
  const bearer = { authorization: `Bearer ${JSON.parse(first.body).access_token}` };
  assert.equal((await visitor.get(`${installation.url}/openid/persona`, bearer)).status, 200);
  const second = await exchange(fields(good, goodReturned), basic("tributi", SECRET));
  assert.deepEqual(JSON.parse(second.body), { error: "invalid_grant" });
  assert.equal((await visitor.get(`${installation.url}/openid/persona`, bearer)).status, 401, "its token has ended");
});

test("a portal must prove that it is the portal", async () => {
  const visitor = await signedIn();
  const [request, returned] = await both(visitor, "biblioteca");
  const fields = (more) => ({
    grant_type: "authorization_code",
    code: returned.searchParams.get("code"),
    redirect_uri: `${portal.url}/ritorno`,
    code_verifier: request.checks.pkceCodeVerifier,
    ...more,
  });
  const now = Math.floor(Date.now() / 1000);
  const statement = (claims = {}, key = keys.portal.privateKey, header = {}) => {
    const all = { iss: "biblioteca", sub: "biblioteca", aud: installation.url, jti: randomBytes(8).toString("hex"), exp: now + 60, ...claims };
    for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name];
    return new SignJWT(all).setProtectedHeader({ alg: "ES256", kid: "portal", ...header }).sign(key);
  };
  const by = (token) => ({
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: token,
  });
  const unproved = [
    [fields({ client_id: "biblioteca" }), {}],
    [fields({}), basic("biblioteca", SECRET)],
    [fields({}), basic("tributi", "wrong")],
    [fields({}), basic("tributi", "")],
    [fields(by(await statement({}, (await keyPair("ES256")).privateKey))), {}],
    [fields(by(await statement({ aud: "https://evil.example" }))), {}],
    [fields(by(await statement({ aud: [installation.url, "https://evil.example"] }))), {}],
    [fields(by(await statement({ iss: "tributi" }))), {}],
    [fields(by(await statement({ sub: "tributi", iss: "tributi" }))), {}],
    [fields(by(await statement({ exp: now - 120 }))), {}],
    [fields(by(await statement({ exp: now + 86_400 }))), {}],
    [fields(by(await statement({ exp: undefined }))), {}],
    [fields(by(await statement({ jti: undefined }))), {}],
    [fields(by("a.b.c")), {}],
    // Its own public key as a secret.
    [fields(by(await statement({}, new TextEncoder().encode(JSON.stringify(keys.portal.public)), { alg: "HS256" }))), {}],
  ];
  for (const [index, [body, headers]] of unproved.entries()) {
    const answer = await exchange(body, headers);
    assert.equal(answer.status, 401, `case ${index}: ${answer.body}`);
    assert.deepEqual(JSON.parse(answer.body), { error: "invalid_client" });
  }
  const good = await statement();
  assert.equal((await exchange(fields(by(good)))).status, 200, "none of these used the code up");
  assert.equal((await exchange(fields(by(good)))).status, 401, "a statement is good once");
});

test("what is signed is signed with a published key, and two are published", async () => {
  const set = JSON.parse((await new Visitor(authority).get(`${installation.url}/openid/chiavi`)).body);
  assert.equal(set.keys.length, 2);
  assert.ok(set.keys.every((key) => key.d === undefined && key.kty === "EC"));
  const visitor = await signedIn();
  const { id_token } = await tokens(...(await both(visitor, "biblioteca")));
  assert.equal(decodeProtectedHeader(id_token).kid, set.keys[0].kid);
  await jwtVerify(id_token, createLocalJWKSet(set), { issuer: installation.url, audience: "biblioteca" });
});

test("a portal signs people out only when they say so, and only to its own addresses", async () => {
  const visitor = await signedIn();
  const { id_token } = await tokens(...(await both(visitor, "biblioteca")));
  const address = (to) =>
    `${installation.url}/openid/uscita?${new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: to, state: "s" })}`;
  const elsewhere = await visitor.get(address("https://evil.example"));
  assert.equal(elsewhere.status, 200);
  assert.equal((await visitor.copy().submit(elsewhere, "/openid/uscita")).location, `${installation.url}/`);
  const another = await signedIn();
  const { id_token: hint } = await tokens(...(await both(another, "biblioteca")));
  const page = await another.get(
    `${installation.url}/openid/uscita?${new URLSearchParams({ id_token_hint: hint, post_logout_redirect_uri: `${portal.url}/uscito`, state: "s" })}`,
  );
  assert.match(page.body, /Biblioteca comunale ti ha mandato qui/);
  assert.equal((await another.get(`${installation.url}/area-personale`)).status, 200, "the link alone signs nobody out");
  assert.equal((await another.submit(page, "/openid/uscita")).location, `${portal.url}/uscito?state=s`);
  assert.equal((await another.get(`${installation.url}/area-personale`)).status, 401);
});

test("portals are told when somebody signs out here", async () => {
  const visitor = await signedIn();
  const { id_token } = await tokens(...(await both(visitor, "biblioteca")));
  portal.told = [];
  const home = await visitor.get(`${installation.url}/area-personale`);
  assert.equal((await visitor.submit(home, 'action="/esci"')).status, 303);
  assert.equal(portal.told.length, 1);
  const set = JSON.parse((await new Visitor(authority).get(`${installation.url}/openid/chiavi`)).body);
  const { payload, protectedHeader } = await jwtVerify(portal.told[0], createLocalJWKSet(set), { audience: "biblioteca" });
  assert.equal(protectedHeader.typ, "logout+jwt");
  assert.equal(payload.sid, decodeJwt(id_token).sid);
  assert.equal(payload.sub, decodeJwt(id_token).sub);
  assert.ok(payload.events["http://schemas.openid.net/event/backchannel-logout"]);
  assert.equal(payload.nonce, undefined);
});

test("codes, tokens and fiscal codes are neither logged nor kept", async () => {
  const visitor = await signedIn();
  const [request, returned] = await both(visitor, "tributi");
  const answer = await tokens(request, returned);
  const secrets = [returned.searchParams.get("code"), answer.access_token, answer.id_token, FISCAL_CODE, SECRET];
  const files = ["tempi.sqlite", "tempi.sqlite-wal"].map((name) => readFile(path.join(installation.folder, name)));
  const kept = Buffer.concat(await Promise.all(files));
  for (const secret of secrets) {
    assert.ok(!installation.log.includes(secret), "a secret is in the log");
    assert.ok(!kept.includes(secret), "a secret is in the database");
  }
});

/** The check character of a fiscal code (Decreto del Ministero delle Finanze 12 marzo 1974). */
function checkCharacter(first) {
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
  const value = (character) => (/\d/.test(character) ? Number(character) : character.charCodeAt(0) - 65);
  const sum = [...first].reduce((sum, character, i) => sum + (i % 2 ? value(character) : odd[value(character)]), 0);
  return String.fromCharCode(65 + (sum % 26));
}
