// The engine as an ES module, as a program of somebody else uses it: from build/site, in node.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createEngine } from '../../build/site/engine/chainrule-engine.js';
import { filled, golden_batch } from './support/formula.mjs';
import { read_golden } from './support/golden.mjs';

const engine = await createEngine();

const kLenet = [
  { type: 'conv', maps: 20, kernel: 5, activation: 'relu' }, { type: 'max-pool', window: 2 },
  { type: 'conv', maps: 50, kernel: 5, activation: 'relu' }, { type: 'max-pool', window: 2 },
  { type: 'dense', units: 500, activation: 'relu' }, { type: 'dense', units: 10 },
];
const kMlp = [{ type: 'dense', units: 128, activation: 'relu' }, { type: 'dense', units: 10 }];

const close = (got, wanted, tolerance, what) => {
  assert.equal(got.length, wanted.length, what);
  wanted.forEach((value, i) => assert.ok(Math.abs(got[i] - value) <= tolerance, `${what} [${i}]: ${got[i]}, not ${value}`));
};

test('matmul by hand, each transposition', () => {
  // [1 2; 3 4; 5 6] · [7 8 9; 10 11 12] = [27 30 33; 61 68 75; 95 106 117]
  const [a, b, c] = [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12], [27, 30, 33, 61, 68, 75, 95, 106, 117]];
  const [a_turned, b_turned] = [[1, 3, 5, 2, 4, 6], [7, 10, 8, 11, 9, 12]];
  const sizes = { m: 3, n: 3, k: 2 };
  assert.deepEqual([...engine.matmul(a, b, sizes)], c);
  assert.deepEqual([...engine.matmul(a_turned, b, { ...sizes, transposeA: true })], c);
  assert.deepEqual([...engine.matmul(a, b_turned, { ...sizes, transposeB: true })], c);
  assert.deepEqual([...engine.matmul(a_turned, b_turned, { ...sizes, transposeA: true, transposeB: true })], c);
  const out = new Float32Array(9);
  assert.equal(engine.matmul(a, b, { ...sizes, out }), out);
  assert.deepEqual([...out], c);
});

test('conv2d of the lecture: deck 000', () => {
  const x = [3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1];
  const { values, shape } = engine.conv2d(x, [0, 1, 2, 2, 2, 0, 0, 1, 2], { shape: [1, 1, 5, 5], kernel: [1, 1, 3, 3] });
  assert.deepEqual(shape, [1, 1, 3, 3]);
  assert.deepEqual([...values], [12, 12, 17, 10, 17, 19, 9, 6, 14]);
});

test('conv2d against the sum written out: channels, stride, padding, dilation', () => {
  const [n, c, h, w, k, r] = [2, 3, 9, 7, 4, 3];
  const [x, kernels] = [filled(1, n * c * h * w, 1), filled(2, k * c * r * r, 1)];
  for (const [stride, pad, dilation] of [[1, 0, 1], [2, 1, 1], [1, 2, 2], [3, 2, 1]]) {
    const { values, shape } = engine.conv2d(x, kernels, { shape: [n, c, h, w], kernel: [k, c, r, r], stride, pad, dilation });
    const wanted = [];
    for (let i = 0; i < n; ++i) for (let map = 0; map < k; ++map) for (let p = 0; p < shape[2]; ++p) for (let q = 0; q < shape[3]; ++q) {
      let sum = 0;
      for (let channel = 0; channel < c; ++channel) for (let a = 0; a < r; ++a) for (let b = 0; b < r; ++b) {
        const [row, column] = [p * stride + a * dilation - pad, q * stride + b * dilation - pad];
        if (row < 0 || row >= h || column < 0 || column >= w) continue;
        sum += x[((i * c + channel) * h + row) * w + column] * kernels[((map * c + channel) * r + a) * r + b];
      }
      wanted.push(sum);
    }
    close(values, wanted, 2e-6, `stride ${stride}, pad ${pad}, dilation ${dilation}`);
  }
});

