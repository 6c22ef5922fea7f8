// The database of the browser as promises. Knows two tables and nothing of what is in them.

type Table = "present" | "days";

/// Rows by name.
export interface Store {
  get<T>(table: Table, name: string): Promise<T | undefined>;
  put(table: Table, name: string, row: unknown): Promise<void>;
  remove(table: Table, name: string): Promise<void>;
  all<T>(table: Table): Promise<[string, T][]>;
}

/// Opens the database, making it at the first time.
export async function open(): Promise<Store> {
  const request = indexedDB.open("tempi", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("present");
    request.result.createObjectStore("days");
  };
  const database = await done(request);
  // Whoever wants to remove or renew the database does not wait for this page.
  database.onversionchange = () => database.close();
  const table = (name: Table, mode: IDBTransactionMode) => database.transaction(name, mode).objectStore(name);
  const written = (name: Table, act: (rows: IDBObjectStore) => void): Promise<void> => {
    const rows = table(name, "readwrite");
    act(rows);
    return new Promise((resolve, reject) => {
      rows.transaction.oncomplete = () => resolve();
      rows.transaction.onabort = () => reject(rows.transaction.error);
    });
  };
  return {
    get: (name, key) => done(table(name, "readonly").get(key)),
    put: (name, key, row) => written(name, (rows) => rows.put(row, key)),
    remove: (name, key) => written(name, (rows) => rows.delete(key)),
    async all<T>(name: Table) {
      const rows = table(name, "readonly");
      const [keys, values] = await Promise.all([done(rows.getAllKeys()), done(rows.getAll())]);
      return keys.map((key, place): [string, T] => [String(key), values[place] as T]);
    },
  };
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
