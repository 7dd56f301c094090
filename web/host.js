// The browser's side of web/platform/platform.h: what the program asks of the page, and what the page tells the program.
import { fetchBytes, gunzip, loadSizes, Progress } from './download.js';
import { routeKeys } from './keys.js';
import { Camera, decodePicture, isPicture, paintSvg } from './pictures.js';
import { preferredLanguage, setTable, translatePage } from './pages/text.js';
import { Records } from './records.js';
import { Twin } from './twin.js';

const kPreferencePrefix = 'chainrule.';
const kTogether = 500; // milliseconds between sentences that are read out as one
const kDropped = 1; // the transfers that never end (platform_web.cpp): dropped files, and pictures of the camera
const kCamera = 2;
const kLargestFile = 256 * 1024 * 1024;

/** module gets: frames when it asks for them, and calls of its chainrule_* functions. */
export function createHost(canvas, showFailure) {
  const host = new Host(canvas, showFailure);
  watchUndo(host);
  watchCanvas(canvas, host);
  watchPage(canvas, host);
  watchDrops(host);
  return host;
}

class Host {
  constructor(canvas, showFailure) {
    this.canvas = canvas;
    this.showFailure = showFailure;
    this.module = null;
    this.stopped = false;
    this.contextLost = false;
    this.framePending = false;
    this.marked = false; // the first frame
    this.timer = 0;
    this.touch = false;
    this.announcedAt = -Infinity;
    this.transfers = new Map();
    this.records = new Records();
    this.camera = new Camera();
    this.twin = new Twin(canvas, this);
    this.parts = new Map(); // of the page, by name: promises
    this.sizes = null; // of the site's files, when they were first needed
    this.dark = matchMedia('(prefers-color-scheme: dark)');
    this.calm = matchMedia('(prefers-reduced-motion: reduce)');
    this.wideTouch = matchMedia('(pointer: coarse)');
    this.touch = this.wideTouch.matches;
  }

  connect(module) {
    this.module = module;
    this.requestFrame(0);
  }

  /** Calls an exported function; a trap inside stops the program and shows the failure page. */
  call(name, type, types, values) {
    if (this.module === null || this.stopped) return undefined;
    try {
      return this.module.ccall(name, type, types, values);
    } catch (error) {
      this.stopped = true;
      this.showFailure(error);
      throw error;
    }
  }