test('one step of backpropagation of the lecture: deck 003', () => {
  const layers = [{ type: 'dense', units: 2, activation: 'logistic', bias: false }, { type: 'dense', units: 1, activation: 'logistic', bias: false }];
  const net = engine.network({ input: 2, layers, loss: 'squared-error', batch: 1, optimizer: { name: 'sgd', lr: 1 } });
  net.setWeights('fc1.w', [0.14, 0.19, 0.24, 0.29]);
  net.setWeights('fc2.w', [0.35, 0.40]);
  const losses = net.train([0.05, 0.10], [0.10]);
  close(losses, [0.122119055770], 3e-8, 'E');
  close(net.tensor('fc1.net').values, [0.026, 0.041], 1e-8, 'net of h');
  close(net.tensor('fc2.out').values, [0.594204523997], 1e-7, 'out');
  close(net.tensor('fc2.w.grad').values, [0.060357189295, 0.060803931789], 1e-8, 'gradients');
  close(net.tensor('fc1.w').values, [0.139478739837, 0.188957479674, 0.239404423742, 0.288808847485], 2e-8, 'w1 to w4');
  close(net.tensor('fc2.w').values, [0.289642810705, 0.339196068211], 3e-8, 'w5 and w6');
  close(net.predict([0.05, 0.10]), [0.579264842144], 1e-7, 'out after the update');
  close(net.train([0.05, 0.10], [0.10]), [0.114847394458], 3e-8, 'E after the update');
  assert.equal(net.step, 2);
});

/** Ten steps of a golden training, whose losses PyTorch computed in double. */
async function golden_training(name, layers, optimizer, seed_of) {
  const golden = await read_golden(`training_${name}`);
  const rates = Object.fromEntries(golden.get('hypers').text.split(' ').map((pair) => [pair.split('=')[0], Number(pair.split('=')[1])]));
  const batch = golden.get('batch').numbers[0];
  const net = engine.network({ input: [1, 28, 28], layers, batch, optimizer: { name: optimizer, ...rates } });
  net.weights().forEach(({ name: weight, values }, i) => net.setWeights(weight, filled(seed_of + i, values.length, golden.get(`${weight}/scale`).numbers[0])));
  const { x, y } = golden_batch(batch);
  const losses = net.train(x, y, { steps: 10 });
  golden.get('losses').numbers.forEach((wanted, i) => assert.ok(Math.abs(losses[i] / wanted - 1) < 1e-4, `loss ${i}: ${losses[i]}, not ${wanted}`));
  assert.ok(losses[9] < 0.6 * losses[0]);
  return net;
}

test("LeNet's ten golden losses", async () => {
  const net = await golden_training('lenet', kLenet, 'momentum', 300);
  assert.equal(net.parameters, 431080);
  net.dispose();
  assert.throws(() => net.predict([0]), /disposed/);
});

test("the MLP's ten golden losses", async () => {
  const net = await golden_training('mlp', kMlp, 'adam', 300);
  assert.equal(net.parameters, 101770);
});

test("arrays in the engine's memory give what copied ones give, also after it has grown", () => {
  const [a, b] = [filled(1, 40 * 30, 1), filled(2, 30 * 20, 1)];
  const sizes = { m: 40, n: 20, k: 30 };
  const [inside_a, inside_b, out] = [engine.array(a.length), engine.array(b.length), engine.array(800)];
  inside_a.set(a), inside_b.set(b);
  const wanted = engine.matmul(a, b, sizes);
  assert.equal(engine.matmul(inside_a, inside_b, { ...sizes, out }), out);
  assert.deepEqual([...out], [...wanted]);
  const large = engine.array(20 << 20); // 80 MB: the memory grows
  assert.deepEqual([...engine.matmul(inside_a, inside_b, sizes)], [...wanted]);
  assert.deepEqual([...engine.conv2d(inside_a, [2], { shape: [1, 1, 40, 30], kernel: [1, 1, 1, 1] }).values], [...a].map((value) => 2 * value));
  for (const array of [inside_a, inside_b, out, large]) engine.release(array);
  assert.throws(() => engine.release(new Float32Array(3)), /that array\(\) of this engine gave/);
});

