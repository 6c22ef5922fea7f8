// Puts the editor in the place of the day's form, which stays for who has no script, or when this one fails.

import { keep, ownerOf } from "../keep/index";
import { Editor } from "./editor";
import { Sync } from "./sync";
import { iconsAt } from "./view/icon";
import { PageView } from "./view/page";
import { Words } from "./words";

async function begin(root: HTMLElement): Promise<void> {
  const { path = "", title = "", token = "", texts = "{}", lists = "{}", icons = "" } = root.dataset;
  iconsAt(icons);
  const words = new Words(texts, lists);
  let editor: Editor | null = null;
  const sync = new Sync(path, token, await keep(ownerOf(document)), {
    stands: (standing, state) => editor?.stands(standing, state),
    merged: (merged, change) => editor?.merged(merged, change),
  });
  const { day, place, state, merged } = await sync.begin();
  const view = new PageView(root, path, title);
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

const root = document.getElementById("editor");
if (root) void begin(root);
