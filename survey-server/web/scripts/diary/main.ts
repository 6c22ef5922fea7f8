// Puts the editor in the place of the day's form, which stays for who has no script, or when this one fails.

import { keep, ownerOf } from "../keep/index";
import type { Episode } from "../suggest/index";
import { Editor } from "./editor";
import { Sync } from "./sync";
import { Trace } from "./trace";
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
  const trace = new Trace(innerWidth, matchMedia("(pointer: coarse)").matches);
  const sync = new Sync(date, owner?.name ?? kept?.owner ?? null, kept, {
    stands: (standing, state) => editor?.stands(standing, state),
    merged: (merged, change) => editor?.merged(merged, change),
  }, trace);
  const { day, place, state, merged } = await sync.begin();
  const view = new PageView(root, `/diario/${date}`, longDate(date));
  let byKeyboard = false;
  const by = (keyboard: boolean) => {
    byKeyboard = keyboard;
    root.classList.toggle("te-pointed", !keyboard);
  };
  document.addEventListener("keydown", () => by(true), true);
  document.addEventListener("pointerdown", () => by(false), true);
  const told = new Editor(
    words,
    {
      show: () => {
        view.show(told);
        showCopying(told.isBlank);
      },
      showStanding: () => view.showStanding(told),
      say: (text) => view.say(text),
      lead: () => view.lead(byKeyboard),
      reveal: () => view.reveal(),
      keep: (changed, where, isEdit) => {
        if (isEdit) trace.edit(told.field === "main" ? "racconto" : "dettagli");
        void sync.change(changed, where);
      },
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
  showCopying(told.isBlank);
  root.hidden = false;
  document.getElementById("giornata-senza-script")?.remove();
  for (const replaced of document.querySelectorAll<HTMLElement>("#senza-rete > h1, #senza-rete > .lead")) replaced.hidden = true;

  void earlierDays(date).then((days) => days.length > 0 && told.remember(days));
  addEventListener("online", () => void sync.flush());
  addEventListener("pagehide", () => void sync.flush());
  document.addEventListener("visibilitychange", () => void sync.flush());
  // The review shows what the server has, so what is on its way arrives first.
  root.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("[data-settle]");
    if (!link) return;
    event.preventDefault();
    void sync.settle().then((standing) => (standing === "saved" ? location.assign(link.href) : view.say(words.t(`standing-${standing}`))));
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
    if ((event.target as Element).matches("input") && (event.target as HTMLInputElement).value !== "") return;
    event.preventDefault();
    if (event.shiftKey) told.redo();
    else told.undo();
  });
}

/// The way to another day to start from stands below the editor as long as the day may begin as another one.
function showCopying(mayCopy: boolean): void {
  const link = document.getElementById("dispositivo-copia");
  if (link) link.hidden = !mayCopy;
}

/// What the person told of other days; nothing where the server cannot be asked.
async function earlierDays(date: string): Promise<Episode[]> {
  try {
    const answer = await fetch(`/diario/${date}/copiabili`, { redirect: "manual", cache: "no-store" });
    if (!answer.ok) return [];
    const { days } = (await answer.json()) as { days: { same_type: boolean; episodes: Episode[] }[] };
    return days.filter((day) => day.same_type).flatMap((day) => day.episodes);
  } catch {
    return [];
  }
}

/// `mercoledì 18 novembre 2026`, in the language of the page.
function longDate(date: string): string {
  const parts = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(document.documentElement.lang, parts).format(new Date(`${date}T00:00:00Z`));
}

const root = document.getElementById("editor");
const [, date] = /^\/diario\/(\d{4}-\d{2}-\d{2})$/.exec(location.pathname) ?? [];
if (root && date) void begin(root, date);
