// The explorer of the published tables: what is chosen is in the address after the #, and what is shown comes from light files of the
// edition. Without scripts the page leads to the same tables.

import { address, fitted, read, rows, SECONDARY, SUPPRESSED, type Choice, type Index, type Measure, type Named, type Row, type Table } from "./choice";
import { clock, written } from "./numbers";

const place = document.getElementById("esplora");
const source = place?.dataset["index"];
if (place !== null && source !== undefined) void begin(place, source);

async function begin(place: HTMLElement, source: string): Promise<void> {
  const index = await fetched<Index>(source);
  // The words about working without scripts stay where the names do not arrive.
  if (index === null) return;
  new Explorer(place, index, source.slice(0, source.lastIndexOf("/") + 1)).open();
}

async function fetched<T>(path: string): Promise<T | null> {
  try {
    const answer = await fetch(path, { redirect: "error" });
    return answer.ok ? ((await answer.json()) as T) : null;
  } catch {
    return null;
  }
}

class Explorer {
  readonly #form = document.createElement("form");
  readonly #status = made("p", "tempi-explorer-status");
  readonly #result = made("div", "");
  readonly #tables = new Map<string, Promise<Table | null>>();
  readonly #place: HTMLElement;
  readonly #index: Index;
  readonly #folder: string;
  #shown = "";
  #choice: Choice | null = null;
  /** The questions in the form, as they were made. */
  #asked = "";

