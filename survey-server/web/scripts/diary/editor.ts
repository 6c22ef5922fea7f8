// The day being told on this page: what is asked now, and the acts that answer it. Knows nothing of how it is drawn.

import { proposeGaps, proposeTravel, type Episode as Stretch, type Proposal as Trip } from "../suggest/index";
import { clock, SLOTS } from "./model/clock";
import { episodes, FIELDS, firstGap, mergeInto, moveBoundary, runAt, runs, set, split, tell, type Day, type Episode, type Field, type Run, type Span } from "./model/day";
import { History } from "./model/history";
import type { Conflict, Merged } from "./model/merge";
import { isAsked, propose, sameElsewhere, type Proposal } from "./propose";
import type { Standing } from "./sync";
import type { DayState, Question } from "./wire";
import type { Words } from "./words";

/// What the page asks about the main activity.
export type Ask =
  /// What was done from `start`; `end` is known where a span was chosen, else it is asked next.
  | { step: "what"; start: number; end: number | null; group: string | null; query: string }
  /// From when something was done, other than from the beginning of the gap.
  | { step: "from"; start: number; end: number }
  /// Until when `code` was done.
  | { step: "until"; start: number; code: string }
  /// What to do with a span that was told.
  | { step: "edit"; run: Run }
  /// Where a boundary of a span, or a cut through it, is to lie.
  | { step: "when"; run: Run; what: "start" | "end" | "split" };

/// What the editor calls when something has changed.
export interface Stage {
  /// Draws everything anew.
  show(): void;
  /// Draws anew how it stands with saving, and nothing else.
  showStanding(): void;
  /// Says something to people who listen to the page.
  say(text: string): void;
  /// Brings the question into view and puts the focus on it.
  lead(): void;
  /// Brings the first span that can be touched into view.
  reveal(): void;
  /// Keeps the day, which the person has changed or only left at another place.
  keep(day: Day, place: string, isEdit: boolean): void;
}

/// The last thing that was told, whose end can still be set finer with one act.
export interface Last extends Span {
  code: string;
}

export class Editor {
  readonly words: Words;
  readonly #stage: Stage;
  readonly #history: History<Day>;
  /// The field that is being told.
  field: Field = "main";
  ask: Ask = { step: "what", start: 0, end: null, group: null, query: "" };
  /// What the next touched spans will say, by field.
  brush: Partial<Record<Field, string>> = {};
  /// Whether the secondary activity's brush is being chosen from all activities.
  picker: { group: string | null; query: string } = { group: null, query: "" };
  last: Last | null = null;
  /// Boundaries set by splitting, where nothing differs yet.
  cuts: ReadonlySet<number> = new Set();
  conflicts: Conflict[] = [];
  arrived = 0;
  standing: Standing = "saved";
  /// What the person told of other days, the day most like this one first.
  earlier: Stretch[] = [];
  until: number;
  running: boolean;
  questions: Question[] = [];