test('softmax: (2, 1, 0.1)', () => {
  const net = engine.network({ input: 3, layers: [{ type: 'dense', units: 3, bias: false }], batch: 1 });
  net.setWeights('fc1.w', [1, 0, 0, 0, 1, 0, 0, 0, 1]);
  close(net.predict([2, 1, 0.1]), [0.659001, 0.242433, 0.098566], 1e-6, 'probabilities');
  close(net.train([2, 1, 0.1], [0]), [0.417030], 1e-6, 'cross-entropy');
});

test('answers do not depend on how many samples are asked for at once', () => {
  const net = engine.network({ input: [1, 28, 28], layers: kLenet, batch: 4 });
  const x = filled(9, 300 * 784, 1);
  const all = net.predict(x);
  for (const i of [0, 1, 255, 256, 299]) assert.deepEqual(net.predict(x.subarray(784 * i, 784 * (i + 1))), all.slice(10 * i, 10 * i + 10), `sample ${i}`);
});

test('the order of samples: in turn, or each epoch anew, and always the same for a seed', () => {
  // Weight and rate 0: the loss of a batch of one is half the target's square, and tells which sample it was.
  const drawn = (shuffle, seed) => {
    const net = engine.network({ input: 1, layers: [{ type: 'dense', units: 1, bias: false, initializer: 'constant', initialValue: 0 }],
      loss: 'squared-error', batch: 1, optimizer: { name: 'sgd', lr: 0 }, seed });
    const y = Float32Array.from({ length: 8 }, (_, i) => i + 1);
    return [...net.train(new Float32Array(8), y, { epochs: 2, shuffle })].map((loss) => Math.round(Math.sqrt(2 * loss)));
  };
  assert.deepEqual(drawn(false, 1), [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8]);
  const order = drawn(true, 1);
  for (const epoch of [order.slice(0, 8), order.slice(8)]) assert.deepEqual(epoch.toSorted((a, b) => a - b), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.notDeepEqual(order.slice(0, 8), order.slice(8));
  assert.deepEqual(drawn(true, 1), order);
  assert.notDeepEqual(drawn(true, 2), order);
});

test('threads share the work and change no number', async () => {
  const shared = await createEngine({ threads: 2 });
  assert.equal(shared.threads, 2);
  const [a, b] = [filled(1, 300 * 300, 1), filled(2, 300 * 300, 1)];
  const sizes = { m: 300, n: 300, k: 300 };
  const { x, y } = golden_batch(32);
  const run = (on) => {
    const net = on.network({ input: [1, 28, 28], layers: kLenet, batch: 32, optimizer: { name: 'momentum', lr: 0.01 } });
    return [net.train(x, y, { steps: 4 }), net.tensor('conv2.w').values, net.predict(x)];
  };
  const wanted = [engine.matmul(a, b, sizes), ...run(engine)];
  for (let time = 0; time < 5; ++time) { // the second thread comes up on the way
    assert.deepEqual([shared.matmul(a, b, sizes), ...run(shared)], wanted);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await assert.rejects(createEngine({ threads: 9 }), /^Error: threads is 9; it has to be a whole number from 1 to 8\.$/);
});

test('restart gives the same weights again, and another seed others', () => {
  const net = engine.network({ input: 4, layers: [{ type: 'dense', units: 3 }], seed: 5 });
  const first = net.tensor('fc1.w').values;
  net.train(filled(1, 128, 1), new Float32Array(32), { steps: 3 });
  assert.notDeepEqual(net.tensor('fc1.w').values, first);
  net.restart(5);
  assert.deepEqual(net.tensor('fc1.w').values, first);
  assert.equal(net.step, 0);
  net.restart(6);
  assert.notDeepEqual(net.tensor('fc1.w').values, first);
});

test('divergence stops the training and names the number', () => {
  const net = engine.network({ input: 1, layers: [{ type: 'dense', units: 1 }], loss: 'squared-error', batch: 1, optimizer: { name: 'sgd', lr: 1e9 } });
  assert.equal(net.divergence, null);
  const losses = net.train([1], [1], { steps: 100 });
  assert.ok(losses.length < 100);
  assert.match(net.divergence, /diverged at step \d+: element 0 of /);
});

test('memory does not grow with steps and calls', () => {
  const net = engine.network({ input: 2, layers: [{ type: 'dense', units: 4, activation: 'tanh' }, { type: 'dense', units: 1 }], loss: 'squared-error', batch: 10 });
  const [x, y] = [filled(1, 2000, 1), filled(2, 1000, 1)];
  net.train(x, y, { steps: 1000 });
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 300; ++i) net.train(x, y, { steps: 100 });
  globalThis.gc?.();
  assert.ok(process.memoryUsage().arrayBuffers - before < 2e6, `${process.memoryUsage().arrayBuffers - before} bytes more`);
});

test('wrong arguments: a sentence with value, limit and remedy', () => {
  const layers = [{ type: 'dense', units: 10 }];
  const wrong = [
    [() => engine.matmul([1], [2], { m: 2, n: 1, k: 1 }), /^a has 1 numbers; it has to have 2 \(m·k = 2·1\)\.$/],
    [() => engine.matmul([1], [2], { m: 0, n: 1, k: 1 }), /^m is 0; it has to be a whole number from 1 to 1048576\.$/],
    [() => engine.matmul('x', [2], { m: 1, n: 1, k: 1 }), /^a is 'String'; it has to be a Float32Array/],
    [() => engine.conv2d([1], [1], { shape: [1, 1, 1, 1], kernel: [1, 1, 2, 2] }), /reaches over 2 pixels does not fit into 1/],
    [() => engine.network({ input: 4, layers, los: 'x' }), /^A network has no 'los'; it has input, layers/],
    [() => engine.network({ input: 4, layers, loss: 'x' }), /^The loss is 'x'; there are: cross-entropy, /],
    [() => engine.network({ input: 4, layers: [] }), /has no layer\. Give it at least one/],
    [() => engine.network({ input: [1, 2], layers }), /has 2 axes; it is \[features\] or \[channels, height, width\]/],
    [() => engine.network({ input: 4, layers: [{ type: 'dense', units: 10, kernels: 3 }] }), /^A layer has no 'kernels'/],
    [() => engine.network({ input: 4, layers: [{ type: 'conv', maps: 1, kernel: 3 }] }), /^Layer conv1 needs pictures, and gets 4 numbers/],
    [() => engine.network({ input: [1, 4, 4], layers: [{ type: 'conv', maps: 1, kernel: 5 }] }), /^The window of conv1 reaches over 5 pixels/],
    [() => engine.network({ input: 4, layers: [{ type: 'dense', units: 2, name: 'a' }, { type: 'dense', units: 2, name: 'a' }] }), /^The name a is taken/],
    [() => engine.network({ input: 4, layers: [{ type: 'dense', units: 1 }] }), /^Cross-entropy compares classes/],
    [() => engine.network({ input: 1 << 20, layers: [{ type: 'dense', units: 1 << 20 }] }), /needs \d+ MB for its tensors; 838 MB are there\. Take a smaller batch/],
    [() => engine.network({ input: 4, layers, batch: 0 }), /^batch is 0; it has to be a whole number from 1 to 65536\.$/],
    [() => engine.network({ input: 4, layers, optimizer: { name: 'sgd', momentum: 1 } }), /^There is no hyper 'momentum'; there are: lr\.$/],
    [() => engine.network({ input: 4, layers }).train(new Float32Array(5), [1]), /^x has 5 numbers, which is no whole number of samples of 4\.$/],
    [() => engine.network({ input: 4, layers }).train(new Float32Array(8), [1]), /^y has 1 numbers; it has to have 2/],
    [() => engine.network({ input: 4, layers }).train(new Float32Array(8), [1, 10]), /^Label 1 is 10; labels are whole numbers from 0 to 9/],
    [() => engine.network({ input: 4, layers }).setWeights('fc1.w', [1]), /^values has 1 numbers; it has to have 40 \(fc1\.w is 10·4\)\.$/],
    [() => engine.network({ input: 4, layers }).tensor('fc9.w'), /^There is no tensor 'fc9\.w'; there are: x, target, /],
  ];
  for (const [act, message] of wrong) assert.throws(act, { message }, String(act));
  // Nothing of that has broken the engine.
  assert.deepEqual([...engine.matmul([2], [3], { m: 1, n: 1, k: 1 })], [6]);
});
