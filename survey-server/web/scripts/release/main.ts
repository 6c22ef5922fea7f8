// On the pages of a release: how far the work is comes by itself while it goes on, and known totals may be read from a file.
// Without scripts the page is asked for anew by its own link, and totals are pasted.

/** How often it is asked how far the work is, in milliseconds. */
const PAUSE = 2000;

/**
 * How long it is asked while nobody touches the page, in milliseconds: every question keeps the session alive, and a page that
 * somebody has left must not.
 */
const ATTENTION = 8 * 60_000;

const PROGRESS = "avanzamento";

/** Largest file of known totals that fits into the form, in bytes. */
const LARGEST = 24_000;

void follow();
offerFile();

/** Puts the present progress in its place; when the work has ended, the whole page is another. */
async function follow(): Promise<void> {
  let touched = performance.now();
  for (const event of ["pointerdown", "pointermove", "keydown", "scroll"]) {
    addEventListener(event, () => (touched = performance.now()), { passive: true });
  }
  while (document.getElementById(PROGRESS)?.hasAttribute("data-al-lavoro")) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (performance.now() - touched > ATTENTION) continue;
    const fresh = await progress();
    if (fresh === null) continue;
    if (!fresh.hasAttribute("data-al-lavoro")) {
      location.reload();
      return;
    }
    const shown = document.getElementById(PROGRESS);
    if (shown !== null && shown.textContent !== fresh.textContent) shown.replaceChildren(...fresh.childNodes);
  }
}

async function progress(): Promise<HTMLElement | null> {
  try {
    const answer = await fetch(location.pathname, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(PROGRESS);
  } catch {
    // No network for a moment: asked again.
    return null;
  }
}

/** A file of known totals goes into the field that would be pasted into. */
function offerFile(): void {
  const text = document.getElementById("margini");
  const words = text?.closest("form")?.dataset["daFile"];
  if (!(text instanceof HTMLTextAreaElement) || words === undefined) return;
  const label = document.createElement("label");
  label.className = "tempi-help d-block mt-2";
  label.textContent = words;
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".csv,text/csv";
  input.className = "form-control";
  label.append(input);
  text.after(label);
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file === undefined || file.size > LARGEST) return;
    void file.text().then((content) => {
      text.value = content;
      const typed = document.querySelector<HTMLInputElement>('input[name="totali"][value="typed"]');
      if (typed !== null) typed.checked = true;
    });
  });
}
