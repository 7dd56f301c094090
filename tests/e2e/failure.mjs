// What people see where the app cannot run: a page that says what is missing and what to do.
import { check, screenshot, settle } from './harness.mjs';

async function failure_text(browser, url, init, name, route) {
  const page = await (await browser.newContext()).newPage();
  if (init) await page.addInitScript(init);
  if (route) await page.route(...route);
  await page.goto(url);
  await page.waitForFunction(() => [...document.querySelectorAll('[data-failure]')].some((e) => e.getClientRects().length > 0), null, { timeout: 30000 });
  await settle(page, 200);
  await screenshot(page, `failure-${name}`);
  return { page, text: await page.evaluate(() => document.body.innerText) };
}

export async function without_webgl2(browser, url) {
  const { text } = await failure_text(browser, url, () => {
    const get = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
      return kind === 'webgl2' ? null : get.call(this, kind, ...rest);
    };
  }, 'webgl2');
  check(/WebGL\s?2/.test(text), `the page says: ${text}`);
  check(text.includes('LeNet learns to read'), 'the table of contents is gone');
}

export async function without_wasm_simd(browser, url) {
  const { text } = await failure_text(browser, url, () => { WebAssembly.validate = () => false; }, 'simd');
  check(/SIMD/.test(text), `the page says: ${text}`);
}

export async function when_a_download_fails(browser, url) {
  const { page, text } = await failure_text(browser, url, null, 'download', ['**/chainrule.wasm', (route) => route.abort()]);
  check(/chainrule\.wasm/.test(text), `the page does not name the file: ${text}`);
  check((await page.getByRole('button', { name: /try again|retry/i }).count()) > 0, 'there is no button to try again');
}

export async function when_memory_is_short(browser, url) {
  const { text } = await failure_text(browser, url, () => {
    const Memory = WebAssembly.Memory;
    WebAssembly.Memory = function (...all) {
      throw new RangeError('could not allocate memory');
    };
    WebAssembly.Memory.prototype = Memory.prototype;
    WebAssembly.instantiate = WebAssembly.instantiateStreaming = () => Promise.reject(new RangeError('WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance'));
  }, 'memory');
  check(/memory/i.test(text), `the page says: ${text}`);
}
