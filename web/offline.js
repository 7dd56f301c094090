// Registers the service worker once the page is at rest, and says when a new version has arrived. Nothing here is needed
// for the app to work, so failures go to the console only.
import { listedBuild } from './download.js';

const kLookAgain = 60 * 60 * 1000; // for a new version, while the page stays open

/** `words`: { text, reload, later } in the reader's language. */
export async function startOffline(words) {
  if (!('serviceWorker' in navigator) || !window.isSecureContext || !location.protocol.startsWith('http')) return;
  try {
    const registration = await navigator.serviceWorker.register('sw.js', { updateViaCache: 'none' });
    watchUpdates(registration, words);
    const build = await listedBuild();
    if (!navigator.serviceWorker.controller && build) {
      const { active } = await navigator.serviceWorker.ready;
      active.postMessage({ kind: 'page', build });
    }
    let looked = Date.now();
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible' || Date.now() - looked < kLookAgain) return;
      looked = Date.now();
      registration.update().catch(() => {}); // offline: another time
    });
  } catch (error) {
    console.warn(`This page will not work offline: ${error.message}`);
  }
}

function watchUpdates(registration, words) {
  const tell = (worker) => {
    // Without a controller this is the first version to be kept, not a new one.
    if (worker && navigator.serviceWorker.controller) showNotice(worker, words);
  };
  tell(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed') tell(worker);
    });
  });
}

function showNotice(worker, words) {
  document.getElementById('update')?.remove();
  const notice = document.createElement('div');
  notice.id = 'update';
  notice.className = 'notice update';
  notice.setAttribute('role', 'status');
  const text = document.createElement('p');
  text.textContent = words.text;
  const button = (word, act, quiet) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = word;
    if (quiet) made.className = 'quiet';
    made.addEventListener('click', act);
    return made;
  };
  notice.append(text, button(words.reload, () => {
    // Other pages keep their version: the worker knows who has which.
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    worker.postMessage({ kind: 'take over' });
  }), button(words.later, () => notice.remove(), true));
  document.body.append(notice);
}
