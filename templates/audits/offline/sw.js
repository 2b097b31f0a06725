{% load static %}// Keeps the pages of visits on this device so that they open without a network. It keeps nothing
// about anybody: what somebody wrote is in IndexedDB, sealed with that person's key.
"use strict";

const CACHE = "carequality-{{ release }}";
const SHELL = "{% url "audits:offline-visits" %}";
const FILES = [
  SHELL,
{% for file in files %}  "{% static file %}",
{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload", credentials: "omit" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith("carequality-") && name !== CACHE))
      .then((older) => Promise.all(older.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

function kept(request) {
  return caches.open(CACHE).then((cache) => cache.match(request, { ignoreSearch: true, ignoreVary: true }));
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) {
    return;
  }
  if (FILES.includes(address.pathname)) {
    event.respondWith(kept(address.pathname).then((response) => response || fetch(request)));
  } else if (request.mode === "navigate") {
    // Any other page without a network leads to the visits on this device.
    event.respondWith(fetch(request).catch(() => Response.redirect(SHELL)));
  }
});
