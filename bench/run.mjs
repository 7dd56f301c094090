// The conductor of bench/run: measures every work with every contender, work by work, so that what else the machine does in
// the meantime hits all alike; prints one table, and writes JSON where it is asked to.
//   node bench/run.mjs [--peers] [--json FILE] [--seconds S] [--only WORD]
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

import { root } from '../tests/e2e/harness.mjs';
import { start_chromium } from './chromium.mjs';
import { summary } from './measure.mjs';
import { kPeers } from './peers.mjs';
import { loss_differences, table_text } from './report.mjs';
import { kGoalPeak, kWorks } from './works.mjs';

const { values: options } = parseArgs({ options: {
  peers: { type: 'boolean', default: false }, json: { type: 'string' }, seconds: { type: 'string', default: '1' }, only: { type: 'string', default: '' },
} });
const seconds = Number(options.seconds);
const works = kWorks.filter((work) => work.id.includes(options.only));
const results = []; // { work, contender, threads, rate, losses, reason }
const note = (text) => process.stderr.write(`${text}\n`);

function lines_of(command, ...args) {
  const ended = spawnSync(command, args, { cwd: root, encoding: 'utf8', timeout: 600_000, maxBuffer: 1 << 24 });
  if (ended.status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${ended.stderr}`);
  return ended.stdout.trim().split('\n').map((line) => JSON.parse(line));
}

const node_lines = (threads, ...what) => lines_of(process.execPath, 'bench/node.mjs', seconds, threads, ...what);

function measure_native(threads) {
  note(`native, ${threads} thread(s)`);
  const lines = lines_of('build/native-release/bench/works_bench', seconds, threads);
  for (const { id, rate } of lines) {
    if (works.some((work) => work.id === id && work.threads.includes(threads))) results.push({ work: id, contender: 'chainrule, native', threads, rate });
  }
  return lines.find(({ id }) => id === 'peak').rate.median * 1e9;
}

function measure_node(threads) {
  note(`node, ${threads} thread(s)`);
  const ids = works.filter((work) => work.threads.includes(threads)).map((work) => work.id);
  const [opened, ...lines] = node_lines(threads, ...ids);
  if (opened.threads !== threads) return opened;
  for (const { id, ...line } of lines) results.push({ work: id, contender: 'chainrule, node', threads, ...line });
  return opened;
}

/** Contenders that stay open through all works: [{ title, threads, run }]. */
async function open_contenders(chromium) {
  const wanted = [1, 2].map((threads) => ({ name: 'chainrule', title: 'chainrule, Chromium', threads }));
  if (options.peers) wanted.push(...kPeers);
  const open = [];
  for (const { name, title, threads, only } of wanted) {
    note(`opening ${title}`);
    try {
      const contender = await chromium.contender(name, threads);
      if (name === 'chainrule' && contender.threads !== threads) await contender.close();
      else open.push({ ...contender, title, threads: contender.threads, ours: name === 'chainrule', name, only });
    } catch (error) {
      results.push({ work: '*', contender: title, threads, reason: error.message.split('\n')[0] });
    }
  }
  return open;
}

async function measure_chromium(chromium) {
  const contenders = await open_contenders(chromium);
  const peak = await contenders[0].peak();
  for (const work of works) {
    for (const { title, threads, run, ours } of contenders) {
      if (ours && !work.threads.includes(threads)) continue;
      note(`${work.title}: ${title}, ${threads} thread(s)`);
      results.push({ work: work.id, contender: title, threads, ...(await run(work.id, seconds)) });
    }
  }
  const sizes = {};
  for (const { title, files } of contenders) sizes[title] ??= await compressed_size(await files());
  for (const { close } of contenders) await close();
  return { peak, sizes };
}

async function compressed_size(files) {
  let bytes = 0;
  for (const file of new Set(files)) {
    try {
      bytes += gzipSync(await readFile(path.join(root, decodeURIComponent(file)))).length;
    } catch {
      // made by the page itself: a blob
    }
  }
  return bytes;
}

async function repeated(times, act) {
  const values = [];
  for (let i = 0; i < times; ++i) values.push(await act());
  return summary(values);
}

async function measure_starts(chromium) {
  note('starts');
  const starts = { app: await repeated(5, () => chromium.app_start()) };
  starts['chainrule, node'] = await repeated(5, () => node_lines(1, 'first-step')[0].milliseconds);
  const names = [['chainrule', 'chainrule, Chromium'], ...(options.peers ? [...new Map(kPeers.map((peer) => [peer.name, peer.title]))] : [])];
  for (const [name, title] of names) {
    try {
      starts[title] = await repeated(5, () => chromium.first_step(name));
    } catch (error) {
      note(`${title}: ${error.message.split('\n')[0]}`);
    }
  }
  return starts;
}

/** PyTorch, natively: a process of its own. */
function measure_pytorch(threads) {
  note(`PyTorch, ${threads} thread(s)`);
  try {
    const lines = lines_of('/usr/bin/python3', 'bench/contenders/pytorch.py', seconds, threads, ...works.map((work) => work.id));
    for (const { id, ...line } of lines) results.push({ work: id, contender: 'PyTorch, native', threads, ...line });
  } catch (error) {
    results.push({ work: '*', contender: 'PyTorch, native', threads, reason: error.message.split('\n')[0] });
  }
}

async function measure_frames(chromium) {
  note('frames while LeNet trains');
  const { milliseconds, images_per_second } = await chromium.frames_while_training(Math.max(3, 5 * seconds));
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return { ...summary(milliseconds), p95: sorted[Math.floor(0.95 * sorted.length)], images_per_second };
}

async function site_sizes() {
  const size = async (file) => (await readFile(path.join(root, 'build/site', `${file}.gz`))).length;
  return { 'app: chainrule.wasm': await size('chainrule.wasm'), 'engine module: engine-core.wasm': await size('engine/engine-core.wasm') };
}

const native_peak = measure_native(1);
measure_native(2);
const node = measure_node(1);
measure_node(2);
const chromium = await start_chromium();
const { peak, sizes } = await measure_chromium(chromium);
const starts = await measure_starts(chromium);
const frames = await measure_frames(chromium);
await chromium.close();
if (options.peers) for (const threads of [1, 2]) measure_pytorch(threads);
const report = {
  date: new Date().toISOString(), chromium: chromium.version, node: process.version, seconds,
  peaks: { native: native_peak, node: node.peak, chromium: peak }, goal_scale: peak / kGoalPeak,
  works: works.map(({ id, title, unit, goal }) => ({ id, title, unit, goal })), results, starts, frames, sizes: { ...(await site_sizes()), ...sizes },
  losses: loss_differences(results),
};
console.log(table_text(report));
if (options.json) await writeFile(options.json, `${JSON.stringify(report, null, 1)}\n`);
process.exit(0);