  requestFrame(seconds) {
    if (seconds > 0) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.requestFrame(0), seconds * 1000);
      return;
    }
    if (this.framePending || this.contextLost || this.stopped) return;
    this.framePending = true;
    requestAnimationFrame(() => {
      this.framePending = false;
      if (this.contextLost || this.stopped) return;
      this.call('chainrule_frame', null, [], []);
      // In the browser's own timeline, where bench/run reads it: the page can be used from here on.
      if (!this.marked) performance.mark('chainrule-first-frame');
      this.marked = true;
    });
  }

  pageEvent(name, value) {
    this.call('chainrule_page_event', null, ['string', 'string'], [name, value]);
  }

  wake() {
    this.call('chainrule_input', null, [], []);
  }

  flag(name) {
    if (name === 'dark') return this.dark.matches;
    if (name === 'reduced-motion') return this.calm.matches;
    if (name === 'touch') return this.touch;
    if (name === 'isolated') return globalThis.crossOriginIsolated === true;
    return false;
  }

  text(name, key) {
    if (name === 'hash') return location.hash.slice(1);
    if (name === 'address') return location.href.replace(/#.*/s, '');
    if (name === 'language') return preferredLanguage(this.text('preference', 'language'));
    if (name === 'setting') return new URLSearchParams(location.search).get(key) ?? '';
    try {
      return localStorage.getItem(kPreferencePrefix + key) ?? '';
    } catch {
      return ''; // storage is off: nothing is remembered
    }
  }

  tell(name, a, b) {
    if (name === 'hash') this.setHash(a, b === 'replace');
    else if (name === 'title') document.title = a;
    else if (name === 'language') this.setLanguage(a, b);
    else if (name === 'announce') this.announce(a);
    else if (name === 'theme') this.setTheme(a);
    else if (name === 'copy') navigator.clipboard?.writeText(a).catch(() => {});
    else if (name === 'scale') document.documentElement.style.setProperty('--scale', a);
    else if (name === 'dialog') this.openDialog(a, JSON.parse(b));
    else if (name === 'place-part') this.withPart(a, (part) => part.place(JSON.parse(b)));
    else if (name === 'hide-part') this.withPart(a, (part) => part.hide());
    else if (name === 'delete-record') this.records.remove(a);
    else if (name === 'full-screen') this.toggleFullScreen();
    else if (name === 'camera') this.setCamera(a === 'on');
    else if (name === 'preference') {
      try {
        localStorage.setItem(kPreferencePrefix + a, b);
      } catch {
        // storage is off or full: the choice lasts as long as the page
      }
    }
  }

  setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    document.getElementById('dark-colors').media = theme === 'dark' ? 'all' : 'not all';
  }

  setLanguage(language, table) {
    setTable(table);
    translatePage(language);
  }

  /** What is said at nearly the same time is said together: a reader hears only what stands there in the end. */
  announce(sentence) {
    const announcer = document.getElementById('announcer');
    const before = performance.now() - this.announcedAt < kTogether ? announcer.textContent : '';
    announcer.textContent = before === '' || before.includes(sentence) ? sentence : `${before} ${sentence}`;
    this.announcedAt = performance.now();
  }

  // Dialogs and parts are loaded when they are first needed.
  async openDialog(name, data) {
    const { openDialog } = await import('./pages/dialogs.js');
    openDialog(this, name, data);
  }

  /** A part of the page in HTML over the canvas: web/pages/NAME.js, whose createPart(host) gives { place(data), hide() }. */
  withPart(name, use) {
    const made = this.parts.get(name) ?? import(`./pages/${name}.js`).then(({ createPart }) => createPart(this));
    this.parts.set(name, made);
    made.then(use).catch(this.showFailure);
  }

  setHash(hash, replace) {
    if (location.hash.slice(1) === hash) return;
    if (replace) history.replaceState(null, '', `#${hash}`);
    else history.pushState(null, '', `#${hash}`);
  }

  toggleFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  }

  pixelRatio() {
    return window.devicePixelRatio || 1;
  }

  // ------------------------------------------------------------------------------------------------------ transfers
  async fetchFiles(id, lines) {
    const addresses = lines.split('\n');
    const stop = new AbortController();
    this.transfers.set(id, stop);
    const tell = throttle((received, total) =>
      this.call('chainrule_transfer_progress', null, ['number', 'number', 'number'], [id, received, total]));
    const progress = new Progress(addresses, tell);
    try {
      this.sizes ??= loadSizes();
      progress.expect(await this.sizes);
      const files = await Promise.all(addresses.map(async (address) => ({
        name: address.split('/').pop().replace(/\.gz$/, ''),
        bytes: await gunzip(await fetchBytes(address, { progress, signal: stop.signal }), address),
      })));
      this.deliver(id, files);
    } catch (error) {
      stop.abort(); // the others need not arrive either
      this.end(id, error.name === 'AbortError' ? '' : error.message);
    } finally {
      this.transfers.delete(id);
    }
  }

  /** A drawing that the program calls a PNG is the text of an SVG: the browser paints it. */
  async saveFile(name, bytes) {
    if (name.endsWith('.png') && bytes[0] === 0x3c) bytes = await paintSvg(bytes);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000); // the browser reads it while it saves
  }

  async loadRecord(id, key) {
    const bytes = await this.records.load(key);
    if (bytes === null) this.end(id, '');
    else this.deliver(id, [{ name: key, bytes }]);
  }

  cancel(id) {
    this.transfers.get(id)?.abort();
  }

  pickFiles(id, purpose) {
    const input = document.getElementById('file-input');
    input.value = '';
    input.accept = purpose.includes('picture') ? 'image/*' : '';
    input.onchange = () => this.deliverChosen(id, [...input.files]);
    input.oncancel = () => this.end(id, '');
    input.click();
  }

  async deliverChosen(id, chosen) {
    try {
      const files = [];
      for (const file of chosen) {
        if (file.size > kLargestFile) throw new Error(`${file.name} has ${file.size} bytes; at most ${kLargestFile} are read.`);
        if (isPicture(file)) {
          files.push(await decodePicture(file));
          continue;
        }
        const bytes = await gunzip(new Uint8Array(await file.arrayBuffer()), file.name);
        files.push({ name: file.name.replace(/\.gz$/, ''), bytes });
      }
      this.deliver(id, files);
    } catch (error) {
      this.end(id, error.message);
    }
  }

  setCamera(on) {
    this.camera.stop();
    if (on) this.camera.start((bytes) => this.deliver(kCamera, [{ name: 'camera', bytes }]), (sentence) => this.end(kCamera, sentence));
  }

  deliver(id, files) {
    for (const { name, bytes } of files) {
      const at = this.module._malloc(Math.max(bytes.length, 1));
      if (at === 0) {
        this.end(id, `${name} has ${bytes.length} bytes, more than there is memory for.`);
        return;
      }
      this.module.HEAPU8.set(bytes, at);
      this.call('chainrule_transfer_file', null, ['number', 'string', 'number', 'number'], [id, name, at, bytes.length]);
    }
    this.call('chainrule_transfer_end', null, ['number', 'number', 'string'], [id, 1, '']);
    this.wake();
  }

  end(id, sentence) {
    this.call('chainrule_transfer_end', null, ['number', 'number', 'string'], [id, 0, sentence]);
    this.wake();
  }
}

