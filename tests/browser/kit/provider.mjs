// An identity provider that is not ours: panva's certified `oidc-provider`, on loopback. A test may spoil what it
// sends, to play a provider that was taken over or somebody in between.

import { readFile } from "node:fs/promises";
import https from "node:https";

import { exportJWK, exportPKCS8, generateKeyPair } from "jose";
import Provider from "oidc-provider";

/** The levels of authentication that the provider knows. */
export const LEVELS = ["https://www.spid.gov.it/SpidL1", "https://www.spid.gov.it/SpidL2", "https://www.spid.gov.it/SpidL3"];

/** A key pair: the private half as PEM and as JWK, the public half as JWK. */
export async function keyPair(algorithm = "ES256", { kid = "key", use = "sig" } = {}) {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const members = { kid, use, alg: algorithm };
  return {
    pem: await exportPKCS8(privateKey),
    privateKey,
    private: { ...(await exportJWK(privateKey)), ...members },
    public: { ...(await exportJWK(publicKey)), ...members },
  };
}

export class IdentityProvider {
  /** Listens on a free port of this machine with a certificate of `authority`. */
  static async listen(authority) {
    const provider = new IdentityProvider();
    const server = await authority.issueServer();
    const tls = { cert: await readFile(server.certificate), key: await readFile(server.key) };
    provider.server = https.createServer(tls, (request, response) => provider.#answer(request, response));
    await new Promise((resolve) => provider.server.listen(0, "127.0.0.1", resolve));
    provider.issuer = `https://localhost:${provider.server.address().port}`;
    /** Who signs in next, and how. */
    provider.person = { fiscalCode: "RSSMRA80A41C707O", acr: LEVELS[1] };
    /** What is done to answers: by name of the endpoint, a function of the Koa context after the answer was made. */
    provider.spoil = {};
    /** Requests seen, as `METHOD path`. */
    provider.seen = [];
    return provider;
  }

  /** Begins to serve these clients with these keys (JWKs, private). */
  async serve({ clients, keys, configuration = {} }) {
    this.keys = keys;
    this.#configure = { clients, configuration };
    await this.rotate(keys);
  }

  /** Serves the same clients with other keys, and forgets its sessions. */
  async rotate(keys) {
    this.keys = keys;
    const { clients, configuration } = this.#configure;
    const provider = new Provider(this.issuer, {
      clients,
      jwks: { keys },
      acrValues: LEVELS,
      claims: { openid: ["sub"], acr: null, fiscal: ["fiscal_number"] },
      scopes: ["openid", "fiscal"],
      conformIdTokenClaims: true,
      pkce: { required: () => true },
      features: {
        devInteractions: { enabled: false },
        claimsParameter: { enabled: true },
        revocation: { enabled: true },
        jwtUserinfo: { enabled: true },
        encryption: { enabled: true },
      },
      interactions: { url: (context, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (context, id) => ({
        accountId: id,
        claims: () => ({ sub: id, fiscal_number: `TINIT-${id.replace("person-", "")}` }),
      }),
      cookies: { keys: ["of no value outside tests"] },
      ...configuration,
    });
    provider.use(async (context, next) => {
      await next();
      await this.spoil[context.oidc?.route ?? (context.path.startsWith("/.well-known") ? "discovery" : "")]?.(context);
    });
    for (const event of ["server_error", "grant.error", "userinfo.error"]) {
      provider.on(event, (context, error) => process.env.TEMPI_SHOW_LOG && console.error(event, error));
    }
    this.provider = provider;
    this.#callback = provider.callback();
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #configure;
  #callback;

  async #answer(request, response) {
    this.seen.push(`${request.method} ${request.url.split("?")[0]}`);
    if (this.delay) await new Promise((resolve) => setTimeout(resolve, this.delay));
    if (request.url === "/.well-known/openid-federation" && this.statement) return response.end(this.statement);
    if (!request.url.startsWith("/interaction/")) return this.#callback(request, response);
    if (request.method === "GET") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      const action = request.url.split("?")[0];
      response.end(`<!doctype html><html lang="it"><title>Identità di prova</title><form method="post" action="${action}">
        <button name="act" value="enter">Entra</button> <button name="act" value="refuse">Annulla</button></form>`);
      return;
    }
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const refuses = Buffer.concat(chunks).toString().includes("refuse");
    await this.#finish(request, response, refuses);
  }

  /** The person signs in and agrees to everything, or goes away. */
  async #finish(request, response, refuses) {
    if (refuses) {
      const { error = "access_denied", description = "the person went away" } = this.refusal ?? {};
      const result = { error, error_description: description };
      return this.provider.interactionFinished(request, response, result);
    }
    const { params, prompt } = await this.provider.interactionDetails(request, response);
    const accountId = `person-${this.person.fiscalCode}`;
    const grant = new this.provider.Grant({ accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    grant.addOIDCClaims(["fiscal_number", "https://attributes.eid.gov.it/fiscal_number"]);
    const grantId = await grant.save();
    const login = prompt.name === "login" && { accountId, acr: this.person.acr, remember: false };
    await this.provider.interactionFinished(request, response, { ...(login && { login }), consent: { grantId } });
  }
}
