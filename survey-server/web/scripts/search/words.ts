// Word lists come in scripts of their own (`words-it`, `words-en`), which a page includes before the script that searches. This is where one
// lays them down and the other finds them.

/// What the search knows of one language.
export interface Words {
  /// Every code of the third level with its label and phrases.
  activities: { code: string; label: string; phrases: string[] }[];
  /// Words that mean the same, the one that stands for them first.
  synonyms: string[][];
}

/// The languages of the word lists.
export type Language = "it" | "en";

const place = globalThis as { tempiWords?: Partial<Record<Language, Words>> };

/// Lays the word list of a language down.
export function teach(language: Language, words: Words): void {
  place.tempiWords = { ...place.tempiWords, [language]: words };
}

/// The word list of a language, if its script has run.
export function learned(language: Language): Words | undefined {
  return place.tempiWords?.[language];
}
