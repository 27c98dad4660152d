// Keeps the shell of the pages and one page for when there is no connection; never a page with anybody's data in it (S33).
const name = "abide-{{version}}";
const shell = ["/offline", {{assets}}];

addEventListener("install", (event) => event.waitUntil(caches.open(name).then((cache) => cache.addAll(shell.map((path) => new Request(path, { credentials: "omit" })))).then(() => skipWaiting())));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const other of await caches.keys()) if (other !== name) await caches.delete(other);
  // The page is asked for while the worker wakes up.
  await registration.navigationPreload?.enable();
  await clients.claim();
})()));

addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith((async () => {
      try { return (await event.preloadResponse) ?? (await fetch(request)); } catch {
        return (await caches.match("/offline", { cacheName: name })) ?? Response.error();
      }
    })());
  } else if (shell.includes(url.pathname + url.search)) {
    event.respondWith(caches.match(request, { cacheName: name }).then((kept) => kept ?? fetch(request)));
  }
});
