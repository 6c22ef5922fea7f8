// Keeps the day in three places alike: on the page, on the device, and at the server. Every change is first on the device, then at the
// server; what cannot be sent waits and is sent later. Nothing here knows how a day looks.

import type { Keep } from "../keep/index";
import { isSame, blank, type Day } from "./model/day";
import { merge, type Merged } from "./model/merge";
import type { Report, Trace } from "./trace";
import { fromData, toData, type DayData, type DayState } from "./wire";

/// How it stands between this page and the server.
export type Standing =
  /// The server has everything.
  | "saved"
  /// Something is on its way.
  | "saving"
  /// The server cannot be reached; what is new lies on the device.
  | "offline"
  /// The session has ended; what is new lies on the device.
  | "signed-out"
  /// The server does not take what was sent.
  | "refused"
  /// The day was handed in elsewhere.
  | "submitted";

/// Whom the synchronisation tells.
export interface Listener {
  /// The standing changed, or the server said something new.
  stands(standing: Standing, state: DayState | null): void;
  /// Another device changed the day: the page takes this over, every state of it.
  merged(merged: Merged, change: (day: Day) => Day): void;
}

/// What lies between two attempts, in milliseconds; it doubles from the first to the last.
const [FIRST_WAIT, LONGEST_WAIT] = [2_000, 60_000];

/// How long until it is tried again whether the person has signed in anew in another tab, in milliseconds.
const SIGNED_OUT_WAIT = 10_000;

/// How long changes gather before they are sent, in milliseconds.
const GATHER = 400;

/// An answer: the day as the server has it, or why there is none.
type Answer = { kind: "state"; status: number; state: DayState } | { kind: "refused" | "signed-out" | "stale" | "offline" };

export class Sync {
  readonly #path: string;
  readonly #date: string;
  readonly #keep: Keep | null;
  readonly #listener: Listener;
  readonly #trace: Trace | null;
  #owner: string | null;
  #token = "";
  /// Whether the person agreed that it be kept how the day is filled in.
  #isTraced = false;
  #base: Day = blank();
  #mine: Day = blank();
  #version = 0;
  #place = "";
  #isSending = false;
  /// Whether the last answer was that the token is not this session's.
  #wasStale = false;
  #wait = FIRST_WAIT;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #standing: Standing = "saved";

  /// `owner` is the person whose day it is, where the page knows it. What `trace` reports goes along with what is sent.
  constructor(date: string, owner: string | null, keep: Keep | null, listener: Listener, trace: Trace | null = null) {
    this.#path = `/diario/${date}`;
    this.#date = date;
    this.#owner = owner;
    this.#keep = keep;
    this.#listener = listener;
    this.#trace = trace;
  }

  get standing(): Standing {
    return this.#standing;
  }

