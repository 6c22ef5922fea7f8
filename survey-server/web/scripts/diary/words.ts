// The words of the page's language, as the server put them into the page. No script holds a word of its own.

import type { Field } from "./model/day";

interface Lists {
  language: "it" | "en";
  activities: [string, string][];
  colors: [string, string][];
  locations: [string, string][];
  companions: [string, string][];
}

/// A code with its label.
export interface Choice {
  code: string;
  label: string;
}

/// Texts and labels.
export class Words {
  readonly language: "it" | "en";
  readonly #texts: Record<string, string>;
  readonly #labels: Record<"activity" | "location" | "companion", Map<string, string>>;
  readonly #colors: Map<string, string>;

  constructor(texts: string, lists: string) {
    this.#texts = JSON.parse(texts) as Record<string, string>;
    const { language, activities, colors, locations, companions } = JSON.parse(lists) as Lists;
    this.language = language;
    this.#labels = { activity: new Map(activities), location: new Map(locations), companion: new Map(companions) };
    this.#colors = new Map(colors);
  }

  /// The text of a key, with its placeholders filled.
  t = (key: string, values: Record<string, string | number> = {}): string => {
    const text = this.#texts[`editor-${key}`] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };

  /// The short name of an activity where it has one, else its label.
  activity(code: string): string {
    return this.#texts[`editor-short-${code}`] ?? this.#labels.activity.get(code) ?? code;
  }

  /// What a field's code says.
  value(field: Field, code: string): string {
    if (code === "") return "";
    if (field === "main" || field === "secondary") return this.activity(code);
    if (field === "location") return this.place(code);
    if (field === "with_whom") return [...code].map((one) => this.companion(one)).join(", ");
    if (field === "device") return this.t(code === "si" ? "device-yes" : "device-no");
    return this.t("enjoyment-value", { value: code });
  }

  place(code: string): string {
    return this.#texts[`editor-place-${code}`] ?? this.#labels.location.get(code) ?? code;
  }

  /// The colour of an activity's main group.
  color(activity: string): string {
    return this.#colors.get(activity.slice(0, 1)) ?? "#5c677d";
  }

  /// The main groups, or the groups or activities below a code.
  activities(level: 1 | 2 | 3, above = ""): Choice[] {
    const all = [...this.#labels.activity].filter(([code]) => code.length === level && code.startsWith(above));
    return all.map(([code]) => ({ code, label: this.activity(code) }));
  }

  /// The places, or the means of transport.
  locations(kind: "place" | "transport"): Choice[] {
    const isTransport = (code: string) => code >= "20";
    const all = [...this.#labels.location.keys()].filter((code) => isTransport(code) === (kind === "transport"));
    return all.map((code) => ({ code, label: this.place(code) }));
  }

  companion(code: string): string {
    return this.#texts[`editor-company-${code}`] ?? this.#labels.companion.get(code) ?? code;
  }

  companions(): Choice[] {
    return [...this.#labels.companion.keys()].map((code) => ({ code, label: this.companion(code) }));
  }
}
