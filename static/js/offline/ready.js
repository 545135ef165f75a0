// The pages taken along: the worker confirms that page and assets are kept, or nothing is said.
export const WORKER = "/hors-ligne.js";

function assets() {
  const drawn = [...document.querySelectorAll("link[rel=stylesheet], script[src], link[rel=icon]")].map((one) => one.href || one.src);
  const fetched = performance.getEntriesByType("resource").map((one) => one.name);
  return [...new Set([...drawn, ...fetched])].filter((address) => new URL(address).origin === location.origin && new URL(address).pathname.startsWith("/static/"));
}

function ask(worker, message) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(event.data);
    worker.postMessage(message, [port2]);
    setTimeout(() => resolve({}), 60000);
  });
}

export async function takeAlong(person, pages) {
  if (!("serviceWorker" in navigator)) return false;
  await navigator.serviceWorker.register(WORKER);
  const { active } = await navigator.serviceWorker.ready;
  const told = await ask(active, { take: pages, assets: assets(), person });
  return told.ready === true;
}

// Pages of somebody who used this device before go as soon as another person is here.
export async function tellPerson(person) {
  const known = await navigator.serviceWorker?.getRegistration?.("/");
  known?.active?.postMessage({ person });
}

export async function dropPages() {
  const names = "caches" in window ? await caches.keys() : [];
  await Promise.all(names.filter((name) => name.startsWith("explor-pages:")).map((name) => caches.delete(name)));
}

export async function isTaken(path) {
  return "caches" in window && Boolean(navigator.serviceWorker?.controller && (await caches.match(path, { ignoreVary: true })));
}