/** At most one call in 50 ms: a local server delivers thousands of parts a second. */
function throttle(report) {
  let last = 0;
  return (received, total) => {
    const now = performance.now();
    if (now - last < 50 && received < total) return;
    last = now;
    report(received, total);
  };
}

function watchCanvas(canvas, host) {
  const wake = () => host.wake();
  for (const type of ['pointermove', 'pointerdown', 'pointerup', 'pointerleave', 'wheel', 'keydown', 'keyup', 'keypress',
    'touchstart', 'touchmove', 'touchend', 'touchcancel', 'focus', 'blur']) {
    canvas.addEventListener(type, wake, { passive: true });
  }
  window.addEventListener('pointerup', wake, { passive: true }); // a drag may end outside
  canvas.addEventListener('pointerdown', (event) => {
    host.touch = event.pointerType === 'touch';
    canvas.focus({ preventScroll: true });
  }, { capture: true });
  routeKeys(canvas);
  canvas.addEventListener('contextmenu', (event) => event.preventDefault());

  const notice = document.getElementById('context-lost');
  canvas.addEventListener('webglcontextlost', (event) => {
    event.preventDefault(); // else it never comes back
    host.contextLost = true;
    notice.hidden = false;
    host.call('chainrule_context_lost', null, [], []);
  });
  canvas.addEventListener('webglcontextrestored', () => {
    host.contextLost = false;
    notice.hidden = true;
    host.call('chainrule_context_restored', null, [], []);
    host.wake();
  });
}

/** Wherever the focus is, but in text that is being typed: that has an undo of its own. */
function watchUndo(host) {
  window.addEventListener('keydown', (event) => {
    const key = event.key.toLowerCase();
    const typing = event.target.closest?.('input, textarea, [contenteditable]');
    if (typing || event.altKey || !(event.ctrlKey || event.metaKey) || (key !== 'z' && key !== 'y')) return;
    event.preventDefault();
    host.pageEvent(key === 'y' || event.shiftKey ? 'redo' : 'undo', '');
  }, { capture: true }); // before what keeps the browser's shortcuts from SDL
}

function watchPage(canvas, host) {
  window.addEventListener('hashchange', () => host.call('chainrule_hash_changed', null, [], []));
  window.addEventListener('popstate', () => host.call('chainrule_hash_changed', null, [], []));
  window.addEventListener('resize', () => host.wake());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') host.call('chainrule_hidden', null, [], []);
    host.wake();
  });
  window.addEventListener('pagehide', () => host.call('chainrule_hidden', null, [], []));
  document.addEventListener('fullscreenchange', () => host.wake());
  host.dark.addEventListener('change', () => host.wake());
  // A move to another screen changes the ratio without a resize; the query holds for one value only.
  const watchRatio = () => {
    matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener('change', () => {
      window.dispatchEvent(new Event('resize')); // SDL listens to this
      watchRatio();
    }, { once: true });
  };
  watchRatio();
}

function watchDrops(host) {
  const hint = document.getElementById('drop-hint');
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
  window.addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    hint.hidden = false;
  });
  window.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) hint.hidden = true;
  });
  window.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    hint.hidden = true;
    host.deliverChosen(kDropped, [...event.dataTransfer.files]);
  });
}
