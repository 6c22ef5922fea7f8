// Puts the editor in the place of the day's form, which stays for who has no script, or when this one fails.

import { keep, ownerOf } from "../keep/index";
import { Editor } from "./editor";
import { Sync } from "./sync";
import { iconsAt } from "./view/icon";
import { PageView } from "./view/page";
import { Words } from "./words";

async function begin(root: HTMLElement, date: string): Promise<void> {
  const { texts = "{}", lists = "{}", icons = "" } = root.dataset;
  iconsAt(icons);
  const words = new Words(texts, lists);
  const owner = ownerOf(document);
  const kept = await keep(owner);
  // Without network and without anybody whose days are kept here there is nothing to show.
  if (!owner && !kept) return;
  let editor: Editor | null = null;
  const sync = new Sync(date, owner?.name ?? kept?.owner ?? null, kept, {
    stands: (standing, state) => editor?.stands(standing, state),
    merged: (merged, change) => editor?.merged(merged, change),
  });
  const { day, place, state, merged } = await sync.begin();
  const view = new PageView(root, `/diario/${date}`, longDate(date));
  let byKeyboard = false;
  document.addEventListener("keydown", () => (byKeyboard = true), true);
  document.addEventListener("pointerdown", () => (byKeyboard = false), true);
  const told = new Editor(
    words,
    {
      show: () => view.show(told),
      say: (text) => view.say(text),
      lead: () => view.lead(byKeyboard),
      keep: (changed, where) => void sync.change(changed, where),
    },
    day,
    state,
  );
  editor = told;
  told.standing = sync.standing;
  if (merged) [told.conflicts, told.arrived] = [merged.conflicts, merged.arrived];
  told.resume(place);
  const wanted = new URLSearchParams(location.search);
  told.lookAt(wanted.get("da"));
  view.show(told);
  root.hidden = false;
  document.getElementById("giornata-senza-script")?.remove();
  for (const replaced of document.querySelectorAll<HTMLElement>("#senza-rete > h1, #senza-rete > .lead")) replaced.hidden = true;

  addEventListener("online", () => void sync.flush());
  addEventListener("pagehide", () => void sync.flush());
  document.addEventListener("visibilitychange", () => void sync.flush());
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
    if ((event.target as Element).matches("input") && (event.target as HTMLInputElement).value !== "") return;
    event.preventDefault();
    if (event.shiftKey) told.redo();
    else told.undo();
  });
}

/// `mercoledì 18 novembre 2026`, in the language of the page.
function longDate(date: string): string {
  const parts = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(document.documentElement.lang, parts).format(new Date(`${date}T00:00:00Z`));
}

const root = document.getElementById("editor");
const [, date] = /^\/diario\/(\d{4}-\d{2}-\d{2})$/.exec(location.pathname) ?? [];
if (root && date) void begin(root, date);
