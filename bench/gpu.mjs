// bench/run gpu: our GPU kernels against other libraries' WebGPU backends, on the same adapter in the same browser, one after the
// other, several rounds. Without a GPU Chromium's software adapter is measured, and says nothing about real ones.
//   node bench/gpu.mjs [--hardware] [--rounds N] [--seconds S] [--only WORD]
import path from 'node:path';

import { chromium } from 'playwright-core';

import { kChromium, kSwitches, root, serve } from '../tests/e2e/harness.mjs';
import { make_page } from '../tests/shaders/files.mjs';
import { Rates, figure_in, kGpuPeers, option, rate_of_ours, wanted_works } from './gpu_works.mjs';

const rounds = Number(option('--rounds', 2));
const seconds = Number(option('--seconds', 2));
const hardware = process.argv.includes('--hardware');

const browser = await chromium.launch({
  executablePath: kChromium,
  args: [...kSwitches, '--enable-unsafe-webgpu', ...(hardware ? [] : ['--use-webgpu-adapter=swiftshader'])],
  ignoreDefaultArgs: ['--disable-gpu'],
});
const folder = path.join(root, 'build', 'test-results', 'shaders-bench');
await make_page(folder);
const [ours, whole] = [await serve(folder), await serve(root)];

async function measure_check(name) {
  const page = await browser.newPage();
  let rate = 0;
  await page.exposeFunction('say', (line) => { rate = Math.max(rate, figure_in(line)); });
  await page.goto(`${ours.url}?${name}`);
  await page.evaluate(() => window.finished);
  await page.close();
  return rate;
}

async function measure_peer(work, name) {
  const context = await browser.newContext({ bypassCSP: true, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(`${whole.url}bench/page.html`);
  await page.waitForFunction(() => window.bench);
  const result = await page.evaluate(async ([n, id, s]) => {
    await window.bench.open(n, { threads: 1 });
    return window.bench.run(id, s);
  }, [name, work.id, seconds]).catch((error) => ({ reason: error.message.split('\n')[0] }));
  await context.close();
  if (result.reason) console.log(`${name}, ${work.title}: ${result.reason}`);
  return result.rate?.median ?? 0;
}

const rates = new Rates();
for (const work of wanted_works({ huge: hardware })) {
  for (let round = 0; round < rounds; ++round) {
    rates.add(work, 'ours', await rate_of_ours(work, hardware, measure_check));
    for (const peer of kGpuPeers) rates.add(work, peer, await measure_peer(work, peer));
  }
  console.log(rates.row(work, kGpuPeers));
}
await browser.close();
ours.stop();
whole.stop();
process.exit(0);
