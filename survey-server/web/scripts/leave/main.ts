// On pages of somebody who has signed in: signing out clears what the browser keeps of the site, so when something on the device has not
// reached the site yet, a page says so first.

import { keep } from "../keep";

/// Where signing out, or ending a session, is asked for.
const LEAVING = new Set(["/esci", "/area-personale/sessioni/fine"]);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !LEAVING.has(new URL(form.action).pathname) || form.dataset["lascia"] !== undefined) return;
  event.preventDefault();
  void leave(form, event.submitter);
});

async function leave(form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
  const days = (await (await keep(null))?.dates()) ?? [];
  if (days.some(({ waits }) => waits)) {
    location.assign("/diario/in-attesa");
    return;
  }
  // This time it goes through.
  form.dataset["lascia"] = "";
  form.requestSubmit(button);
}
