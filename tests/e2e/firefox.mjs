// Firefox, over WebDriver BiDi (https://w3c.github.io/webdriver-bidi/): the app starts, trains, and reaches Chromium's bits.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import WebSocket from 'ws';

import { check, decode_png, ink, open_app, pictures } from './harness.mjs';

const kFirefox = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
// WebGL 2 in software, which Firefox has with a screen only, so it gets Xvfb's rather than --headless; and a browser that calls nobody.
const kPreferences = {
  'webgl.force-enabled': true,
  'app.update.enabled': false, 'app.normandy.enabled': false, 'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.healthreport.uploadEnabled': false, 'toolkit.telemetry.server': '', 'toolkit.telemetry.enabled': false,
  'browser.shell.checkDefaultBrowser': false, 'browser.startup.page': 0, 'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false, 'browser.safebrowsing.phishing.enabled': false,
  'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false,
  'extensions.update.enabled': false, 'services.settings.server': 'http://127.0.0.1:9/', 'remote.active-protocols': 1,
};

/** Starts a program that is installed by tools/setup.sh test, and resolves to what `find` finds in what it writes. */
async function started(child, program, stream, find) {
  return new Promise((resolve, reject) => {
    let said = '';
    stream.on('data', (part) => {
      said += part;
      const found = said.match(find);
      if (found) resolve(found[1]);
    });
    child.once('error', () => reject(new Error(`${program} is not there; tools/setup.sh test installs it.`)));
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}: ${said.slice(-800)}`)));
  });
}

class Firefox {
  async start() {
    this.screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const display = await started(this.screen, 'Xvfb', this.screen.stdio[3], /(\d+)\n/);
    this.profile = await mkdtemp(path.join(os.tmpdir(), 'chainrule-firefox-'));
    const lines = Object.entries(kPreferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
    await writeFile(path.join(this.profile, 'user.js'), lines.join('\n'));
    this.process = spawn(kFirefox, ['--no-remote', '--profile', this.profile, '--remote-debugging-port', '0'], {
      env: { ...process.env, HOME: this.profile, DISPLAY: `:${display}`, LIBGL_ALWAYS_SOFTWARE: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const address = await started(this.process, kFirefox, this.process.stderr, /WebDriver BiDi listening on (ws:\/\/\S+)/);
    await this.connect(`${address}/session`);
    await this.send('session.new', { capabilities: {} });
    const { contexts } = await this.send('browsingContext.getTree', {});
    this.tab = contexts[0].context;
  }

  async connect(address) {
    this.socket = new WebSocket(address);
    this.waiting = new Map();
    this.socket.on('message', (data) => {
      const { id, type, result, message } = JSON.parse(data);
      const waiting = this.waiting.get(id);
      if (!waiting) return;
      this.waiting.delete(id);
      if (type === 'error') waiting.reject(new Error(message));
      else waiting.resolve(result);
    });
    await new Promise((resolve, reject) => this.socket.once('open', resolve).once('error', reject));
  }

  send(method, params) {
    const id = (this.count = (this.count ?? 0) + 1);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  go(url) {
    return this.send('browsingContext.navigate', { context: this.tab, url, wait: 'complete' });
  }

  /** The value of an expression, or of its promise, as JSON has it. */
  async evaluate(expression) {
    const { type, result, exceptionDetails } = await this.send('script.evaluate', {
      expression: `Promise.resolve(${expression}).then((value) => JSON.stringify(value ?? null))`,
      target: { context: this.tab },
      awaitPromise: true,
    });
    if (type === 'exception') throw new Error(exceptionDetails.text);
    return JSON.parse(result.value);
  }

  async picture() {
    const { data } = await this.send('browsingContext.captureScreenshot', { context: this.tab });
    return Buffer.from(data, 'base64');
  }

  async stop() {
    this.socket?.close();
    for (const child of [this.process, this.screen]) {
      if (!child || child.exitCode !== null || child.pid === undefined) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    }
    if (!this.profile) return;
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

const kLink = '#/lenet-mnist?lr=0.05';
const kRun = `window.chainrule.ready.then(() => window.chainrule.step(20)).then(() => window.chainrule.state())`;

export async function trains_lenet_to_the_same_bits(browser, url) {
  const { page } = await open_app(browser, url + kLink);
  const expected = await page.evaluate(kRun);
  const firefox = new Firefox();
  try {
    await firefox.start();
    await firefox.go(url + kLink);
    const page_state = await firefox.evaluate(`new Promise((resolve) => {
      const look = () => (document.body.dataset.state === 'loading' ? setTimeout(look, 50) : resolve(document.body.dataset.state));
      look();
    })`);
    check(page_state === 'running', `Firefox shows: ${await firefox.evaluate('document.body.innerText')}`);
    const state = await firefox.evaluate(kRun);
    check(state.step === 20 && state.params.lr === expected.params.lr, `Firefox is at ${JSON.stringify(state)}`);
    check(state.hash === expected.hash, `Firefox reaches ${state.hash}, Chromium ${expected.hash}`);
    await firefox.evaluate('new Promise((resolve) => setTimeout(resolve, 1000))');
    const picture = await firefox.picture();
    await mkdir(pictures, { recursive: true });
    await writeFile(path.join(pictures, 'firefox.png'), picture);
    const { share, colours } = ink(decode_png(picture));
    check(share > 0.08 && colours > 60, `the page is nearly blank: ${(100 * share).toFixed(1)} % ink in ${colours} colours`);
  } finally {
    await firefox.stop();
  }
}
