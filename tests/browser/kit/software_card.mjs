// A software smart card (SoftHSM2): the key is made on the token and never leaves it, as on a real card. curl uses it
// through PKCS#11.

import { execFile } from "node:child_process";
import { access, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { cardSubject } from "./authority.mjs";

const run = promisify(execFile);
const MODULE = "/usr/lib/softhsm/libsofthsm2.so";
const PIN = "12345";
const OBJECT = "pkcs11:token=carta;object=cns";
const PRIVATE_KEY = `${OBJECT};type=private;pin-value=${PIN}`;

export class SoftwareCard {
  /** A card for `fiscalCode`, its certificate issued by `authority`, with its files under `folder`. */
  static async make(folder, authority, fiscalCode) {
    await requirePrograms();
    const card = new SoftwareCard(path.join(folder, `softhsm-${fiscalCode}`));
    await mkdir(path.join(card.folder, "tokens"), { recursive: true });
    const settings = path.join(card.folder, "softhsm2.conf");
    await writeFile(settings, `directories.tokendir = ${card.folder}/tokens\nobjectstore.backend = file\n`);
    card.environment = { ...process.env, SOFTHSM2_CONF: settings, PKCS11_MODULE_PATH: MODULE };

    await card.#run("softhsm2-util", "--init-token", "--free", "--label", "carta", "--pin", PIN, "--so-pin", "87654321");
    await card.#token("--keypairgen", "--key-type", "rsa:2048", "--id", "01", "--label", "cns");
    const request = path.join(card.folder, "card.csr");
    await card.#run(
      ...["openssl", "req", "-new", "-engine", "pkcs11", "-keyform", "engine", "-key", PRIVATE_KEY],
      ...["-subj", cardSubject(fiscalCode), "-out", request],
    );
    const certificate = await authority.signCard(request);
    const der = path.join(card.folder, "card.der");
    await card.#run("openssl", "x509", "-in", certificate, "-outform", "DER", "-out", der);
    await card.#token("--write-object", der, "--type", "cert", "--id", "01", "--label", "cns");
    return card;
  }

  constructor(folder) {
    this.folder = folder;
    this.cookies = path.join(folder, "cookies");
  }

  /** A request with the card in the reader: `{ status, location, text }`. Cookies are kept between requests. */
  present(url, ...options) {
    const card = ["--engine", "pkcs11", "--cert-type", "ENG", "--cert", `${OBJECT};type=cert`];
    return this.request(url, ...card, "--key-type", "ENG", "--key", PRIVATE_KEY, ...options);
  }

  /** A request without the card. */
  async request(url, ...options) {
    const written = "\n%{http_code} %{redirect_url}";
    const common = ["--silent", "--show-error", "--insecure", "--cookie", this.cookies, "--cookie-jar", this.cookies];
    const { stdout } = await this.#run("curl", ...common, "--write-out", written, ...options, url);
    const end = stdout.lastIndexOf("\n");
    const [status, location] = stdout.slice(end + 1).split(" ");
    return { status: Number(status), location, text: stdout.slice(0, end) };
  }

  #token(...options) {
    return this.#run("pkcs11-tool", "--module", MODULE, "--login", "--pin", PIN, ...options);
  }

  #run(program, ...options) {
    return run(program, options, { env: this.environment });
  }
}

async function requirePrograms() {
  const missing = [];
  await access(MODULE).catch(() => missing.push("softhsm2"));
  await access("/usr/bin/pkcs11-tool").catch(() => missing.push("opensc"));
  await run("openssl", ["engine", "pkcs11"]).catch(() => missing.push("libengine-pkcs11-openssl"));
  if (missing.length > 0) {
    throw new Error(`the software card needs Debian's ${missing.join(", ")}: run \`make packages\``);
  }
}
