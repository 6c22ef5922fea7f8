// Words that say nothing about an activity: articles, prepositions, pronouns, auxiliaries.

/// The words to leave out, by language.
export const STOP: Record<"it" | "en", ReadonlySet<string>> = {
  it: new Set(
    ("il lo la i gli le un uno una l d c m s un di a da in con su per tra fra del dello della dei degli delle dell al allo alla ai agli alle all " +
      "dal dallo dalla dai dagli dalle dall nel nello nella nei negli nelle nell sul sullo sulla sui sugli sulle sull col coi e ed o ma che mi ti si ci vi ne " +
      "io tu lui lei noi voi loro mio mia miei mie tuo suo sua suoi sue nostro nostra nostri ho hai ha abbiamo hanno avevo sono sei siamo era ero " +
      "stato stata stati poco po questo questa poi anche solo come mentre quando dopo prima piu qualche qualcosa").split(" "),
  ),
  en: new Set(
    ("a an the of to in on at for with from by and or my our his her their your i we he she they it me us is was were am are be been had have has did " +
      "do does some then also just while after before off this that these can t don couldn").split(" "),
  ),
};
