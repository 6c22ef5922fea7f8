// Signing in with SPID and CIE: the Italian federation's own implementation (spid-cie-oidc) as trust anchor and provider.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { CompactEncrypt, createLocalJWKSet, decodeJwt, decodeProtectedHeader, importJWK, jwtVerify, SignJWT } from "jose";

import { Anchor, statement } from "./kit/anchor.mjs";
import { launch, PHONE, profile } from "./kit/browser.mjs";
import { ItalianFederation } from "./kit/italian_federation.mjs";
import { LOOKS, observer } from "./kit/observer.mjs";
import { IdentityProvider, keyPair, LEVELS } from "./kit/provider.mjs";
import { Installation } from "./kit/tempi.mjs";
import { Visitor } from "./kit/visitor.mjs";

const run = promisify(execFile);
const FISCAL_CODE = "RSSMRA80A41C707O";

let federation;
let installation;
let authority;
/** A federation that misbehaves: an anchor of the test and a provider whose answers are spoiled. */
let anchor;
let idp;
/** A member of no federation that we know. */
let outsider;
let theirs;

/** A private RSA key in a file that its owner alone may read, as the documentation says to make it. */
async function privateKey(file) {
  await run("openssl", ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", file]);
  await run("chmod", ["600", file]);
  return file;
}

before(async () => {
  // The federation's schemas take no host without a dot, so everything is called by its number.
  installation = await Installation.start(
    async ({ folder, authority }) => {
      federation = await ItalianFederation.start(authority);
      anchor = await Anchor.listen(authority);
      idp = await IdentityProvider.listen(authority);
      outsider = await IdentityProvider.listen(authority);
      await writeFile(path.join(folder, "anchor.jwks"), JSON.stringify({ keys: [anchor.key.public] }));
      const key = (name) => privateKey(path.join(folder, `${name}.key`));
      return `[outbound]
roots = "${authority.certificate}"
[federation]
key_file = "${await key("federation")}"
signing_key_file = "${await key("signing")}"
decryption_key_file = "${await key("decryption")}"
authority_hints = ["${federation.anchor}"]
organization = "Comune di Prova"
contacts = ["protocollo@pec.example.it"]
[provider.spid]
kind = "spid"
trust_anchor = "${federation.anchor}"
trust_anchor_keys = "${federation.anchorKeys}"
[provider.cie]
kind = "cie"
issuer = "${federation.provider}"
trust_anchor = "${federation.anchor}"
trust_anchor_keys = "${federation.anchorKeys}"
level = 3
[provider.prova]
kind = "spid"
name = "SPID di prova"
issuers = ["${idp.issuer}", "${outsider.issuer}"]
trust_anchor = "${anchor.url}"
trust_anchor_keys = "${path.join(folder, "anchor.jwks")}"
`;
    },
    { host: "127.0.0.1" },
  );
  authority = await readFile(installation.authority.certificate);
  const own = decodeJwt(await ownStatement());
  await federation.tell({ enrol: installation.url, keys: own.jwks.keys });
  theirs = await keyPair("RS256", { kid: "core" });
  await idp.serve({
    keys: [theirs.private],
    clients: [{ ...own.metadata.openid_relying_party, request_object_signing_alg: "RS256", subject_type: "public" }],
    configuration: {
      claims: { openid: ["sub"], acr: null, fiscal: ["https://attributes.eid.gov.it/fiscal_number"] },
      findAccount: (context, id) => ({
        accountId: id,
        claims: () => ({ sub: id, "https://attributes.eid.gov.it/fiscal_number": `TINIT-${FISCAL_CODE}` }),
      }),
      features: {
        devInteractions: { enabled: false },
        claimsParameter: { enabled: true },
        revocation: { enabled: true },
        jwtUserinfo: { enabled: true },
        encryption: { enabled: true },
        requestObjects: { enabled: true },
      },
    },
  });
  const description = JSON.parse((await new Visitor(authority).get(`${idp.issuer}/.well-known/openid-configuration`)).body);
  await anchor.enrol(idp, { ...description, jwks: { keys: [theirs.public] } });
});
after(async () => {
  if (process.env.TEMPI_SHOW_LOG) console.error(installation?.log, federation?.errors);
  await installation?.stop();
  await federation?.stop();
  await anchor?.stop();
  await idp?.stop();
  await outsider?.stop();
});

async function ownStatement() {
  const answer = await new Visitor(authority).get(`${installation.url}/.well-known/openid-federation`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["content-type"], "application/entity-statement+jwt");
  return answer.body;
}

/** The person signs in at the provider and agrees; answers the address of the return. */
async function signInAtProvider(visitor, address) {
  const login = await visitor.follow(address);
  assert.equal(login.status, 200, `${login.url} ${login.body} ${federation.errors}`);
  assert.ok(login.url.startsWith(federation.provider), login.url);
  const entered = await visitor.submit(login, "password", { username: "anna", password: "una parola di prova" });
  assert.equal(entered.status, 302, entered.body);
  const consent = await visitor.get(entered.location);
  assert.equal(consent.status, 200, consent.body);
  const back = await visitor.submit(consent, "/consent", { agree: "True" });
  assert.equal(back.status, 302, back.body);
  return back.location;
}

test("what we say of ourselves is what the profile asks, and is signed", async () => {
  const token = await ownStatement();
  const claims = decodeJwt(token);
  await jwtVerify(token, createLocalJWKSet(claims.jwks), { issuer: installation.url, subject: installation.url });
  assert.equal(decodeProtectedHeader(token).typ, "entity-statement+jwt");
  assert.deepEqual(claims.authority_hints, [federation.anchor]);
  const party = claims.metadata.openid_relying_party;
  assert.equal(party.client_id, installation.url);
  assert.deepEqual(party.redirect_uris.sort(), ["cie", "prova", "spid"].map((id) => `${installation.url}/accesso/ritorno/${id}`));
  assert.deepEqual(party.jwks.keys.map((key) => key.use), ["sig", "enc"]);
  assert.ok([...claims.jwks.keys, ...party.jwks.keys].every((key) => key.d === undefined && key.p === undefined));
  assert.equal(new Set([...claims.jwks.keys, ...party.jwks.keys].map((key) => key.n)).size, 3, "three keys for three purposes");
  for (const name of ["organization_name", "homepage_uri", "policy_uri", "logo_uri", "contacts", "federation_resolve_endpoint"]) {
    assert.ok(claims.metadata.federation_entity[name], name);
  }
});

test("the sign-in page shows SPID and CIE without asking anybody else", async () => {
  const page = await new Visitor(authority).get(`${installation.url}/accesso`);
  assert.match(page.body, /Entra con SPID/);
  assert.match(page.body, /Entra con CIE/);
  const outside = [...page.body.matchAll(/(?:src|href|action)="(https?:[^"]*)"/g)].map(([, url]) => url);
  assert.ok(outside.every((url) => url.startsWith(installation.cardUrl)), outside.join());
});

test("a person signs in with a SPID provider that the trust anchor lists", async () => {
  const visitor = new Visitor(authority);
  // With a single provider there is no choice to make.
  const address = await signInAtProvider(visitor, `${installation.url}/accesso/con/spid`);
  const answer = await visitor.get(address);
  assert.equal(answer.status, 303, answer.body);
  assert.equal(answer.location, `${installation.url}/area-personale`);
  assert.equal((await visitor.get(answer.location)).status, 200);
  assert.ok(!installation.log.includes(FISCAL_CODE));
});

test("the request is signed, has no subject, and asks for the level and the fiscal code alone", async () => {
  const sent = new URL((await new Visitor(authority).get(`${installation.url}/accesso/con/cie`)).location);
  assert.equal(sent.origin + sent.pathname, `${federation.provider}/authorization`);
  const token = sent.searchParams.get("request");
  const { jwks } = decodeJwt(await ownStatement()).metadata.openid_relying_party;
  const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), { issuer: installation.url });
  assert.equal(payload.sub, undefined);
  assert.ok(payload.aud.includes(federation.provider));
  assert.equal(payload.acr_values, "https://www.spid.gov.it/SpidL3");
  assert.deepEqual(Object.keys(payload.claims.userinfo), ["https://attributes.eid.gov.it/fiscal_number"]);
  assert.ok(payload.exp - payload.iat <= 300 && payload.jti);
  assert.equal(payload.code_challenge_method, "S256");
});