  constructor(place: HTMLElement, index: Index, folder: string) {
    [this.#place, this.#index, this.#folder] = [place, index, folder];
    this.#form.className = "tempi-explorer tempi-screen";
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#status.setAttribute("role", "status");
  }

  open(): void {
    this.#place.replaceChildren(this.#form, this.#status, this.#result);
    addEventListener("hashchange", () => void this.#show());
    void this.#show();
  }

  #word(name: string): string {
    return this.#index.words[name] ?? name;
  }

  /** Shows what the address says. */
  async #show(): Promise<void> {
    const asked = read(location.hash, this.#index);
    const measure = this.#index.measures.find(({ code }) => code === asked.measure);
    if (measure === undefined) return;
    const name = measure.activities.length > 0 ? `${measure.code}-${asked.activity}` : measure.code;
    this.#shown = location.hash;
    this.#status.textContent = this.#word("loading");
    const table = await this.#table(name);
    // Somebody chose again meanwhile.
    if (this.#shown !== location.hash) return;
    if (table === null) {
      this.#tables.delete(name);
      this.#status.textContent = this.#word("failed");
      this.#result.replaceChildren();
      return;
    }
    const choice = fitted(asked, table);
    this.#choice = choice;
    this.#ask(choice, measure, table);
    this.#tell(choice, measure, table);
  }

  #table(name: string): Promise<Table | null> {
    const known = this.#tables.get(name) ?? fetched<Table>(`${this.#folder}${name}.json`);
    this.#tables.set(name, known);
    return known;
  }

  /** The questions, each with what this table has. They are made anew only where they have become others: who types the beginning of a name
   * must not lose the list in the middle of it. Who is choosing keeps the place. */
  #ask(choice: Choice, measure: Measure, table: Table): void {
    const focused = document.activeElement instanceof HTMLSelectElement ? document.activeElement.name : null;
    const having = (names: readonly Named[], codes: readonly string[]): Named[] => names.filter(([code]) => codes.includes(code));
    const activities = (this.#index.activities[measure.timeline] ?? [])
      .filter(([code]) => measure.activities.includes(code))
      .map(([code, , label]): Named => [code, label]);
    const levels = new Set((this.#index.activities[measure.timeline] ?? []).filter(([code]) => table.activities.includes(code)).map(([, level]) => level));
    const details = [1, 2, 3].filter((level) => levels.has(level)).map((level): Named => [String(level), this.#word(`detail${level}`)]);
    const questions: [keyof Choice, string, readonly Named[]][] = [
      ["measure", "measure", this.#index.measures.map(({ code, label }): Named => [code, label])],
      ["activity", "activity", activities],
      ["group", "group", having(this.#index.groups, table.groups)],
      ["day", "day", having(this.#index.days, table.days)],
      ["sex", "sex", having(this.#index.sexes, table.sexes)],
      ["detail", "detail", measure.activities.length > 0 ? [] : details],
    ];
    const asked = questions.filter(([name, , options]) => options.length > 1 || name === "measure");
    const wanted = JSON.stringify(asked);
    if (wanted !== this.#asked) {
      this.#asked = wanted;
      this.#form.replaceChildren(...asked.map(([name, word, options]) => this.#question(name, this.#word(word), options)));
      if (focused !== null) this.#form.querySelector<HTMLSelectElement>(`select[name="${focused}"]`)?.focus();
    }
    for (const [name] of asked) {
      const select = this.#form.querySelector<HTMLSelectElement>(`select[name="${name}"]`);
      if (select !== null) select.value = String(choice[name]);
    }
  }

  #question(name: keyof Choice, words: string, options: readonly Named[]): HTMLElement {
    const label = made("label", "");
    const select = document.createElement("select");
    select.name = name;
    select.className = "form-select";
    for (const [code, text] of options) select.add(new Option(text, code));
    select.addEventListener("change", () => {
      if (this.#choice === null) return;
      const next = { ...this.#choice, [name]: name === "detail" ? Number(select.value) : select.value };
      location.hash = address(next, this.#index);
    });
    label.append(made("span", "", words), select);
    return label;
  }

  #tell(choice: Choice, measure: Measure, table: Table): void {
    const language = document.documentElement.lang;
    const shown = rows(choice, measure, this.#index, table, (slot) => `${clock(slot * 10)}–${clock(slot * 10 + 10)}`);
    if (shown.length === 0) {
      this.#status.textContent = this.#word("none");
      this.#result.replaceChildren();
      return;
    }
    const hidden = shown.filter(({ entry }) => typeof entry === "number");
    this.#status.textContent = filled(this.#word("rows"), { n: String(shown.length), hidden: String(hidden.length) });
    const format = (value: number): string => written(value, measure.unit, language, measure.difference, this.#word("underOneMinute"));
    const most = Math.max(...shown.map(({ entry }) => (typeof entry === "number" ? 0 : Math.abs(entry[0] ?? 0))), 1e-9);
    const head = made("tr", "");
    const first = measure.activities.length > 0 ? "hour" : "activity";
    for (const word of [first, "value", "interval", "persons", "reliability"]) head.append(heading(this.#word(word), "col"));
    const thead = document.createElement("thead");
    thead.append(head);
    const body = document.createElement("tbody");
    body.append(...shown.map((row) => this.#row(row, format, most)));
    const element = document.createElement("table");
    element.className = "table";
    const caption = document.createElement("caption");
    caption.id = "esplora-tabella";
    caption.textContent = this.#caption(choice, measure);
    element.append(caption, thead, body);
    const region = made("div", "tempi-table");
    region.setAttribute("role", "region");
    region.setAttribute("aria-labelledby", caption.id);
    region.tabIndex = 0;
    region.append(element);
    this.#result.replaceChildren(region, ...this.#reasons(hidden), made("p", "tempi-screen", this.#word("link")));
  }

  #caption(choice: Choice, measure: Measure): string {
    const label = (names: readonly Named[], code: string): string => names.find(([known]) => known === code)?.[1] ?? code;
    const activity = (this.#index.activities[measure.timeline] ?? []).find(([code]) => code === choice.activity)?.[2];
    const about = [
      ...(activity === undefined ? [] : [activity]),
      label(this.#index.groups, choice.group),
      ...(choice.sex === "all" ? [] : [label(this.#index.sexes, choice.sex)]),
      label(this.#index.days, choice.day),
    ];
    return `${measure.label} (${measure.unitLabel}): ${about.join(", ")}`;
  }

  #row({ label, level, entry }: Row, format: (value: number) => string, most: number): HTMLElement {
    const row = made("tr", "");
    const name = heading(label, "row");
    name.className = `tempi-level-${level}`;
    row.append(name);
    if (typeof entry === "number") {
      const words = this.#word(entry === SUPPRESSED ? "suppressed" : "withheld");
      row.append(made("td", "tempi-hidden", words), made("td", "", "–"), made("td", "", "–"), made("td", "", "–"));
      return row;
    }
    const [value, low, high, n, unsure] = entry;
    const shown = made("td", "");
    const data = document.createElement("data");
    data.value = String(value);
    data.textContent = format(value ?? 0);
    const bar = made("span", "tempi-bar");
    bar.ariaHidden = "true";
    bar.style.width = `${((100 * Math.abs(value ?? 0)) / most).toFixed(1)}%`;
    shown.append(data, bar);
    const between = filled(this.#word("fromTo"), { low: format(low ?? 0), high: format(high ?? 0) });
    const persons = new Intl.NumberFormat(document.documentElement.lang).format(n ?? 0);
    row.append(shown, made("td", "", between), made("td", "", persons), made("td", "", this.#word(unsure === 1 ? "unsure" : "good")));
    return row;
  }

  /** Why numbers are not there: each reason that this table has, once. */
  #reasons(hidden: readonly Row[]): HTMLElement[] {
    if (hidden.length === 0) return [];
    const list = document.createElement("dl");
    list.className = "tempi-flags";
    const signs = new Set(hidden.map(({ entry }) => entry));
    const told: [number | undefined, string, string][] = [
      [SUPPRESSED, "suppressed", "suppressedWhy"],
      [2, "withheld", "withheldWhy"],
      [SECONDARY, "withheld", "secondaryWhy"],
    ];
    for (const [sign, name, why] of told) {
      if (sign !== undefined && signs.has(sign)) list.append(made("dt", "", this.#word(name)), made("dd", "", this.#word(why)));
    }
    return [made("h2", "h5", this.#word("hidden")), list];
  }
}

function made(name: string, className: string, words = ""): HTMLElement {
  const element = document.createElement(name);
  if (className !== "") element.className = className;
  if (words !== "") element.textContent = words;
  return element;
}

function heading(words: string, scope: "col" | "row"): HTMLTableCellElement {
  const element = document.createElement("th");
  element.scope = scope;
  element.textContent = words;
  return element;
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((filling, [name, value]) => filling.replace(`{${name}}`, value), text);
}