  /// The day to begin with, where the person was in it, and the server's word on it: what lies on the device and what the server has, brought together.
  async begin(): Promise<{ day: Day; place: string; state: DayState | null; merged: Merged | null }> {
    const kept = (await this.#keep?.load(this.#date).catch(() => null)) ?? null;
    const answer = await this.#get();
    const state = answer.kind === "state" ? answer.state : null;
    let merged: Merged | null = null;
    this.#place = kept?.place ?? "";
    if (kept) {
      [this.#base, this.#mine, this.#version] = [fromData(kept.base as DayData), fromData(kept.mine as DayData), kept.version];
    }
    if (state) {
      const theirs = fromData(state.day);
      if (kept && !isSame(this.#mine, this.#base)) {
        merged = merge(this.#base, this.#mine, theirs);
        this.#mine = merged.day;
      } else {
        this.#mine = theirs;
      }
      [this.#base, this.#version] = [theirs, state.version];
    }
    const waits = !isSame(this.#mine, this.#base);
    const withState = (state: DayState) => (state.submitted ? "submitted" : waits ? "saving" : "saved");
    this.#stand(state ? withState(state) : answer.kind === "signed-out" ? "signed-out" : "offline", state);
    if (state && waits) this.#later(0);
    if (!state) this.#later(this.#wait);
    return { day: this.#mine, place: this.#place, state, merged };
  }

  /// The day changed on the page: keeps it on the device now, and at the server soon.
  async change(day: Day, place: string): Promise<void> {
    [this.#mine, this.#place] = [day, place];
    if (this.#standing === "saved" || this.#standing === "refused") this.#stand("saving", null);
    await this.#keepHere();
    if (!this.#isSending) this.#later(this.#standing === "offline" ? this.#wait : GATHER);
  }

  /// Sends what waits at once: the network is back, the page is looked at again, or it is about to be left.
  async flush(): Promise<void> {
    if (this.#standing === "submitted") return;
    if (isSame(this.#mine, this.#base) && this.#standing === "saved") return;
    clearTimeout(this.#timer);
    await this.#send();
  }

  /// Sends what waits and answers how it stands then.
  async settle(): Promise<Standing> {
    for (let tries = 0; tries < 20 && (this.#isSending || this.#standing === "saving"); tries += 1) {
      await this.flush();
      if (this.#isSending) await new Promise((done) => setTimeout(done, 250));
    }
    return this.#standing;
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    const sent = this.#mine;
    const reports = this.#isTraced ? (this.#trace?.reports() ?? []) : [];
    const answer = await this.#post(sent, reports);
    // An answer that the day is kept says the same of the reports.
    if (answer.kind === "state" && answer.status === 200) this.#trace?.arrived(reports);
    this.#isSending = false;
    if (answer.kind !== "stale") this.#wasStale = false;
    switch (answer.kind) {
      case "state":
        return this.#take(answer.status, answer.state, sent);
      case "stale":
        return this.#renew();
      case "signed-out":
        this.#stand("signed-out", null);
        return this.#later(SIGNED_OUT_WAIT);
      case "refused":
        return this.#stand("refused", null);
      case "offline":
        this.#stand("offline", null);
        this.#later(this.#wait);
        this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    }
  }

  /// The server answered with the day as it has it now.
  async #take(status: number, state: DayState, sent: Day): Promise<void> {
    this.#wait = FIRST_WAIT;
    this.#token = state.token;
    const theirs = fromData(state.day);
    if (state.submitted) {
      [this.#base, this.#mine, this.#version] = [theirs, theirs, state.version];
      await this.#keep?.forget(this.#date).catch(() => undefined);
      return this.#stand("submitted", state);
    }
    if (status === 409) {
      const base = this.#base;
      const merged = merge(base, this.#mine, theirs);
      this.#mine = merged.day;
      this.#listener.merged(merged, (day) => merge(base, day, theirs).day);
    }
    [this.#base, this.#version] = [status === 409 ? theirs : sent, state.version];
    await this.#keepHere();
    if (!isSame(this.#mine, this.#base)) {
      this.#stand("saving", state);
      return this.#later(0);
    }
    await this.#keep?.synced(this.#date).catch(() => undefined);
    this.#stand("saved", state);
  }

  /// The token is not this session's: after signing in anew there is another one.
  async #renew(): Promise<void> {
    // A token that was asked for just now and is refused will not be better the next time.
    const answer = this.#wasStale ? ({ kind: "signed-out" } as const) : await this.#get();
    this.#wasStale = answer.kind === "state";
    if (answer.kind !== "state") {
      this.#stand(answer.kind === "offline" ? "offline" : "signed-out", null);
      return this.#later(SIGNED_OUT_WAIT);
    }
    return this.#take(409, answer.state, this.#mine);
  }

  #later(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), wait);
  }

  #stand(standing: Standing, state: DayState | null): void {
    this.#standing = standing;
    this.#listener.stands(standing, state);
  }

  async #keepHere(): Promise<void> {
    const [base, mine] = [toData(this.#base), toData(this.#mine)];
    const kept = { date: this.#date, version: this.#version, base, mine, place: this.#place, savedAt: Date.now() };
    // A device that keeps nothing still has the page and the server.
    await this.#keep?.save(kept).catch(() => undefined);
  }

  async #get(): Promise<Answer> {
    const answer = await this.#ask({ method: "GET" });
    if (answer.kind === "state") this.#token = answer.state.token;
    return answer;
  }

  #post(day: Day, reports: Report[]): Promise<Answer> {
    const fields = { gettone: this.#token, versione: String(this.#version), giornata: JSON.stringify(toData(day)), ...(reports.length > 0 && { percorso: JSON.stringify(reports) }) };
    return this.#ask({ method: "POST", body: new URLSearchParams(fields), keepalive: true });
  }

  async #ask(request: RequestInit): Promise<Answer> {
    try {
      const answer = await fetch(`${this.#path}/dati`, { ...request, redirect: "manual", cache: "no-store", headers: { accept: "application/json" } });
      if (answer.type === "opaqueredirect" || answer.status === 401) return { kind: "signed-out" };
      if (answer.status === 403) return { kind: "stale" };
      const isState = answer.headers.get("content-type")?.startsWith("application/json") ?? false;
      if (isState && (answer.ok || answer.status === 409)) {
        const state = (await answer.json()) as DayState;
        this.#owner ??= state.owner;
        // Somebody else has signed in at this browser: nothing of this page is theirs.
        if (state.owner !== this.#owner) return { kind: "signed-out" };
        this.#isTraced = state.traced ?? this.#isTraced;
        return { kind: "state", status: answer.status, state };
      }
      const passes = answer.status >= 500 || answer.status === 429 || answer.status === 408;
      return { kind: passes ? "offline" : "refused" };
    } catch {
      return { kind: "offline" };
    }
  }
}
