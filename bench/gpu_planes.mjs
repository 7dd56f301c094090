// bench/run planes --gpu: losses of planes on WebGPU against our own kernels on one thread of the CPU, on the same points, in one run.
// Without a GPU Chromium's software adapter is measured, and says nothing about real ones.
//   node bench/gpu_planes.mjs [--hardware]
import path from 'node:path';

import { chromium } from 'playwright-core';

import { kChromium, kSwitches, root, serve } from '../tests/e2e/harness.mjs';
import { make_page } from '../tests/shaders/files.mjs';

const adapter = process.argv.includes('--hardware') ? [] : ['--use-webgpu-adapter=swiftshader'];
const browser = await chromium.launch({
  executablePath: kChromium,
  args: [...kSwitches, '--enable-unsafe-webgpu', ...adapter],
  ignoreDefaultArgs: ['--disable-gpu'],
});
const folder = path.join(root, 'build', 'test-results', 'shaders-bench');
await make_page(folder);
const server = await serve(folder);
const page = await browser.newPage();
await page.exposeFunction('say', (line) => console.log(line));
await page.goto(`${server.url}?speed of planes`);
await page.evaluate(() => window.finished);
await browser.close();
server.stop();
process.exit(0);
