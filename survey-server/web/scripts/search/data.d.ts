// The modules that `data.mjs` makes of `questionnaires/data` for each build.

declare module "tempi:search/*" {
  const words: import("./words").Words;
  export default words;
}
