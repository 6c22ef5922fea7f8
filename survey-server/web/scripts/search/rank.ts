// Ranks activities for a query. Every phrase of the word list is a small document; what counts is how much of the query a phrase explains, and
// how much of the phrase the query says, rare words weighing more than common ones. So a verb with its object beats either alone.

import type { Finder, Hit } from "./index";
import { STOP } from "./stop";
import { isOneSlip, stemOf, undoubled, wordsOf } from "./text";
import { withTrip } from "./trip";
import type { Language, Words } from "./words";

interface Phrase {
  activity: number;
  text: string;
  meanings: number[];
  /// The sum of its meanings' weights.
  weight: number;
}

/// How sure it is that a word of the query is a word of the list.
const EXACT = 1;
const BEGUN = 0.8;
const SLIP = 0.7;

/// Letters from which a slip of the finger is forgiven, and from which the beginning of a word will do.
const SLIP_FROM = 5;
const BEGUN_FROM = 3;

/// What a query word that is nowhere in the list weighs, compared with the rarest that is.
const UNKNOWN = 0.4;

/// The share of the score that other matching phrases of the same activity add.
const AGREEMENT = 0.05;

export class Index implements Finder {
  readonly #language: Language;
  readonly #words: Words;
  readonly #phrases: Phrase[] = [];
  /// The meaning of each stem.
  readonly #meanings = new Map<string, number>();
  /// Whole words with their meanings, in the order of the alphabet.
  readonly #forms: [string, number][];
  /// The same words without their doubled letters.
  readonly #undoubled: string[];
  /// The phrases in which a meaning occurs.
  readonly #occurrences: number[][] = [];
  readonly #weights: number[];
  readonly #heaviest: number;

  constructor(words: Words, language: Language) {
    this.#language = language;
    this.#words = words;
    const forms = new Map<string, number>();
    const meaning = (word: string): number => {
      const before = forms.get(word);
      if (before !== undefined) return before;
      const stem = stemOf(word, language);
      const known = this.#meanings.get(stem) ?? this.#occurrences.push([]) - 1;
      this.#meanings.set(stem, known);
      forms.set(word, known);
      return known;
    };
    for (const [first, ...others] of words.synonyms) {
      const shared = meaning(first as string);
      for (const word of others) {
        this.#meanings.set(stemOf(word, language), shared);
        forms.set(word, shared);
      }
    }
    for (const [activity, { label, phrases }] of words.activities.entries()) {
      for (const text of [label, ...phrases]) {
        const meanings = [...new Set(this.#telling(wordsOf(text)).map(meaning))];
        for (const one of meanings) this.#occurrences[one]?.push(this.#phrases.length);
        this.#phrases.push({ activity, text, meanings, weight: 0 });
      }
    }
    this.#weights = this.#occurrences.map((phrases) => {
      const activities = new Set(phrases.map((phrase) => this.#phrases[phrase]?.activity)).size;
      return Math.log(1 + words.activities.length / Math.max(1, activities));
    });
    this.#heaviest = Math.log(1 + words.activities.length);
    for (const phrase of this.#phrases) {
      phrase.weight = phrase.meanings.reduce((sum, one) => sum + (this.#weights[one] ?? 0), 0);
    }
    this.#forms = [...forms].sort(([one], [other]) => (one < other ? -1 : 1));
    this.#undoubled = this.#forms.map(([form]) => undoubled(form));
  }

  search(query: string, limit = 8): Hit[] {
    const words = this.#telling(wordsOf(query));
    const explained = new Float64Array(this.#phrases.length);
    let total = 0;
    for (const [place, word] of words.entries()) {
      const meant = this.#meant(word, place === words.length - 1);
      // Of a word that is only begun, what is common is as likely as what is rare, so rarity lends no weight.
      const isOpen = meant.every(([, sureness]) => sureness === BEGUN);
      const most = isOpen ? Math.min(...meant.map(([meaning]) => this.#weights[meaning] ?? 0)) : this.#heaviest;
      // Several readings of one word: a phrase counts the surest.
      const best = new Map<number, number>();
      for (const [meaning, sureness] of meant) {
        const weight = Math.min(most, this.#weights[meaning] ?? 0) * sureness;
        for (const phrase of this.#occurrences[meaning] ?? []) best.set(phrase, Math.max(best.get(phrase) ?? 0, weight));
      }
      for (const [phrase, weight] of best) explained[phrase] = (explained[phrase] ?? 0) + weight;
      total += meant.length === 0 ? this.#heaviest * UNKNOWN : Math.min(most, Math.max(...meant.map(([meaning]) => this.#weights[meaning] ?? 0)));
    }
    return withTrip(this.#hits(explained, total), this.#words).slice(0, limit);
  }

  #hits(explained: Float64Array, total: number): Hit[] {
    const scores = new Map<number, { best: number; phrase: Phrase; others: number }>();
    for (const [place, phrase] of this.#phrases.entries()) {
      const weight = explained[place] ?? 0;
      if (weight === 0) continue;
      const score = weight * ((0.6 * weight) / total + (0.4 * weight) / phrase.weight);
      const known = scores.get(phrase.activity);
      if (!known) scores.set(phrase.activity, { best: score, phrase, others: 0 });
      else if (score > known.best) Object.assign(known, { best: score, phrase, others: known.others + known.best });
      else known.others += score;
    }
    const ranked = [...scores].map(([activity, { best, phrase, others }]) => ({
      score: best + AGREEMENT * Math.min(others, best * 4),
      activity,
      phrase,
    }));
    ranked.sort((one, other) => other.score - one.score || one.activity - other.activity);
    return ranked.flatMap(({ activity, phrase }) => {
      const found = this.#words.activities[activity];
      return found ? [{ code: found.code, label: found.label, matched: phrase.text }] : [];
    });
  }

  /// The words that tell something; all of them where none does.
  #telling(words: string[]): string[] {
    const telling = words.filter((word) => !STOP[this.#language].has(word));
    return telling.length > 0 ? telling : words;
  }

  /// What a word of a query may mean, and how surely. The last word may be one that is still being typed.
  #meant(word: string, isLast: boolean): [number, number][] {
    const meant: [number, number][] = [];
    const exact = this.#meanings.get(stemOf(word, this.#language));
    const first = this.#firstFrom(word);
    // `lav` is the stem of `lavare`, but whoever has got so far may as well mean `lavoro`.
    const isBegun = isLast && this.#forms[first]?.[0] !== word && this.#forms[first]?.[0].startsWith(word) === true;
    if (exact !== undefined) meant.push([exact, isBegun ? BEGUN : EXACT]);
    if (word.length >= BEGUN_FROM && (isLast || exact === undefined)) {
      for (let place = first; this.#forms[place]?.[0].startsWith(word); place += 1) {
        const meaning = this.#forms[place]?.[1] as number;
        if (meaning !== exact) meant.push([meaning, exact === undefined || isBegun ? BEGUN : BEGUN / 2]);
      }
    }
    if (meant.length === 0 && word.length >= SLIP_FROM) {
      const typed = undoubled(word);
      for (const [place, form] of this.#undoubled.entries()) {
        if (isOneSlip(typed, form)) meant.push([this.#forms[place]?.[1] as number, SLIP]);
      }
    }
    return meant;
  }

  #firstFrom(word: string): number {
    let [low, high] = [0, this.#forms.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#forms[middle]?.[0] ?? "") < word) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