test("a provider that the federation does not know is not asked", async () => {
  const visitor = new Visitor(authority);
  const answer = await visitor.get(`${installation.url}/accesso/con/spid?fornitore=https://evil.example`);
  assert.equal(answer.status, 404);
  const resolve = (sub, anchor) =>
    new Visitor(authority).get(`${installation.url}/accesso/federazione?${new URLSearchParams({ sub, trust_anchor: anchor })}`);
  assert.equal((await resolve("https://evil.example", federation.anchor)).status, 404);
  assert.equal((await resolve(federation.provider, "https://evil.example")).status, 404);
  const known = await resolve(federation.provider, federation.anchor);
  assert.equal(known.status, 200, known.body);
  const { payload } = await jwtVerify(known.body, createLocalJWKSet(decodeJwt(await ownStatement()).jwks));
  assert.equal(payload.metadata.openid_provider.issuer, federation.provider);
  assert.equal(payload.trust_chain.length, 3);
});

/** The whole way with the provider that misbehaves; answers what the person sees in the end. */
async function signInSpoiled(spoil, visitor = new Visitor(authority)) {
  idp.spoil = spoil;
  const address = `${installation.url}/accesso/con/prova?fornitore=${encodeURIComponent(idp.issuer)}`;
  const arrived = (location) => location.startsWith(installation.url) && !location.startsWith(address);
  let back = await visitor.follow(address);
  // One interaction to sign in, one to agree.
  for (let step = 0; step < 3 && !back.location; step++) {
    const resumed = await visitor.submit(back, "act", { act: "enter" });
    back = await visitor.follow(resumed.location, arrived);
  }
  assert.ok(back.location, `${back.url} ${back.body}`);
  return visitor.get(back.location);
}

