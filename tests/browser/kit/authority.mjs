// A certification authority made with openssl, apart from the program under test: it issues the server's certificate
// and cards after the profile of the Carta Nazionale dei Servizi (digitalSignature, clientAuth, policy 1.3.76.16.2.1).

import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const SERVER = `extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1
`;
const CARD = `basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
certificatePolicies = 1.3.76.16.2.1
`;

const EC_KEY = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];

/** Cards that are refused, by the reason: what departs from a good one. */
export const BAD_CARDS = {
  unreadable: { extensions: `${CARD}1.2.3.4 = critical, ASN1:NULL\n` },
  outdated: { key: ["rsa:1024"] },
  "signature-certificate": { extensions: CARD.replace("digitalSignature", "nonRepudiation") },
  "no-purpose": { extensions: CARD.replace("extendedKeyUsage = clientAuth\n", "") },
  "wrong-purpose": { extensions: CARD.replace("clientAuth", "emailProtection") },
  "no-policy": { extensions: CARD.replace("certificatePolicies = 1.3.76.16.2.1\n", "") },
  expired: { days: -1 },
  "malformed-name": { subject: "/C=IT/CN=Maria Rossi" },
  "invalid-fiscal-code": { subject: cardSubject("RSSMRA80A41C707X") },
};

export class Authority {
  /** An authority whose files lie in `folder`. */
  static async create(folder) {
    const authority = new Authority();
    authority.folder = folder;
    authority.trustAnchors = path.join(folder, "trust");
    await mkdir(authority.trustAnchors, { recursive: true });
    authority.certificate = path.join(authority.trustAnchors, "authority.pem");
    authority.key = path.join(folder, "authority.key");
    await openssl(
      ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
      ["-subj", "/C=IT/O=Prova/CN=Autorita di prova", "-keyout", authority.key, "-out", authority.certificate],
      ["-addext", "keyUsage=critical,keyCertSign,cRLSign"],
    );
    return authority;
  }

  /** The certificate of a server on this machine: paths of certificate and key. */
  issueServer() {
    return this.#issue("server", "/C=IT/CN=localhost", SERVER);
  }

  /** The card of `fiscalCode`: paths of certificate and key. */
  issueCard(fiscalCode) {
    return this.#issue(`card-${fiscalCode}`, cardSubject(fiscalCode), CARD);
  }

  /** A card that departs from a good one in the way of this name, see `BAD_CARDS`. */
  issueBadCard(name, fiscalCode) {
    const { subject = cardSubject(fiscalCode), extensions = CARD, ...rest } = BAD_CARDS[name];
    return this.#issue(`bad-${name}`, subject, extensions, rest);
  }

  /** Signs a card's request (PEM file), made elsewhere, and answers the path of the certificate. */
  signCard(request) {
    return this.#sign(request, CARD);
  }

  async #issue(name, subject, extensions, { key: kind = EC_KEY, days = 2 } = {}) {
    const key = path.join(this.folder, `${name}.key`);
    const request = path.join(this.folder, `${name}.csr`);
    await openssl(
      ["req", "-new", "-newkey", ...kind, "-nodes"],
      ["-subj", subject, "-keyout", key, "-out", request],
    );
    return { certificate: await this.#sign(request, extensions, days), key };
  }

  async #sign(request, extensions, days = 2) {
    const certificate = request.replace(/\.csr$/, ".pem");
    const extensionFile = request.replace(/\.csr$/, ".extensions");
    await writeFile(extensionFile, extensions);
    await openssl(
      ["x509", "-req", "-in", request, "-CA", this.certificate, "-CAkey", this.key, "-sha256", "-days", `${days}`],
      ["-CAcreateserial", "-CAserial", path.join(this.folder, "serial"), "-extfile", extensionFile, "-out", certificate],
    );
    return certificate;
  }
}

/** The subject of a card: the hash after the card's number contains a slash, as real ones may. */
export function cardSubject(fiscalCode) {
  return `/C=IT/OU=Regione di prova/CN=${fiscalCode}\\/6090012345678901.aB+c\\/dE9fGhIjKlMnOpQrStUvWx=`;
}

/** Certificate and key as a browser takes them. */
export async function readCard({ certificate, key }) {
  return { cert: await readFile(certificate), key: await readFile(key) };
}

async function openssl(...parts) {
  await run("openssl", parts.flat());
}
