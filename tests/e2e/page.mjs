// The page: it comes up, calls nobody, shows something at every size, works from any folder, and rests when nothing happens.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { check, ink, open_app, open_page, root, screenshot, serve, settle } from './harness.mjs';

export async function comes_up_without_errors_or_remote_requests(browser, url) {
  const { page, faults, remote } = await open_app(browser, url);
  await page.evaluate(() => window.chainrule.step(2));
  await settle(page);
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
  check(remote.length === 0, `other hosts were asked: ${remote.join(' ')}`);
}

export async function content_security_policy_allows_no_inline_code(browser, url) {
  const response = await fetch(url);
  const html = await response.text();
  for (const policy of [response.headers.get('content-security-policy'), html.match(/http-equiv="Content-Security-Policy"[^>]*content="([^"]*)"/s)?.[1]]) {
    check(policy?.includes("default-src 'self'"), `default-src is missing in: ${policy}`);
    check(policy.includes("script-src 'self' 'wasm-unsafe-eval'"), `script-src is not strict in: ${policy}`);
    check(!policy.includes("'unsafe-inline'") && !policy.includes("'unsafe-eval'"), `unsafe words in: ${policy}`);
  }
  check(!/<script(?![^>]*\bsrc=)[^>]*>/.test(html), 'there is an inline script');
  check(!/\sstyle=|\son[a-z]+=/.test(html), 'there is a style or event attribute');
  // And the browser enforces it.
  const { page } = await open_page(browser, url);
  const evaluated = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.head.append(script);
    return window.injected === true;
  });
  check(!evaluated, 'an inline script ran');
}

const kSizes = [
  ['1280x720', { size: [1280, 720] }],
  ['1920x1080', { size: [1920, 1080] }],
  ['390x844-phone', { size: [390, 844], scale: 3, touch: true }],
  ['1280x720-scale2', { size: [1280, 720], scale: 2 }],
  ['1280x720-dark', { size: [1280, 720], scheme: 'dark' }],
];

export async function shows_the_lesson_at_every_size(browser, url) {
  for (const [name, options] of kSizes) {
    const { page, faults, close } = await open_app(browser, `${url}#/lenet-mnist`, options);
    await page.evaluate(() => window.chainrule.step(3));
    await settle(page, 1500);
    const image = await screenshot(page, `lenet-${name}`);
    const { share, colours } = ink(image);
    check(share > 0.08 && colours > 60, `${name} is nearly blank: ${(100 * share).toFixed(1)} % ink in ${colours} colours`);
    const fits = await page.evaluate(() => {
      const box = document.querySelector('canvas').getBoundingClientRect();
      return {
        inside: box.left >= 0 && box.top >= 0 && box.right <= innerWidth + 0.5 && box.bottom <= innerHeight + 0.5,
        scrolls: document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight,
        sharp: Math.abs(document.querySelector('canvas').width - box.width * devicePixelRatio) <= 1,
      };
    });
    check(fits.inside && !fits.scrolls, `${name}: the canvas is clipped by the window`);
    check(fits.sharp, `${name}: the canvas has not one pixel for each of the screen's`);
    check(faults.length === 0, `${name}: the console says: ${faults.join(' | ')}`);
    await close();
  }
}

export async function works_from_any_folder(browser) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'chainrule-'));
  const inner = path.join(folder, 'teaching');
  await cp(path.join(root, 'build', 'site'), inner, { recursive: true });
  const server = await serve(folder);
  try {
    const { page, faults } = await open_app(browser, `${server.url}teaching/`);
    const state = await page.evaluate(() => window.chainrule.step(1).then(() => window.chainrule.state()));
    check(state.step === 1, `step is ${state.step}`);
    check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
  } finally {
    server.stop();
    await rm(folder, { recursive: true });
  }
}

