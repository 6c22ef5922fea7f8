// What a device keeps of days that the server may not have yet: in IndexedDB, sealed (AES-GCM) with a key that the server gives to the person
// who has signed in. Another person who signs in on the same browser has another name and another key, and sees nothing.

import { open, type Store } from "./store";
import { seal, unseal, type Sealed } from "./seal";

/// A day on the device.
export interface Kept {
  /// Which day: `2026-11-18`.
  date: string;
  /// The version of the server's day that `base` is.
  version: number;
  /// The day as the server gave it.
  base: unknown;
  /// The day as it stands here.
  mine: unknown;
  /// Where the person was in it.
  place: string;
  /// When it was kept, in milliseconds since 1970.
  savedAt: number;
}

/// The days of one person on this device.
export interface Keep {
  /// The name of the person, as the server says it.
  readonly owner: string;
  /// The day of `date`, if it is here.
  load(date: string): Promise<Kept | null>;
  /// Puts a day here in the place of what was kept of it.
  save(kept: Kept): Promise<void>;
  /// Forgets a day.
  forget(date: string): Promise<void>;
  /// Forgets everything of this person.
  forgetAll(): Promise<void>;
  /// The dates of the days that are here, in order; `true` where the server does not have what is here.
  dates(): Promise<{ date: string; waits: boolean }[]>;
  /// Says that the server has the day as it is here. It is forgotten on a device that is not the person's own.
  synced(date: string): Promise<void>;
  /// Whether the person says that the device is theirs; until they say so or not, it counts as theirs.
  isOwn(): Promise<boolean>;
  /// Remembers what the person says of the device.
  setOwn(isOwn: boolean): Promise<void>;
}

/// Who the days belong to, as the server says: see `ownerOf`.
export interface Owner {
  /// A name for the person on this device, which tells nothing elsewhere.
  name: string;
  /// 32 bytes that seal the person's days, in base64.
  key: string;
}

/// The owner that a page names in its `meta` elements; `null` on a page for nobody, such as the one without network.
export function ownerOf(page: Document): Owner | null {
  const content = (name: string) => page.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content;
  const [name, key] = [content("tempi-owner"), content("tempi-key")];
  return name && key ? { name, key } : null;
}

/// The days of `owner`; without one, those of the person who was the last to open a diary page here and has not signed out. `null` when
/// there is no such person, or the browser keeps nothing (private windows of some).
export async function keep(owner: Owner | null): Promise<Keep | null> {
  try {
    const store = await open();
    const present = owner ? await arrive(store, owner) : await store.get<Present>("present", PRESENT);
    return present ? new SealedKeep(store, present) : null;
  } catch {
    return null;
  }
}

/// The person who uses the device now. The key cannot be read out again, only used.
interface Present {
  name: string;
  key: CryptoKey;
  isOwn: boolean;
}

/// A day as it lies in the store: what it says is sealed, bound to owner and date.
interface Row extends Sealed {
  owner: string;
  date: string;
  /// Whether the server does not have what is here.
  waits: boolean;
  savedAt: number;
}

const PRESENT = "now";

/// A day that its person never came back for is forgotten after thirty days, in milliseconds.
const LONGEST = 30 * 24 * 60 * 60 * 1000;

async function arrive(store: Store, owner: Owner): Promise<Present> {
  const before = await store.get<Present>("present", PRESENT);
  const bytes = Uint8Array.from(atob(owner.key), (character) => character.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  const isOwn = before?.name === owner.name ? before.isOwn : true;
  const present = { name: owner.name, key, isOwn };
  await store.put("present", PRESENT, present);
  for (const [name, row] of await store.all<Row>("days")) {
    if (row.savedAt < Date.now() - LONGEST) await store.remove("days", name);
  }
  return present;
}

class SealedKeep implements Keep {
  readonly #store: Store;
  #present: Present;

  constructor(store: Store, present: Present) {
    this.#store = store;
    this.#present = present;
  }

  get owner(): string {
    return this.#present.name;
  }

  async load(date: string): Promise<Kept | null> {
    const row = await this.#store.get<Row>("days", this.#name(date));
    return row ? unseal<Kept>(this.#present.key, this.#name(date), row) : null;
  }

  async save(kept: Kept): Promise<void> {
    const { date, savedAt } = kept;
    const sealed = await seal(this.#present.key, this.#name(date), kept);
    await this.#put({ owner: this.#present.name, date, waits: true, savedAt, ...sealed });
  }

  async forget(date: string): Promise<void> {
    await this.#store.remove("days", this.#name(date));
  }

  async forgetAll(): Promise<void> {
    for (const { date } of await this.#own()) await this.forget(date);
  }

  async dates(): Promise<{ date: string; waits: boolean }[]> {
    const own = (await this.#own()).map(({ date, waits }) => ({ date, waits }));
    return own.sort((one, other) => (one.date < other.date ? -1 : 1));
  }

  async synced(date: string): Promise<void> {
    if (!this.#present.isOwn) return this.forget(date);
    const row = await this.#store.get<Row>("days", this.#name(date));
    if (row) await this.#put({ ...row, waits: false });
  }

  async isOwn(): Promise<boolean> {
    return this.#present.isOwn;
  }

  async setOwn(isOwn: boolean): Promise<void> {
    this.#present = { ...this.#present, isOwn };
    await this.#store.put("present", PRESENT, this.#present);
    if (isOwn) return;
    for (const { date, waits } of await this.#own()) if (!waits) await this.forget(date);
  }

  #name(date: string): string {
    return `${this.#present.name} ${date}`;
  }

  #put(row: Row): Promise<void> {
    return this.#store.put("days", this.#name(row.date), row);
  }

  async #own(): Promise<Row[]> {
    const rows = await this.#store.all<Row>("days");
    return rows.map(([, row]) => row).filter((row) => row.owner === this.#present.name);
  }
}