test("personal data must be signed and encrypted, whatever the connection", async () => {
  idp.person = { fiscalCode: FISCAL_CODE, acr: LEVELS[1] };
  const good = await signInSpoiled({});
  assert.equal(good.status, 303, good.body);
  const data = { sub: `person-${FISCAL_CODE}`, "https://attributes.eid.gov.it/fiscal_number": `TINIT-${FISCAL_CODE}` };
  const { jwks } = decodeJwt(await ownStatement()).metadata.openid_relying_party;
  const ours = await importJWK(jwks.keys.find((key) => key.use === "enc"), "RSA-OAEP-256");
  const signed = (key) => new SignJWT(data).setProtectedHeader({ alg: "RS256", kid: "core" }).sign(key);
  const sealed = (text, enc) => {
    const header = { alg: "RSA-OAEP-256", enc, cty: "JWT" };
    return new CompactEncrypt(new TextEncoder().encode(text)).setProtectedHeader(header).encrypt(ours);
  };
  const as = (body) => ({ userinfo: (context) => void ((context.type = "application/jwt"), (context.body = body)) });
  for (const enc of ["A256CBC-HS512", "A128CBC-HS256", "A256GCM", "A128GCM"]) {
    const answer = await signInSpoiled(as(await sealed(await signed(theirs.privateKey), enc)));
    assert.equal(answer.status, 303, `${enc}: ${answer.body}`);
  }
  const attacks = {
    "neither signed nor encrypted": { userinfo: (context) => void (context.body = data) },
    "signed only": as(await signed(theirs.privateKey)),
    "encrypted only": as(await sealed(JSON.stringify(data), "A256CBC-HS512")),
    "signed by another": as(await sealed(await signed((await keyPair("RS256")).privateKey), "A256CBC-HS512")),
    "signed by nobody": as(await sealed(`${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(JSON.stringify(data)).toString("base64url")}.`, "A256GCM")),
  };
  for (const [name, spoil] of Object.entries(attacks)) {
    const answer = await signInSpoiled(spoil);
    assert.match(answer.body, /La risposta di SPID di prova non è sicura/, `${name}: ${answer.status}`);
  }
});

test("what a federation's documents name is asked on the public internet only, but for hosts that the operator named", async () => {
  let nAsked = 0;
  const inside = net.createServer((socket) => {
    nAsked += 1;
    socket.destroy();
  });
  await new Promise((resolve) => inside.listen(0, "127.0.0.2", resolve));
  // A member says that its authority is inside our network.
  const key = await keyPair("RS256", { kid: "member" });
  const claims = { authority_hints: [`https://127.0.0.2:${inside.address().port}`], metadata: { openid_provider: {} } };
  outsider.statement = await statement(key, outsider.issuer, outsider.issuer, [key.public], claims);
  try {
    const door = `${installation.url}/accesso/con/prova?fornitore=${encodeURIComponent(outsider.issuer)}`;
    const answer = await new Visitor(authority).get(door);
    assert.match(answer.body, /SPID di prova non risponde/);
    assert.ok(outsider.seen.includes("GET /.well-known/openid-federation"), "a host that the operator named is asked");
    assert.equal(nAsked, 0, "an address of the inner network was asked");
  } finally {
    await new Promise((resolve) => inside.close(resolve));
  }
});

test("the doors and the pages behind them have no finding in any look, and work without JavaScript", async (t) => {
  const browser = await launch();
  t.after(() => browser.close());
  const doors = async (page, see) => {
    await page.goto(`${installation.url}/accesso`);
    await see(page, "doors");
    const list = page.locator("details.tempi-door-list");
    await list.locator("summary").click();
    assert.equal(await list.locator("li a").count(), 2);
    assert.ok(await list.locator("li a").first().isVisible());
    await see(page, "doors, opened");
    await page.goto(`${installation.url}/accesso/ritorno/prova?error=access_denied&state=unknown`);
    await see(page, "refused");
    await page.goto(`${installation.url}/accesso/con/prova`);
    assert.equal(await page.locator("main li a").count(), 2);
    await see(page, "choice of a provider");
  };
  for (const look of LOOKS) {
    const { page, look: see, found } = await observer(t, browser, look, "spid");
    await doors(page, see);
    assert.deepEqual(found, []);
  }
  const page = await (await profile(browser, { javaScript: false, language: "it", screen: PHONE })).newPage();
  await doors(page, async () => {});
});
