// The service worker: Chainrule without a network, never a mixture of two builds, and isolation where the host sends no
// headers for it.
//
// tools/pack_site.py writes the list of files and the build's name into the two lines below. A build's cache is filled
// before the build is used, and each file is checked against the list, so a half-copied site is never kept. Every page is
// remembered with the build that it was loaded from, and gets that build's files until it is loaded anew.
const kBuild = '@BUILD@';
const kFiles = {/* @FILES@ */};

const kPrefix = `chainrule ${new URL(self.registration.scope).pathname} `; // caches are shared by all folders of a host
const kPages = `${kPrefix}pages`; // which page has which build
// Loaded only when somebody asks for all of MNIST (11 MB) or for the engine alone, and kept then.
const is_optional = (name) => /^(data\/mnist-(train|test)-|engine\/)/.test(name);

const kTypes = {
  html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8', json: 'application/json; charset=utf-8', wasm: 'application/wasm',
  md: 'text/markdown; charset=utf-8', txt: 'text/plain; charset=utf-8', svg: 'image/svg+xml', png: 'image/png',
  ttf: 'font/ttf', otf: 'font/otf', wgsl: 'text/wgsl; charset=utf-8', webmanifest: 'application/manifest+json',
};
const kIsolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin', // pages that are isolated themselves may embed a lesson
};

const cache_of = (build) => caches.open(kPrefix + build);
const address_of = (name) => new URL(name, self.registration.scope).href;

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A file of this build from the network, or an Error when the server has it in another version by now. */
async function fetch_checked(name) {
  const response = await fetch(address_of(name), { cache: 'no-cache' });
  if (!response.ok) throw new Error(`${name}: the server answered ${response.status}`);
  const bytes = await response.arrayBuffer();
  const { sha256: packed, unpacked } = kFiles[name];
  const found = await sha256(bytes);
  // Some servers send .gz files as an encoding, and the browser has unpacked them.
  if (found !== packed && found !== unpacked) throw new Error(`${name}: the server has another version of it`);
  return keepable(name, bytes);
}

function keepable(name, bytes) {
  const type = kTypes[name.split('.').pop()] ?? 'application/octet-stream';
  return new Response(bytes, { headers: { 'Content-Type': type, 'Content-Length': String(bytes.byteLength), ...kIsolation } });
}

/** A file that an older build left here with the same content. */
async function find_old(name) {
  for (const key of await caches.keys()) {
    if (!key.startsWith(kPrefix) || key === kPages || key === kPrefix + kBuild) continue;
    const response = await (await caches.open(key)).match(address_of(name));
    if (!response) continue;
    const bytes = await response.arrayBuffer();
    const found = await sha256(bytes);
    if (found === kFiles[name].sha256 || found === kFiles[name].unpacked) return keepable(name, bytes);
  }
  return null;
}

async function fill() {
  const cache = await cache_of(kBuild);
  const names = Object.keys(kFiles);
  const work = async () => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      if (await cache.match(address_of(name))) continue;
      const response = (await find_old(name)) ?? (is_optional(name) ? null : await fetch_checked(name));
      if (response) await cache.put(address_of(name), response);
    }
  };
  await Promise.all([work(), work()]); // two at a time: the page comes first
}

// ------------------------------------------------------------------------------------------------ pages and their builds

const builds = new Map(); // client id -> build; the cache below outlives the worker, which browsers stop when it rests

async function remember(id, build) {
  builds.set(id, build);
  await (await caches.open(kPages)).put(address_of(`page-${id}`), new Response(build));
}

async function build_of(id) {
  if (!id) return kBuild;
  if (!builds.has(id)) {
    const kept = await (await caches.open(kPages)).match(address_of(`page-${id}`));
    builds.set(id, kept ? await kept.text() : kBuild);
  }
  return builds.get(id);
}

/** Forgets pages that are gone, and the caches that nobody needs any more. `coming`: a page that is being loaded. */
async function tidy(coming) {
  const pages = await caches.open(kPages);
  const needed = new Set([kBuild]);
  for (const request of await pages.keys()) {
    const id = request.url.split('/page-').pop();
    if (id === coming || (await self.clients.get(id))) {
      needed.add(await build_of(id));
    } else {
      builds.delete(id);
      await pages.delete(request);
    }
  }
  // A build that is being filled by a newer worker is not ours to delete.
  if (self.registration.installing || self.registration.waiting) return;
  for (const key of await caches.keys()) {
    if (key.startsWith(kPrefix) && key !== kPages && !needed.has(key.slice(kPrefix.length))) await caches.delete(key);
  }
}

// --------------------------------------------------------------------------------------------------------------- answers

function with_isolation(response) {
  if (response.status === 0 || response.type === 'opaque') return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(kIsolation)) headers.set(name, value);
  const empty = [101, 204, 205, 304].includes(response.status);
  return new Response(empty ? null : response.body, { status: response.status, statusText: response.statusText, headers });
}

async function answer(event, name) {
  const { request } = event;
  const page = request.mode === 'navigate';
  const build = page ? kBuild : await build_of(event.clientId);
  if (page && event.resultingClientId) {
    await remember(event.resultingClientId, kBuild);
    event.waitUntil(tidy(event.resultingClientId));
  }
  const kept = await (await cache_of(build)).match(address_of(name));
  if (kept) return kept;
  if (build !== kBuild || !kFiles[name]) return with_isolation(await fetch(request));
  try {
    const fresh = await fetch_checked(name);
    event.waitUntil(cache_of(build).then((cache) => cache.put(address_of(name), fresh.clone())).catch(() => {})); // full
    return fresh.clone();
  } catch (error) {
    console.warn(error.message);
    return new Response(error.message, { status: 504, statusText: 'not in this version any more; reload the page' });
  }
}

self.addEventListener('install', (event) => event.waitUntil(fill()));

self.addEventListener('activate', (event) => event.waitUntil(tidy('')));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const scope = new URL(self.registration.scope);
  if (request.method !== 'GET' || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return;
  const name = decodeURIComponent(url.pathname.slice(scope.pathname.length)) || 'index.html';
  if (name === 'sw.js' || (request.mode === 'navigate' && !kFiles[name])) return;
  event.respondWith(answer(event, name));
});

self.addEventListener('message', (event) => {
  const { kind, build } = event.data ?? {};
  // A page that came from the network is taken over only when it is of this very build.
  if (kind === 'page' && build === kBuild) {
    event.waitUntil(remember(event.source.id, build).then(() => self.clients.claim()));
  }
  if (kind === 'take over') event.waitUntil(self.skipWaiting());
});
