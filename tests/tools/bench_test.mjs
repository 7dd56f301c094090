// bench/: the arithmetic around the measurements, and that every contender gets the same numbers.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { transposed } from '../../bench/contenders/support.mjs';
import { samples_of, weights_of } from '../../bench/inputs.mjs';
import { measure, summary } from '../../bench/measure.mjs';
import { loss_differences, table_text } from '../../bench/report.mjs';
import { kNetworks, kWorks } from '../../bench/works.mjs';

test('the median, and the middle 80 %', () => {
  assert.deepEqual(summary([5, 1, 4, 2, 3, 9, 8, 7, 6, 10]), { median: 6, low: 2, high: 10, samples: 10 });
});

test('a rate is amount over time, whatever a call takes', async () => {
  const busy = (milliseconds) => { for (const end = performance.now() + milliseconds; performance.now() < end;); };
  const { median, samples } = await measure(() => busy(5), 10, 0.2);
  assert.ok(median > 200 && median <= 2000.5, `${median} in ${samples} samples`); // 10 in 5 ms, and what else the machine does
});

test('weights of a network: as many as it has parameters, each set once', () => {
  const count = (id) => weights_of(id).reduce((sum, { values }) => sum + values.length, 0);
  assert.equal(count('lenet'), 431080);
  assert.equal(count('mlp'), 101770);
  assert.equal(count('small-10'), 2 * 4 + 4 + 4 * 2 + 2 + 2 + 1);
  for (const { shape, values } of weights_of('lenet')) assert.equal(shape.reduce((a, b) => a * b), values.length);
  for (const [id, { batch, input }] of Object.entries(kNetworks)) {
    const { x, y } = samples_of(id);
    assert.equal(x.length, 2 * batch * input.reduce((a, b) => a * b));
    assert.equal(y.length, 2 * batch);
  }
});

test('axes change places', () => {
  // [[0 1 2], [3 4 5]] turned is [[0 3], [1 4], [2 5]].
  assert.deepEqual([...transposed(Float32Array.of(0, 1, 2, 3, 4, 5), [2, 3], [1, 0])], [0, 3, 1, 4, 2, 5]);
  const [n, c, h, w] = [2, 3, 4, 5];
  const values = Float32Array.from({ length: n * c * h * w }, (_, i) => i);
  const turned = transposed(values, [n, c, h, w], [0, 2, 3, 1]);
  assert.equal(turned[((1 * h + 2) * w + 3) * c + 1], values[((1 * c + 1) * h + 2) * w + 3]);
});

const rate = (median) => ({ median, low: 0.9 * median, high: 1.2 * median, samples: 9 });
const report = {
  chromium: '1', node: '2', peaks: { native: 60e9, node: 57e9, chromium: 28.5e9 }, goal_scale: 0.5, works: kWorks.filter(({ id }) => id === 'lenet' || id === 'forward'),
  results: [
    { work: 'lenet', contender: 'chainrule, Chromium', threads: 1, rate: rate(1150), losses: [2, 1] },
    { work: 'lenet', contender: 'Other', threads: 1, rate: rate(100), losses: [2, 1.001] },
    { work: 'lenet', contender: 'Third', threads: 2, reason: 'it does not train' },
    { work: 'forward', contender: 'chainrule, Chromium', threads: 2, rate: rate(0.24) },
    { work: 'forward', contender: 'Other', threads: 1, rate: rate(0.48) },
  ],
  starts: { app: rate(900) }, frames: { ...rate(3), p95: 7.5, images_per_second: 1800 }, sizes: { engine: 135000 }, losses: [],
};

test('the table: goals scaled by the peak, ratios, and why something is missing', () => {
  const text = table_text(report);
  assert.match(text, /train LeNet, batch 32\s+chainrule, Chromium\s+1,150\s+-10…\+20 %\s+images\/s\s+100 % of 1,150/);
  assert.match(text, /train LeNet, batch 32\s+Other\s+100\s+.*11\.5×/);
  assert.match(text, /LeNet forward, one image\s+chainrule, Chromium, 2 threads\s+0\.240\s+.*100 % of 0\.240/);
  assert.match(text, /LeNet forward, one image\s+Other\s+0\.480\s+.*2\.00×/);
  assert.match(text, /train LeNet, batch 32\s+Third, 2 threads\s+—/);
  assert.match(text, /— means: not done, because\n {2}Third, lenet: it does not train/);
  assert.match(text, /app: its first frame\s+900/);
  assert.match(text, /1,800 images\/s in the app\), a frame costs .* 3\.00 ms at the median, and 95 of 100 less than 7\.50 ms/);
});

test('losses are compared with ours', () => {
  const [only, ...more] = loss_differences(report.results);
  assert.equal(more.length, 0);
  assert.equal(only.contender, 'Other');
  assert.ok(Math.abs(only.difference - 0.001) < 1e-9);
});