export async function an_idle_page_draws_nothing(browser, url) {
  const { page } = await open_app(browser, url);
  await page.evaluate(() => window.chainrule.step(1));
  const frame = () => page.evaluate(() => window.chainrule.state().then((state) => state.frame));
  // Background counts of test digits end first.
  let before = await frame();
  for (let i = 0; i < 60; ++i) {
    await settle(page, 1000);
    const now = await frame();
    if (now === before) break;
    before = now;
  }
  await settle(page, 2000);
  const after = await frame();
  check(after === before, `${after - before} frames in two idle seconds`);
  await page.mouse.move(300, 300);
  await settle(page, 500);
  check((await frame()) > after, 'a moving mouse draws nothing');
}

export async function first_interactive_frame_is_soon(browser, url) {
  // Not a timed test: it prints what a person waits, and fails only where something hangs.
  const start = Date.now();
  await open_app(browser, url);
  console.log(`        first interactive frame after ${Date.now() - start} ms`);
}

export async function first_view_is_small(browser, url) {
  const { page } = await open_app(browser, url);
  const bytes = await page.evaluate(() => {
    const all = [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')];
    // A thread's script is the page's own again, from the browser's cache.
    return [...new Map(all.map((entry) => [entry.name, entry.encodedBodySize])).values()].reduce((sum, size) => sum + size, 0);
  });
  console.log(`        the first view is ${(bytes / 1e6).toFixed(2)} MB compressed`);
  check(bytes > 500000 && bytes < 2.0e6, `the first view is ${bytes} bytes`);
}

export async function the_program_is_compiled_while_it_downloads(browser, url) {
  const { page, faults } = await open_app(browser, url, { init: () => {
    const compile = WebAssembly.compileStreaming;
    window.streamed = 0;
    WebAssembly.compileStreaming = (response) => compile.call(WebAssembly, response).then((module) => { ++window.streamed; return module; });
    WebAssembly.compile = () => { throw new Error('it was compiled from all its bytes'); };
  } });
  check((await page.evaluate(() => window.streamed)) === 1, 'it was not compiled from the stream');
  const milliseconds = await page.evaluate(() => performance.getEntriesByName('chainrule-first-frame')[0].startTime);
  console.log(`        the first frame was drawn after ${milliseconds.toFixed(0)} ms`);
  check(faults.length === 0, `faults: ${faults}`);
}

export async function a_server_that_does_not_know_wasm_will_do(browser, url) {
  const page = await (await browser.newContext()).newPage();
  await page.route('**/chainrule.wasm', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-type': 'application/octet-stream' } });
  });
  await page.goto(url);
  await page.waitForFunction(() => document.body.dataset.state === 'running', null, { timeout: 30000 });
}

export async function contents_are_plain_html(browser, url) {
  const html = await (await fetch(url)).text();
  check(html.includes('href="#/lenet-mnist"'), 'the table of contents does not link the lesson');
  check(html.includes('LeNet learns to read'), 'the table of contents does not name the lesson');
}

export async function embedded_it_shows_the_lesson_without_navigation(browser, url) {
  const { page, faults } = await open_app(browser, `${url}?embed=1&hide=reset,new-weights,lr#/lenet-mnist?v=1`, { size: [960, 600] });
  await settle(page, 600);
  for (const name of ['Contents', 'Share', 'Reset', 'New weights']) {
    check((await page.getByRole('button', { name, exact: true }).count()) === 0, `${name} is there`);
  }
  await page.getByRole('button', { name: 'Panel' }).click();
  await page.getByRole('slider', { name: 'Momentum' }).waitFor();
  check((await page.getByRole('slider', { name: 'Learning rate' }).count()) === 0, 'the learning rate is not hidden');
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await settle(page, 800);
  await page.locator('#canvas').focus();
  await page.keyboard.press('r'); // hidden, and so is its key
  await settle(page, 500);
  check((await page.evaluate(() => window.chainrule.state())).step === 1, 'the hidden Reset works by its key');
  await screenshot(page, 'embedded');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
  const wrong = await open_app(browser, `${url}?embed=1&hide=colour`);
  await settle(wrong.page, 800);
  const said = await wrong.page.evaluate(() => document.getElementById('announcer').textContent);
  check(said.includes('"colour"'), `it says: ${said}`);
}
