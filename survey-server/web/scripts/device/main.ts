// The diary on the device: makes the page work without network, knows whose days may be kept, lists those that are here, and asks whether the
// device is the person's own.

import { keep, ownerOf, type Keep } from "../keep";

const language = document.documentElement.lang;

/// The days listed on the pages without network and before signing out. Before signing out only what waits counts.
async function list(kept: Keep | null, onlyWaiting: boolean): Promise<void> {
  const section = document.getElementById("dispositivo-giornate");
  const items = section?.querySelector("ul");
  if (!section || !items) return;
  const days = ((await kept?.dates()) ?? []).filter(({ waits }) => waits || !onlyWaiting);
  const words = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
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

const owner = ownerOf(document);
const kept = await keep(owner);
if (owner) await navigator.serviceWorker?.register(`/sw.js?lingua=${language}`, { scope: "/diario" }).catch(() => undefined);
await askWhose(kept);
await list(kept, document.querySelector("form[data-lascia]") !== null);
