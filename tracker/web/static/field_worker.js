// The service worker of the inspector's page: it keeps the page itself, so that it opens without a network.
// What the page shows, and what was entered, lies in the page's own store (field_store.js); nothing of it is kept here.
"use strict";

const KEPT = "field-1";
const SHELL = ["./", "../static/theme.js", "../static/field.css", "../static/field_store.js", "../static/field.js", "../static/icon.svg"]
  .map((place) => new URL(place, self.registration.scope).href);

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

// One that is not there, or asks to sign in, does not replace what is kept.
async function keepShell() {
  const cache = await caches.open(KEPT);
  await Promise.all(SHELL.map(async (address) => {
    const answer = await fetch(address, { cache: "no-cache", redirect: "manual" }).catch(() => null);
    if (answer && answer.ok) await cache.put(address, answer);
  }));
}

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("field-") && name !== KEPT).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const address = event.request.url.split(/[?#]/)[0];
  if (event.request.method === "GET" && SHELL.includes(address)) event.respondWith(networkFirst(event.request, address));
});

// The newest where there is a network; a server that is down counts as none.
async function networkFirst(request, address) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await cache.put(address, answer.clone());
    if (answer.status < 500) return answer;
  } catch (error) {
    // no network
  }
  return (await cache.match(address)) || Response.error();
}
