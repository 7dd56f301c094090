// bench/run gpu: our GPU kernels against other libraries' WebGPU backends, on the same adapter in the same browser, one after the
// other, several rounds. Without a GPU Chromium's software adapter is measured, and says nothing about real ones.
//   node bench/gpu.mjs [--hardware] [--rounds N]
import path from 'node:path';

import { chromium } from 'playwright-core';

import { kChromium, kSwitches, root, serve } from '../tests/e2e/harness.mjs';
import { make_page } from '../tests/shaders/files.mjs';
import { summary } from './measure.mjs';

const kWorks = [
  { id: 'lenet', title: 'train LeNet, batch 32', unit: 'images/s', ours: 'speed of training lenet 32,', figure: /([\d.]+) images\/s/ },
  { id: 'mlp', title: 'train MLP, batch 32', unit: 'images/s', ours: 'speed of training mlp 32,', figure: /([\d.]+) images\/s/ },
  { id: 'matmul-512', title: 'matmul 512', unit: 'GFLOP/s', ours: 'speed of matmul 512,', figure: /([\d.]+) GFLOP\/s/ },
];
const kPeers = ['jax-webgpu', 'tfjs-webgpu'];
const option = (name, otherwise) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise);
const rounds = Number(option('--rounds', 2));
const adapter = process.argv.includes('--hardware') ? [] : ['--use-webgpu-adapter=swiftshader'];

const browser = await chromium.launch({
  executablePath: kChromium,
  args: [...kSwitches, '--enable-unsafe-webgpu', ...adapter],
  ignoreDefaultArgs: ['--disable-gpu'],
});
const folder = path.join(root, 'build', 'test-results', 'shaders');
await make_page(folder);
const [ours, whole] = [await serve(folder), await serve(root)];

/** The better of our two forms of sums, which is what the app takes. */
async function measure_ours(work) {
  const page = await browser.newPage();
  const figures = [];
  await page.exposeFunction('say', (line) => figures.push(Number(work.figure.exec(line)?.[1] ?? 0)));
  await page.goto(`${ours.url}?${work.ours}`);
  await page.evaluate(() => window.finished);
  await page.close();
  return Math.max(0, ...figures);
}

async function measure_peer(work, name) {
  const context = await browser.newContext({ bypassCSP: true, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(`${whole.url}bench/page.html`);
  await page.waitForFunction(() => window.bench);
  const result = await page.evaluate(async ([n, id]) => {
    await window.bench.open(n, { threads: 1 });
    return window.bench.run(id, 2);
  }, [name, work.id]).catch((error) => ({ reason: error.message.split('\n')[0] }));
  await context.close();
  if (result.reason) console.log(`${name}, ${work.title}: ${result.reason}`);
  return result.rate?.median ?? 0;
}

const figures = new Map();
const add = (work, name, rate) => figures.set(`${work.id} ${name}`, [...(figures.get(`${work.id} ${name}`) ?? []), rate]);
for (let round = 0; round < rounds; ++round) {
  for (const work of kWorks) {
    add(work, 'ours', await measure_ours(work));
    for (const peer of kPeers) add(work, peer, await measure_peer(work, peer));
  }
}
for (const work of kWorks) {
  const median = (name) => summary(figures.get(`${work.id} ${name}`)).median;
  const peers = kPeers.map((peer) => `${peer} ${median(peer).toFixed(1)} (${median(peer) > 0 ? (median('ours') / median(peer)).toFixed(1) : '-'}x)`);
  console.log(`${work.title.padEnd(24)} ours ${median('ours').toFixed(1)} ${work.unit}; ${peers.join(', ')}`);
}
await browser.close();
ours.stop();
whole.stop();
process.exit(0);
