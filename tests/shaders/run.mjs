// The checks in Chromium, on its software adapter: `node tests/shaders/run.mjs [WORD]`. Prints `N passed, N failed` last.
import path from 'node:path';

import { chromium } from 'playwright-core';

import { kChromium, kSwitches, serve } from '../e2e/harness.mjs';
import { make_page, root } from './files.mjs';

const folder = path.join(root, 'build', 'test-results', 'shaders');
const word = process.argv[2] ?? '';
let passed = 0, failed = 0;

function say(line) {
  console.log(line);
  if (line.startsWith('ok ')) ++passed;
  if (line.startsWith('FAILED ')) ++failed;
}

/** Opens the page in a browser with `switches`, and resolves to what the checks said last. */
async function run_page(url, switches, only) {
  const browser = await chromium.launch({ executablePath: kChromium, args: [...kSwitches, ...switches], ignoreDefaultArgs: ['--disable-gpu'] });
  try {
    const page = await browser.newPage();
    page.on('console', (message) => console.log(`        ${message.text()}`));
    page.on('pageerror', (error) => say(`FAILED  the page: ${error}`));
    await page.exposeFunction('say', say);
    await page.goto(`${url}?${only}`);
    return await page.evaluate(() => window.finished);
  } finally {
    await browser.close();
  }
}

await make_page(folder);
const server = await serve(folder);
const end = await run_page(server.url, ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'], word);
if (end !== 'done') say(`FAILED  the checks ended with: ${end}`);
if (word === '') {
  const without = await run_page(server.url, [], 'no check is named so');
  say(without.startsWith('none: ') ? `ok      no adapter  ${without}` : `FAILED  no adapter: ${without}`);
}
server.stop();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
