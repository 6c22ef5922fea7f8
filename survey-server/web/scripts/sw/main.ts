// The service worker of the diary. It keeps the files that a page is made of, and one page that is nobody's; pages with a person's data, answers
// and forms pass it by.

/// What the server says before this script: the name of the present files, their addresses, and the language of the page.
declare const TEMPI: { version: string; language: string; files: string[] };

const worker = self as unknown as ServiceWorkerGlobalScope;

const CACHE = `tempi-${TEMPI.version}-${TEMPI.language}`;
const SHELL = `/diario/senza-rete?lingua=${TEMPI.language}`;

/// Pages for which the shell stands in: the choice of days, and a day.
const DIARY = /^\/diario(\/\d{4}-\d{2}-\d{2})?$/;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (request.mode === "navigate") {
    if (DIARY.test(pathname)) event.respondWith(page(request));
  } else if (TEMPI.files.includes(pathname)) {
    event.respondWith(file(request));
  }
});

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(TEMPI.files);
  // Without cookies the page cannot know anybody.
  const shell = await fetch(SHELL, { credentials: "omit", cache: "no-store" });
  if (!shell.ok) throw new Error("the page without network is not there");
  await cache.put(SHELL, shell);
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith("tempi-") && name !== CACHE) await caches.delete(name);
  }
  await worker.clients.claim();
}

/// A page from the network; the shell where there is none.
async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return (await kept(SHELL)) ?? Response.error();
  }
}

/// A file from the cache; from the network where it was lost.
async function file(request: Request): Promise<Response> {
  return (await kept(request.url)) ?? fetch(request);
}

async function kept(address: string): Promise<Response | undefined> {
  return (await caches.open(CACHE)).match(address);
}
