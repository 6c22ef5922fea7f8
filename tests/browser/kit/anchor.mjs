// A trust anchor of a federation, as small as one can be: for what the Italian federation's own implementation does not
// let a test do, which is to misbehave.

import { readFile } from "node:fs/promises";
import https from "node:https";

import { SignJWT } from "jose";

import { keyPair } from "./provider.mjs";

/** A statement of `issuer` about `subject`, whose keys are `keys`. */
export function statement(key, issuer, subject, keys, claims = {}) {
  return new SignJWT({ jwks: { keys }, ...claims })
    .setProtectedHeader({ alg: "RS256", kid: key.public.kid, typ: "entity-statement+jwt" })
    .setIssuer(issuer)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(key.privateKey);
}

export class Anchor {
  static async listen(authority) {
    const anchor = new Anchor();
    anchor.key = await keyPair("RS256", { kid: "anchor" });
    anchor.members = new Map();
    const server = await authority.issueServer();
    const tls = { cert: await readFile(server.certificate), key: await readFile(server.key) };
    anchor.server = https.createServer(tls, async (request, response) => {
      const url = new URL(request.url, anchor.url);
      const token = url.pathname === "/fetch" ? anchor.members.get(url.searchParams.get("sub")) : await anchor.#ownStatement();
      response.writeHead(token ? 200 : 404, { "content-type": "application/entity-statement+jwt" });
      response.end(token);
    });
    await new Promise((resolve) => anchor.server.listen(0, "127.0.0.1", resolve));
    anchor.url = `https://localhost:${anchor.server.address().port}`;
    return anchor;
  }

  /** Makes `provider` a member, and lets it say so itself. */
  async enrol(provider, metadata) {
    const key = await keyPair("RS256", { kid: "member" });
    const claims = { authority_hints: [this.url], metadata: { openid_provider: metadata } };
    provider.statement = await statement(key, provider.issuer, provider.issuer, [key.public], claims);
    this.members.set(provider.issuer, await statement(this.key, this.url, provider.issuer, [key.public]));
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  #ownStatement() {
    const metadata = { federation_entity: { federation_fetch_endpoint: `${this.url}/fetch` } };
    return statement(this.key, this.url, this.url, [this.key.public], { metadata });
  }
}
