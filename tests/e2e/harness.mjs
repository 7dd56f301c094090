// What the end-to-end tests share: a server on a free port, a browser, pages that report what went wrong in them, and
// pictures that can be measured.
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';

import { chromium } from 'playwright-core';

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
export const pictures = path.join(root, 'build', 'test-results', 'screenshots');

export const kChromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
// Software rendering, because test machines have no GPU; the rest keeps the browser from calling out.
export const kSwitches = [
  '--headless=new', '--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic',
  '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** Serves `folder` with the project's own server; resolves to { url, stop }. */
export async function serve(folder = path.join(root, 'build', 'site')) {
  for (let attempt = 0; attempt < 20; ++attempt) {
    const port = 20000 + Math.floor(Math.random() * 20000);
    const child = spawn(process.execPath, [path.join(root, 'tools', 'serve.mjs'), folder], {
      env: { ...process.env, PORT: String(port), HOST: '127.0.0.1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const started = await new Promise((resolve) => {
      child.stdout.once('data', () => resolve(true));
      child.once('exit', () => resolve(false));
    });
    if (started) return { url: `http://127.0.0.1:${port}/`, stop: () => child.kill() };
  }
  throw new Error('no free port was found');
}

export function launch() {
  return chromium.launch({ executablePath: kChromium, args: kSwitches, ignoreDefaultArgs: ['--disable-gpu'] });
}

/** A browser whose pages have a software adapter. */
export async function with_gpu(run) {
  const browser = await chromium.launch({
    executablePath: kChromium,
    args: [...kSwitches, '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
    ignoreDefaultArgs: ['--disable-gpu'],
  });
  try {
    await run(browser);
  } finally {
    await browser.close();
  }
}

/** The device of the page can be lost with window.device.destroy(). */
export const choose_webgpu = () => {
  localStorage['chainrule.training'] = '2';
  if (!globalThis.GPUAdapter) return;
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...values) {
    window.device = await request.apply(this, values);
    return window.device;
  };
};

/** A page that remembers console errors and requests to other hosts. `init` runs in the page before its scripts. */
export async function open_page(browser, url, { size = [1280, 720], init, scale = 1, touch = false, scheme = 'light', workers = 'block' } = {}) {
  const context = await browser.newContext({
    viewport: { width: size[0], height: size[1] },
    deviceScaleFactor: scale,
    hasTouch: touch,
    isMobile: touch,
    colorScheme: scheme,
    serviceWorkers: workers, // 'allow' where a test is about the service worker
  });
  return open_in(context, url, init);
}

/** Another page in a context, which shares storage and service worker with the first. */
export async function open_in(context, url, init) {
  const page = await context.newPage();
  const faults = [];
  const remote = [];
  const host = new URL(url).host;
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    const address = new URL(request.url());
    if (address.protocol.startsWith('http') && address.host !== host) remote.push(request.url());
  });
  await page.addInitScript(() => { localStorage['chainrule.tab'] ??= 'settings'; });
  if (init) await page.addInitScript(init);
  await page.goto(url);
  return { page, faults, remote, context, close: () => context.close() };
}

/** The app, ready for its script API. */
export async function open_app(browser, url, options) {
  const opened = await open_page(browser, url, options);
  await opened.page.waitForFunction(() => window.chainrule !== undefined, null, { timeout: 30000 });
  await opened.page.evaluate(() => window.chainrule.ready);
  return opened;
}

/** Waits until `test(state)` holds for the app's state; returns that state. */
export async function until(page, test, what, seconds = 60) {
  for (const end = Date.now() + 1000 * seconds; ;) {
    const state = await page.evaluate(() => window.chainrule.state());
    if (test(state)) return state;
    check(Date.now() < end, `${what} did not come within ${seconds} s; the state is ${JSON.stringify(state)}`);
    await settle(page, 200);
  }
}

/** Two frames, so that what was asked for is on the screen. */
export const settle = (page, milliseconds = 400) => page.waitForTimeout(milliseconds);

export async function screenshot(page, name) {
  await mkdir(pictures, { recursive: true });
  const bytes = await page.screenshot();
  await writeFile(path.join(pictures, `${name}.png`), bytes);
  return decode_png(bytes);
}

/** 8-bit RGB(A) PNG to { width, height, channels, pixels }. Source: PNG specification, sections 9 and 10. */
export function decode_png(bytes) {
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const channels = bytes[25] === 6 ? 4 : 3;
  const parts = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const pixels = new Uint8Array(stride * height);
  const none = new Uint8Array(stride);
  for (let y = 0; y < height; ++y) {
    const line = raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1));
    const above = y > 0 ? pixels.subarray((y - 1) * stride, y * stride) : none;
    undo_filter[raw[y * (stride + 1)]](line, above, pixels.subarray(y * stride, (y + 1) * stride), channels);
  }
  return { width, height, channels, pixels };
}

/** By filter type: a line's bytes from what is stored, the line above and the pixel to the left, `size` bytes before. */
const undo_filter = [
  (line, above, to) => to.set(line),
  (line, above, to, size) => {
    for (let x = 0; x < line.length; ++x) to[x] = line[x] + (x >= size ? to[x - size] : 0);
  },
  (line, above, to) => {
    for (let x = 0; x < line.length; ++x) to[x] = line[x] + above[x];
  },
  (line, above, to, size) => {
    for (let x = 0; x < line.length; ++x) to[x] = line[x] + (((x >= size ? to[x - size] : 0) + above[x]) >> 1);
  },
  (line, above, to, size) => {
    for (let x = 0; x < line.length; ++x) to[x] = line[x] + (x >= size ? paeth(to[x - size], above[x], above[x - size]) : above[x]);
  },
];

function paeth(left, up, corner) {
  const to_left = Math.abs(up - corner), to_up = Math.abs(left - corner), to_corner = Math.abs(left + up - 2 * corner);
  return to_left <= to_up && to_left <= to_corner ? left : to_up <= to_corner ? up : corner;
}

/** The share of pixels that differ from the most common colour: a blank page has none. */
export function ink(image) {
  const counts = new Map();
  for (let i = 0; i < image.pixels.length; i += image.channels) {
    const colour = (image.pixels[i] << 16) | (image.pixels[i + 1] << 8) | image.pixels[i + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return { share: 1 - Math.max(...counts.values()) / (image.width * image.height), colours: counts.size };
}

export function check(condition, message) {
  if (!condition) throw new Error(message);
}

/** The message of a promise that has to reject. */
export async function rejection(page, expression) {
  const message = await page.evaluate(`Promise.resolve().then(() => ${expression}).then(() => null, (error) => error.message)`);
  check(message !== null, `${expression} should be refused`);
  return message;
}

export const announced = (page) => page.evaluate(() => document.getElementById('announcer').textContent);

/** Waits until what is announced to readers of the screen fits the pattern. */
export async function said(page, pattern, what) {
  for (let i = 0; i < 50; ++i) {
    if (pattern.test(await announced(page))) return;
    await settle(page, 100);
  }
  throw new Error(`${what}: it says "${await announced(page)}"`);
}