  constructor(words: Words, stage: Stage, day: Day, state: DayState | null) {
    [this.words, this.#stage, this.#history] = [words, stage, new History(day)];
    this.until = state?.until ?? 144;
    this.running = state?.running ?? false;
    this.questions = state?.questions ?? [];
  }

  get day(): Day {
    return this.#history.present;
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  /// Where the person is, in a word that survives leaving the page.
  get place(): string {
    return this.field;
  }

  /// Goes to where the person left, or to the first thing that is missing.
  resume(place: string): void {
    const field = FIELDS.find((one) => one === place);
    this.field = field && this.progress("main").missing === 0 ? field : "main";
    if (this.field !== "main" && this.progress(this.field).missing === 0) this.field = this.next() ?? this.field;
    this.#askNext(0);
  }

  // What there is to tell.

  /// The spans shown in the list: by main activity, and by the field that is being told.
  get rows(): Episode[] {
    const fields: Field[] = this.field === "main" ? ["main"] : ["main", this.field];
    return episodes(this.day, fields, this.cuts).filter(({ start }) => start < this.until);
  }

  /// How many spans of a field are told and how many are missing.
  progress(field: Field): { told: number; missing: number } {
    const spans = episodes(this.day, ["main", field]).filter(({ start, said }) => start < this.until && (field === "main" || isAsked(field, said.main)));
    const told = spans.filter(({ said }) => said[field] !== "").length;
    // Not having done anything else is an answer that needs no act.
    return { told, missing: field === "secondary" ? 0 : spans.length - told };
  }

  /// The next field in which something is missing, after the one that is being told.
  next(): Field | null {
    const order = [...FIELDS.slice(FIELDS.indexOf(this.field) + 1), ...FIELDS.slice(0, FIELDS.indexOf(this.field))];
    return order.find((field) => (field === "secondary" ? !this.#seen.has(field) : this.progress(field).missing > 0)) ?? null;
  }

  #seen = new Set<Field>();

  /// Whether nothing is missing in the main activity.
  get isComplete(): boolean {
    return firstGap(this.day, this.until) === null;
  }

  get proposals(): Proposal[] {
    return propose(this.day, this.field);
  }

  /// Whether nothing has been said yet, and there is another day to begin from.
  get mayCopy(): boolean {
    return this.earlier.length > 0 && this.isBlank;
  }

  /// Nothing was told yet: only then can the day begin as another one.
  get isBlank(): boolean {
    return FIELDS.every((field) => this.day[field].every((value) => value === ""));
  }

  /// Other days of the person have arrived.
  remember(earlier: Stretch[]): void {
    this.earlier = earlier;
    this.#stage.show();
  }

  /// What was painted last, for the other spans with the same activity.
  get same(): { proposal: Proposal; main: string } | null {
    if (this.#painted === null) return null;
    const main = this.day.main[this.#painted] ?? "";
    const proposal = sameElsewhere(this.day, this.field, main, this.day[this.field][this.#painted] ?? "");
    return proposal && { proposal, main };
  }

  /// The first slot of the span that was painted last.
  #painted: number | null = null;

  /// Trips that seem to lack between two places, once the places are told.
  get trips(): Trip[] {
    return this.field === "location" && this.proposals.length === 0 ? proposeTravel(this.stretches) : [];
  }

  /// The day as the proposals see it.
  get stretches(): Stretch[] {
    return episodes(this.day, ["main", "location"]).map(({ start, end, said }) => ({ start, end, main: said.main || null, location: said.location || null }));
  }

  /// What may have filled the gap that is asked about: what it is and until when.
  get gapProposal(): { code: string; end: number } | null {
    const { ask } = this;
    if (ask.step !== "what" || ask.end !== null) return null;
    const proposal = proposeGaps(this.stretches, this.earlier).find(({ start }) => start === ask.start);
    const [code] = proposal?.codes ?? [];
    const isSure = proposal?.key === "proposal-gap-continue" || proposal?.key === "proposal-gap-sleep";
    return proposal && code && isSure ? { code, end: Math.min(proposal.end, this.until) } : null;
  }

  // Acts.

  /// Turns to a field.
  turn(field: Field): void {
    this.#seen.add(this.field);
    this.field = field;
    this.last = null;
    this.#painted = null;
    this.cuts = new Set();
    if (field === "main") this.#askNext(0);
    this.#stage.keep(this.day, this.place, false);
    this.#stage.show();
    this.#stage.lead();
  }

  /// Asks what was done from `start`, up to `end` where it is known.
  askWhat(start: number, end: number | null = null): void {
    this.turnTo({ step: "what", start, end, group: null, query: "" });
  }

  /// Asks something else.
  turnTo(ask: Ask): void {
    this.ask = ask;
    this.last = null;
    this.#stage.show();
    this.#stage.lead();
  }

  /// Asks for another start within the gap that is asked about.
  askFrom(): void {
    const { ask } = this;
    if (ask.step !== "what" || ask.end !== null) return;
    const gap = runAt(this.day.main, ask.start);
    this.turnTo({ step: "from", start: gap.start, end: Math.min(gap.end, this.until) });
  }

  /// Changes what the question shows without answering it.
  search(query: string): void {
    if (this.ask.step === "what") this.ask = { ...this.ask, query };
    this.#stage.show();
  }

  openGroup(group: string | null): void {
    if (this.ask.step === "what") this.ask = { ...this.ask, group, query: "" };
    this.#stage.show();
    this.#stage.lead();
  }

  /// An activity is chosen: its end is asked, unless it is known.
  choose(code: string): void {
    const { ask } = this;
    if (ask.step !== "what") return;
    if (ask.end !== null) return this.finish(ask.start, ask.end, code);
    this.ask = { step: "until", start: ask.start, code };
    this.last = null;
    this.#stage.show();
    this.#stage.lead();
  }

  /// A main activity is told over a span, and what comes next is asked.
  finish(start: number, end: number, code: string): void {
    this.#act(tell(this.day, { start, end }, code));
    this.last = { start, end, code };
    this.#askNext(end);
    this.#stage.say(this.words.t("said-told", { what: this.words.activity(code), start: clock(start), end: clock(end), rest: this.restText() }));
    this.#stage.show();
    this.#stage.lead();
  }

  /// Sets the end of what was told last anew.
  refine(end: number): void {
    const { last } = this;
    if (!last || end === last.end) return;
    const day = end > last.end ? tell(this.day, { start: last.end, end }, last.code) : this.#withoutMain({ start: end, end: last.end });
    this.#act(day);
    this.last = { ...last, end };
    this.#askNext(end);
    this.#stage.say(this.words.t("said-told", { what: this.words.activity(last.code), start: clock(last.start), end: clock(end), rest: this.restText() }));
    this.#stage.show();
  }

  #withoutMain(span: Span): Day {
    return FIELDS.reduce((day, field) => set(day, field, span, ""), this.day);
  }

  /// Turns to a span of the list.
  select(slot: number): void {
    const run = runAt(this.day.main, slot);
    if (run.value === "") return this.askWhat(Math.max(run.start, 0));
    this.turnTo({ step: "edit", run });
  }

  /// Moves a boundary between two spans.
  move(at: number, to: number): void {
    const day = moveBoundary(this.day, at, to);
    if (day === this.day) return;
    this.#act(day);
    this.#askNext(0);
    this.#stage.say(this.words.t("said-moved", { time: clock(to) }));
    this.#stage.show();
  }

  /// The answer to where a boundary or a cut is to lie.
  setWhen(slot: number): void {
    const { ask } = this;
    if (ask.step !== "when") return;
    if (ask.what === "split") {
      const parts = split(ask.run, slot);
      if (!parts) return;
      if (this.field === "main") return this.askWhat(parts[1].start, parts[1].end);
      this.cuts = new Set([...this.cuts, slot]);
      this.#stage.say(this.words.t("said-split", { time: clock(slot) }));
    } else {
      this.move(ask.what === "start" ? ask.run.start : ask.run.end, slot);
    }
    this.#askNext(0);
    this.#stage.show();
    this.#stage.lead();
  }

  /// Makes a span a part of its neighbour.
  join(span: Span, side: "before" | "after"): void {
    this.#act(mergeInto(this.day, span, side));
    this.#stage.say(this.words.t("said-joined", { start: clock(span.start), end: clock(span.end) }));
    this.#after();
  }

  /// Forgets a span.
  erase(span: Span): void {
    this.#act(this.#withoutMain(span));
    this.#stage.say(this.words.t("said-erased", { start: clock(span.start), end: clock(span.end) }));
    this.#after();
  }

  #after(): void {
    this.#askNext(0);
    this.#stage.show();
    this.#stage.lead();
  }

  /// Chooses what the spans touched next will say.
  dip(value: string): void {
    const wasPicking = this.field === "secondary" && !this.brush.secondary;
    this.brush = { ...this.brush, [this.field]: value };
    this.picker = { group: null, query: "" };
    this.#stage.show();
    // The whole choice of activities makes room for the list.
    if (wasPicking) this.#stage.lead();
    else this.#stage.reveal();
  }

  /// Adds a companion to the brush, or takes them off it; alone excludes everybody else.
  toggleCompanion(code: string): void {
    this.dip(toggled(this.brush.with_whom ?? "", code));
  }

  /// Says the brush's value over a span, or takes it away where it stands already.
  paint({ start, end, said }: Episode): void {
    const value = this.brush[this.field];
    if (value === undefined || value === "") return;
    const takesAway = said[this.field] === value;
    this.#act(set(this.day, this.field, { start, end }, takesAway ? "" : value));
    this.#painted = takesAway ? null : start;
    const key = takesAway ? "said-unpainted" : "said-painted";
    const what = this.words.value(this.field, value);
    this.#stage.say(this.words.t(key, { what, start: clock(start), end: clock(end), rest: this.progress(this.field).missing }));
    this.#stage.show();
  }

  /// Says a value over a span without taking it up; of the company, adds the person or takes them off.
  answer(row: Episode, value: string): void {
    const { field } = this;
    const before = row.said[field];
    const next = field === "with_whom" && value.length === 1 ? toggled(before, value) : value;
    this.#act(set(this.day, field, row, next));
    const values = { what: this.words.value(field, next), start: clock(row.start), end: clock(row.end), rest: this.progress(field).missing };
    this.#stage.say(this.words.t("said-painted", values));
    this.#stage.show();
  }

  /// Says the brush's value over everything that is still missing.
  paintRest(): void {
    const value = this.brush[this.field];
    if (!value) return;
    const spans = this.open;
    this.#act(spans.reduce((day, span) => set(day, this.field, span, value), this.day));
    this.#stage.say(this.words.t("said-rest", { what: this.words.value(this.field, value), n: spans.length }));
    this.#stage.show();
  }

  /// The spans of the field that are asked about and not told yet.
  get open(): Span[] {
    const { field } = this;
    return this.rows.filter(({ said }) => isAsked(field, said.main) && said[field] === "");
  }

  /// Changes what the choice of the secondary activity shows.
  pick(picker: { group: string | null; query: string }): void {
    this.picker = picker;
    this.#stage.show();
  }

  /// A span was touched before anything was chosen.
  remind(): void {
    this.#stage.say(this.words.t("said-choose-first"));
  }

  /// Asks where a span is to be cut in two.
  cut(span: Span): void {
    this.turnTo({ step: "when", run: { start: span.start, end: span.end, value: this.day.main[span.start] ?? "" }, what: "split" });
  }

  /// Turns to the span that an address names by its start.
  lookAt(from: string | null): void {
    const slot = from === null ? -1 : this.day.main.findIndex((_, index) => clock(index) === from);
    if (slot < 0 || slot >= this.until) return;
    this.field = "main";
    const run = runAt(this.day.main, slot);
    this.ask = run.value === "" ? { step: "what", start: slot, end: null, group: null, query: "" } : { step: "edit", run };
  }

  /// Takes a trip over: what it was is known, how the person travelled is asked next.
  acceptTrip({ start, end, codes }: Trip): void {
    const code = codes[0] ?? "900";
    this.#act(tell(this.day, { start, end }, code));
    this.#stage.say(this.words.t("said-told", { what: this.words.activity(code), start: clock(start), end: clock(end), rest: this.restText() }));
    this.#stage.show();
  }

  /// Chooses another activity for the spans that are touched next.
  putDown(): void {
    const { secondary: _, ...others } = this.brush;
    this.brush = others;
    this.#stage.show();
    this.#stage.lead();
  }

  /// Takes a proposal over.
  accept({ field, value, spans }: Proposal): void {
    this.#act(spans.reduce((day, span) => set(day, field, span, value), this.day));
    this.#stage.say(this.words.t("said-rest", { what: this.words.value(field, value), n: spans.length }));
    this.#stage.show();
  }

  /// What goes on now: what went on before ends, and `code` begins with the ten minutes that are running.
  now(code: string): void {
    const begins = Math.max(this.until - 1, 0);
    const before = runs(this.day.main).findLast((run) => run.value !== "" && run.start < begins);
    let day = this.day;
    if (before && before.end < begins) day = tell(day, { start: before.end, end: begins }, before.value);
    day = tell(day, { start: begins, end: this.until }, code);
    this.#act(day);
    this.#stage.say(this.words.t("said-now", { what: this.words.activity(code), start: clock(begins) }));
    this.#askNext(0);
    this.#stage.show();
    this.#stage.lead();
  }

  undo(): void {
    if (this.#history.undo()) this.#back("said-undone");
  }

  redo(): void {
    if (this.#history.redo()) this.#back("said-redone");
  }

  #back(key: string): void {
    this.last = null;
    this.#askNext(0);
    this.#stage.keep(this.day, this.place, true);
    this.#stage.say(this.words.t(key, { rest: this.restText() }));
    this.#stage.show();
  }

  // What comes from the server and from other devices.

  stands(standing: Standing, state: DayState | null): void {
    this.standing = standing;
    const isLater = state !== null && state.until !== this.until;
    if (state) [this.until, this.running, this.questions] = [state.until, state.running, state.questions];
    // Whoever is typing is not disturbed because something was saved.
    if (isLater) this.#stage.show();
    else this.#stage.showStanding();
  }

  merged({ conflicts, arrived }: Merged, change: (day: Day) => Day): void {
    this.#history.rebase(change);
    this.conflicts = [...this.conflicts, ...conflicts];
    this.arrived += arrived;
    if (this.ask.step === "what" && this.ask.end === null && this.ask.query === "" && this.ask.group === null) this.#askNext(0);
    this.#stage.show();
  }

  /// The person chooses between two devices.
  settle(conflict: Conflict, takes: "mine" | "theirs"): void {
    this.conflicts = this.conflicts.filter((one) => one !== conflict);
    if (takes === "theirs") this.#act(set(this.day, conflict.field, conflict, conflict.theirs));
    this.#stage.show();
  }

  dismiss(): void {
    this.arrived = 0;
    this.#stage.show();
  }

  /// What the server asks about the day so far, never in the way: questions about the whole of it only when all of it is told, and what
  /// keeps it from being handed in not at all, since the editor shows that itself.
  get asked(): Question[] {
    return this.questions.filter(({ blocking, from, to }) => !blocking && (this.isComplete || to - from < SLOTS));
  }

  /// How much is missing, in words.
  restText(): string {
    const n = this.day.main.filter((main, slot) => main === "" && slot < this.until).length;
    const [hours, minutes] = [Math.floor(n / 6), (n % 6) * 10];
    if (n === 0) return this.words.t("rest-none");
    const time = [hours ? `${hours} h` : "", minutes ? `${minutes} min` : ""].filter(Boolean).join(" ");
    return this.words.t("rest", { time });
  }

  #act(day: Day): void {
    this.#history.act(day);
    this.#stage.keep(day, this.place, true);
  }

  /// Asks about the first gap from `from` on, or from the beginning.
  #askNext(from: number): void {
    const gap = firstGap(this.day, this.until, from) ?? firstGap(this.day, this.until);
    this.ask = { step: "what", start: gap?.start ?? this.until, end: null, group: null, query: "" };
  }
}

/// A company with one person more or less; alone excludes everybody else.
function toggled(company: string, code: string): string {
  if (company.includes(code)) return company.replace(code, "");
  return code === "1" ? code : [...company.replace("1", ""), code].sort().join("");
}
