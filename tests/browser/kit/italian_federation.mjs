// The Italian federation on this machine: trust anchor and provider of `spid-cie-oidc`, started as a process of its own.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const home = fileURLToPath(new URL("../../italian_federation/", import.meta.url));
const python = process.env.TEMPI_FEDERATION_PYTHON ?? path.join(home, "venv/bin/python");

/** How long it may take to come up, in milliseconds: its database is made first. */
const READY_WITHIN = 180_000;

export class ItalianFederation {
  static async start(authority) {
    const federation = new ItalianFederation();
    federation.folder = await mkdtemp(path.join(tmpdir(), "tempi-federation-"));
    const server = await authority.issueServer();
    const arguments_ = [path.join(home, "federation.py"), federation.folder, server.certificate, server.key, authority.certificate];
    // Some of its requests believe what the system believes; this makes that the authority under test.
    const env = { ...process.env, SSL_CERT_FILE: authority.certificate };
    federation.process = spawn(python, arguments_, { stdio: ["pipe", "pipe", "pipe"], env });
    federation.errors = "";
    federation.process.stderr.on("data", (text) => (federation.errors += text));
    const lines = createInterface({ input: federation.process.stdout })[Symbol.asyncIterator]();
    federation.next = async () => (await lines.next()).value;
    const ready = await Promise.race([
      federation.next(),
      new Promise((_, reject) => {
        federation.process.once("error", (error) => reject(new Error(`${error.message}: run tests/italian_federation/install.sh`)));
        setTimeout(() => reject(new Error(`the federation did not come up: ${federation.errors}`)), READY_WITHIN).unref();
      }),
    ]);
    const [, anchor, provider] = /^ready (\S+) (\S+)$/.exec(ready ?? "") ?? [];
    if (!anchor) throw new Error(`the federation did not come up: ${ready} ${federation.errors}`);
    return Object.assign(federation, { anchor, provider, anchorKeys: path.join(federation.folder, "anchor.jwks") });
  }

  /** Gives a command and waits until it is done. */
  async tell(command) {
    this.process.stdin.write(`${JSON.stringify(command)}\n`);
    const answer = await this.next();
    if (answer !== "done") throw new Error(`${answer} ${this.errors}`);
  }

  async stop() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}
