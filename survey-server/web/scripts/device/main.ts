// The diary on the device: makes the page work without network, knows whose days may be kept, lists those that are here, forgets those that were
// handed in, and asks whether the device is the person's own.

import { keep, ownerOf, type Keep } from "../keep";

const language = document.documentElement.lang;

/// How dates are written: as the rest of the site writes them.
const LOCALE = language === "it" ? "it-IT" : "en-GB";

/// The days listed on the pages without network and before signing out. Before signing out only what waits counts.
async function list(kept: Keep | null, onlyWaiting: boolean): Promise<void> {
  const section = document.getElementById("dispositivo-giornate");
  const items = section?.querySelector("ul");
  if (!section || !items) return;
  const days = ((await kept?.dates()) ?? []).filter(({ waits }) => waits || !onlyWaiting);
  const words = new Intl.DateTimeFormat(LOCALE, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  for (const { date } of days) {
    const link = document.createElement("a");
    link.className = "btn btn-outline-primary";
    link.href = `/diario/${date}`;
    link.textContent = words.format(new Date(`${date}T00:00:00Z`));
    const item = document.createElement("li");
    item.append(link);
    items.append(item);
  }
  section.hidden = days.length === 0;
  const nothing = document.getElementById("dispositivo-vuoto");
  if (nothing) nothing.hidden = days.length > 0;
}

/// Shows whose the device is, and remembers what the person says of it.
async function askWhose(kept: Keep | null): Promise<void> {
  const question = document.getElementById("dispositivo-mio");
  const box = document.getElementById("dispositivo-altrui");
  if (!kept || !question || !(box instanceof HTMLInputElement)) return;
  box.checked = !(await kept.isOwn());
  box.addEventListener("change", () => void kept.setOwn(!box.checked));
  question.hidden = false;
}

/// A day that was handed in is not kept any longer; what of it never reached the site is told.
async function forgetHandedIn(kept: Keep | null): Promise<void> {
  const note = document.querySelector<HTMLElement>("[data-consegnata]");
  const date = note?.dataset["consegnata"];
  if (!kept || !note || !date) return;
  const waits = (await kept.dates()).some((day) => day.date === date && day.waits);
  if (waits) note.hidden = false;
  else await kept.forget(date);
}

const owner = ownerOf(document);
const kept = await keep(owner);
if (owner) await navigator.serviceWorker?.register(`/sw.js?lingua=${language}`, { scope: "/diario" }).catch(() => undefined);
await askWhose(kept);
await forgetHandedIn(kept);
await list(kept, document.querySelector("form[data-lascia]") !== null);
