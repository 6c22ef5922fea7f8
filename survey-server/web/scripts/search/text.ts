// Texts become words, and words become stems: what is left of a word when accents, case and endings are taken off. Light on purpose:
// a stem only has to be the same for `lavo`, `lavato` and `lavare`.

/// The words of a text in lower case, without accents; apostrophes and everything else that is no letter or digit separate.
export function wordsOf(text: string): string[] {
  const plain = text.toLowerCase();
  const bare = /[^\x00-\x7f]/.test(plain) ? plain.normalize("NFD").replace(/[\u0300-\u036f]/g, "") : plain;
  return bare.split(/[^a-z0-9]+/).filter((word) => word !== "");
}

const STEMS = {
  // Verb endings with pronouns hanging on them, then verb endings, then adverbs; the longest first.
  it: /(?:andoci|andolo|andola|andosi|endosi|andomi|endomi|armi|ermi|irmi|arsi|ersi|irsi|arci|arlo|arla|arli|arle|ando|endo|iamo|avamo|ato|ata|ati|ate|uto|uta|uti|ute|ito|ita|iti|ite|are|ere|ire|avo|evo|ivo|ava|eva|iva|ar|er|ir)$/,
  en: /(?:ings|ing|ed|es|s)$/,
} as const;

/// What must be left of a word.
const SHORTEST = 3;

/// The stem of a word as `wordsOf` gives it.
export function stemOf(word: string, language: "it" | "en"): string {
  if (word.length <= SHORTEST) return word;
  if (language === "en" && /..ie[sd]$/.test(word)) return word.slice(0, -3);
  const bare = word.replace(STEMS[language], "");
  const kept = bare.length >= SHORTEST ? bare : word;
  if (language === "it") {
    // Final vowels tell gender and number; `ch`, `gh` before them only keep the sound.
    const short = kept.replace(/[aeiou]{1,2}$/, "");
    return (short.length >= SHORTEST ? short : kept).replace(/([cg])h$/, "$1");
  }
  return kept.replace(/([bdfgmnprt])\1$/, "$1").replace(/[ey]$/, "");
}

/// A word without its doubled letters, which are the commonest slip in Italian.
export function undoubled(word: string): string {
  return word.replace(/(.)\1/g, "$1");
}

/// Whether two words differ by one letter changed, left out, put in, or swapped with its neighbour.
export function isOneSlip(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  const rest = (text: string, from: number) => text.slice(from);
  if (short.length < long.length) return rest(short, start) === rest(long, start + 1);
  if (rest(short, start + 1) === rest(long, start + 1)) return true;
  const swapped = short[start] === long[start + 1] && short[start + 1] === long[start];
  return swapped && rest(short, start + 2) === rest(long, start + 2);
}
