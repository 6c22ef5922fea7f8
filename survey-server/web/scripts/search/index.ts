// Finds activities by the words people use for them. Nothing is asked of the network: the words come in the scripts `words-it` and
// `words-en`, and a page includes the one of its language before the script that searches.

import { Index } from "./rank";
import { learned, type Language } from "./words";

/// An activity that a search found.
export interface Hit {
  /// Its code of the third level.
  code: string;
  /// Its label in the finder's language.
  label: string;
  /// The phrase of the word list that matched best; for a trip that comes with its activity, the activity's phrase.
  matched: string;
}

/// Finds activities in one language.
export interface Finder {
  /// The activities that `query` may mean, the likeliest first, at most `limit` (8 where it is not said).
  search(query: string, limit?: number): Hit[];
}

const finders = new Map<Language, Finder>();

/// The finder for `language`, made at the first call. Where the word list of the language is not loaded it finds nothing.
export function finder(language: Language): Finder {
  const made = finders.get(language);
  if (made) return made;
  const words = learned(language);
  if (!words) return { search: () => [] };
  const index = new Index(words, language);
  finders.set(language, index);
  return index;
}
