// Our engine, as anybody imports it, in node and in pages.
import { createEngine } from '../../build/site/engine/chainrule-engine.js';
import { matrix, samples_of, weights_of } from '../inputs.mjs';
import { kNetworks, work_of } from '../works.mjs';

/** { threads, make(id, trial), peak() }; make answers with { amount, run, losses of `trial` steps } and throws where it cannot. */
export async function open({ threads = 1 } = {}) {
  const engine = await createEngine({ threads });
  const inside = (values) => {
    const array = engine.array(values.length);
    array.set(values);
    return array;
  };
  return {
    threads: engine.threads,
    peak: () => engine.multiplyAddPeak(1),
    make: (id, trial = 3) => {
      const work = work_of(id);
      if (work.trains) return training(engine, inside, id, trial);
      if (id === 'forward') return forward(engine, inside);
      if (id.startsWith('matmul')) return product(engine, inside, work);
      return convolution(engine, inside, work);
    },
  };
}

function network(engine, id) {
  const { input, layers, batch, lr, classes } = kNetworks[id];
  const net = engine.network({ input, layers, batch, loss: classes ? 'cross-entropy' : 'squared-error', optimizer: { name: 'sgd', lr } });
  for (const { name, values } of weights_of(id)) net.setWeights(name, values);
  return net;
}

function training(engine, inside, id, trial_steps) {
  const { batch } = kNetworks[id];
  const { x, y } = samples_of(id);
  const [xs, ys] = [inside(x), inside(y)];
  const trial = network(engine, id);
  const losses = [...trial.train(xs, ys, { steps: trial_steps })];
  trial.dispose();
  const net = network(engine, id);
  const steps = { lenet: 4, 'lenet-256': 1, mlp: 100, 'mlp-256': 20, 'small-10': 20000, 'small-500': 1000 }[id];
  return { amount: steps * batch, losses, run: () => net.train(xs, ys, { steps }) };
}

function forward(engine, inside) {
  const net = network(engine, 'lenet');
  const x = inside(samples_of('lenet').x.subarray(0, 784));
  const out = inside(new Float32Array(10));
  net.predict(x, { out });
  return { amount: 1, run: () => net.predict(x, { out }) };
}

function product(engine, inside, work) {
  const { size } = work;
  const [a, b, out] = [inside(matrix(1, size * size)), inside(matrix(2, size * size)), engine.array(size * size)];
  return { amount: work.amount, run: () => engine.matmul(a, b, { m: size, n: size, k: size, out }) };
}

function convolution(engine, inside, work) {
  const { n, c, h, k, r, pad } = work.sizes;
  const p = h + 2 * pad - r + 1;
  const [x, w, out] = [inside(matrix(3, n * c * h * h)), inside(matrix(4, k * c * r * r)), engine.array(n * k * p * p)];
  return { amount: work.amount, run: () => engine.conv2d(x, w, { shape: [n, c, h, h], kernel: [k, c, r, r], pad, out }) };
}
