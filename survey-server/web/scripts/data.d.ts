// The modules that `data.mjs` makes of `questionnaires/data` for each build.

declare module "tempi:search/*" {
  const words: import("./search/words").Words;
  export default words;
}

declare module "tempi:usual" {
  /// For each half-hour from 04:00 on, as far as the source goes: codes, the commonest first.
  const usual: string[][];
  export default usual;
}
