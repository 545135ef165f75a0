// The service worker. It touches only GETs of this site: our hashed static files, cache first; the
// pages somebody asked to take along, network first. Anything else goes by as if it were not there.
const STATIC = "explor-static";
const PAGES = "explor-pages:";
const PATIENCE = 5000;
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const PERSON = /<body[^>]*\sdata-person="([0-9a-f-]{36})"/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const whole = (response) => response.status === 200 && response.type === "basic" && !response.redirected;

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/api/")) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(fromStatic(request, url));
  else if (request.mode === "navigate" && !url.search) event.respondWith(fromPages(request, url.pathname));
});

async function fromStatic(request, url) {
  const cache = await caches.open(STATIC);
  const kept = await cache.match(url.pathname);
  if (kept && HASHED.test(url.pathname)) return kept;
  try {
    const response = await fetch(request);
    if (whole(response)) await cache.put(url.pathname, response.clone());
    return response;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

async function taken(path) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const kept = await (await caches.open(name)).match(path, { ignoreVary: true });
    if (kept) return kept;
  }
  return null;
}

async function fromPages(request, path) {
  const kept = await taken(path);
  if (!kept) return fetch(request);
  const fetched = fetch(request).then(async (response) => {
    await keep(path, response.clone());
    return response;
  });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const first = await Promise.race([fetched.catch(() => null), late]);
  return first ?? kept;
}

// A page is kept under the name of the person it was drawn for, whoever asked.
async function keep(path, response) {
  if (!whole(response) || !(response.headers.get("Content-Type") ?? "").startsWith("text/html")) return false;
  const drawn = await response.text();
  const [, person] = drawn.match(PERSON) ?? [];
  if (!person) return false;
  const { status, statusText, headers } = response;
  const cache = await caches.open(PAGES + person);
  await cache.put(path, new Response(drawn, { status, statusText, headers }));
  return person;
}

self.addEventListener("message", (event) => {
  const { take, assets, person } = event.data;
  event.waitUntil(
    (async () => {
      await dropOthers(person);
      const ready = take ? await takeAlong(take, assets, person).catch(() => false) : false;
      event.ports[0]?.postMessage({ ready });
    })(),
  );
});

async function dropOthers(person) {
  const names = (await caches.keys()).filter((name) => name.startsWith(PAGES) && name !== PAGES + person);
  await Promise.all(names.map((name) => caches.delete(name)));
}

async function takeAlong(paths, assets, person) {
  const kept = await caches.open(STATIC);
  for (const address of assets) {
    const { pathname } = new URL(address);
    if (await kept.match(pathname)) continue;
    const response = await fetch(pathname);
    if (!whole(response)) return false;
    await kept.put(pathname, response);
  }
  const [first, ...along] = paths;
  if ((await keep(first, await fetch(first, { redirect: "manual" }))) !== person) return false;
  const pages = await caches.open(PAGES + person);
  for (const path of along) {
    if (await pages.match(path)) continue;
    if ((await keep(path, await fetch(path, { redirect: "manual" }))) !== person) return false;
  }
  return true;
}
