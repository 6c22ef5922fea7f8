// The `tempi` program under test: served on loopback with a scratch folder, and stopped again.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { Authority } from "./authority.mjs";

const run = promisify(execFile);
const workspace = fileURLToPath(new URL("../../../", import.meta.url));
const program = process.env.TEMPI_PROGRAM ?? path.join(workspace, "target/debug/tempi");

/** How long a server may take to come up, in milliseconds; the demonstration makes its city first. */
const READY_WITHIN = 180_000;

/** An installation with a database of its own, on free loopback ports. */
export class Installation {
  /**
   * Makes the folder with certificates and configuration, and starts `tempi serve` on it. `more(installation)` answers
   * further sections of the configuration. `host` is the name in the site's address.
   */
  static async start(more = async () => "", { host = "localhost" } = {}) {
    const folder = await mkdtemp(path.join(tmpdir(), "tempi-test-"));
    const authority = await Authority.create(path.join(folder, "authority"));
    const server = await authority.issueServer();
    const installation = new Installation(folder, authority);
    await writeFile(
      installation.configuration,
      `[site]
name = "Tempi"
municipality = "Comune di Prova"
[public]
address = "127.0.0.1:0"
url = "https://${host}:0"
certificate = "${server.certificate}"
key = "${server.key}"
[card]
address = "127.0.0.1:0"
url = "https://localhost:0"
trust_anchors = "${authority.trustAnchors}"
[database]
url = "sqlite://${path.join(folder, "tempi.sqlite")}"
[keys]
file = "${path.join(folder, "master.key")}"
${await more(installation)}`,
    );
    installation.process = await started(["--log", "info", "serve", "--config", installation.configuration]);
    Object.assign(installation, addresses(installation.process.output, /answers at (\S+) and takes cards at (\S+)/));
    return installation;
  }

  constructor(folder, authority) {
    this.folder = folder;
    this.authority = authority;
    this.configuration = path.join(folder, "tempi.toml");
  }

  /** Runs `tempi export` beside the running server; answers the snapshot's folder. */
  async export() {
    const output = path.join(this.folder, "snapshot");
    await run(program, ["export", "--config", this.configuration, "--output", output]);
    return output;
  }

  /** Runs `tempi` beside the running server; answers what it printed. */
  async tempi(...words) {
    return (await run(program, [...words, "--config", this.configuration])).stdout;
  }

  /** Runs another command beside the running server. */
  run(arguments_) {
    return run(program, [...arguments_, "--config", this.configuration]);
  }

  /** Everything the server has logged. */
  get log() {
    return this.process.log;
  }

  /** Stops the server and removes the folder. */
  async stop() {
    await this.process.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The demonstration with a small synthetic city. */
export class Demonstration {
  static async start() {
    const demonstration = new Demonstration();
    demonstration.folder = await mkdtemp(path.join(tmpdir(), "tempi-demo-"));
    const arguments_ = ["demo", "--folder", demonstration.folder, "--persons", "400", "--port", "0", "--card-port", "0"];
    demonstration.process = await started(arguments_, "Ctrl-C ends");
    Object.assign(demonstration, addresses(demonstration.process.output, /Site\s+(\S+)[^]*Card listener\s+(\S+)/));
    return demonstration;
  }

  async stop() {
    await this.process.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function addresses(output, pattern) {
  const [, url, cardUrl] = pattern.exec(output) ?? [];
  if (!url) throw new Error(`tempi did not say where it listens: ${output}`);
  return { url, cardUrl };
}

/** Starts the program and waits until its output contains `ready`. */
async function started(arguments_, ready = "takes cards at") {
  const child = spawn(program, arguments_, { stdio: ["ignore", "pipe", "pipe"] });
  const running = {
    output: "",
    log: "",
    async stop() {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    },
  };
  child.stderr.on("data", (text) => (running.log += text));
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail("was not ready in time"), READY_WITHIN);
    const fail = (reason) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      reject(new Error(`tempi ${arguments_.join(" ")} ${reason}.\n${running.output}\n${running.log}`));
    };
    child.once("error", (error) => fail(`could not start (${error.message}); build it with \`cargo build --bin tempi\``));
    child.once("exit", (code) => fail(`ended with ${code}`));
    child.stdout.on("data", (text) => {
      running.output += text;
      if (!running.output.includes(ready)) return;
      clearTimeout(timer);
      child.removeAllListeners("exit");
      resolve();
    });
  });
  return running;
}
