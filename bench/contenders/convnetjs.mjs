// ConvNetJS, in plain JavaScript. Its pictures are rows, columns, channels; it learns sample by sample and updates once a batch.
import { matrix, samples_of, weights_of } from '../inputs.mjs';
import { kNetworks, work_of } from '../works.mjs';
import { cannot, dense_after_pictures, run_script, transposed } from './support.mjs';

export async function open() {
  await run_script('convnetjs/build/convnet-min.js');
  const { convnetjs } = globalThis;
  return {
    make: (id, trial = 3) => {
      const work = work_of(id);
      if (work.trains) return training(convnetjs, id, trial);
      if (id === 'forward') return forward(convnetjs);
      if (id.startsWith('conv')) return convolution(convnetjs, work);
      return cannot('it has no matrix product');
    },
  };
}

/** Layer by layer, because makeLayers puts a dense layer of its own before a regression. */
function network(convnetjs, id) {
  const net = new convnetjs.Net();
  const add = (Layer, options) => {
    const before = net.layers.at(-1);
    net.layers.push(new Layer({ in_sx: before?.out_sx, in_sy: before?.out_sy, in_depth: before?.out_depth, ...options }));
    return net.layers.at(-1);
  };
  const { input, layers, classes } = kNetworks[id];
  const weights = weights_of(id);
  const set = (layer) => {
    const [{ shape, values }, { values: bias }] = weights.splice(0, 2);
    let filters = values;
    if (shape.length === 4) filters = transposed(values, shape, [0, 2, 3, 1]);
    if (shape[1] === 800) filters = dense_after_pictures(values);
    const size = values.length / shape[0];
    layer.filters.forEach((filter, k) => filter.w.set(filters.subarray(k * size, (k + 1) * size)));
    layer.biases.w.set(bias);
  };
  add(convnetjs.InputLayer, input.length === 3 ? { out_sx: 28, out_sy: 28, out_depth: 1 } : { out_sx: 1, out_sy: 1, out_depth: input[0] });
  for (const { type, maps, kernel, window, units, activation } of layers) {
    if (type === 'conv') set(add(convnetjs.ConvLayer, { sx: kernel, filters: maps, stride: 1, pad: 0 }));
    if (type === 'max-pool') add(convnetjs.PoolLayer, { sx: window, stride: window });
    if (type === 'dense') set(add(convnetjs.FullyConnLayer, { num_neurons: units }));
    if (activation === 'relu') add(convnetjs.ReluLayer, {});
    if (activation === 'tanh') add(convnetjs.TanhLayer, {});
  }
  add(classes ? convnetjs.SoftmaxLayer : convnetjs.RegressionLayer, {});
  return net;
}

function volume(convnetjs, values, input) {
  const made = input.length === 3 ? new convnetjs.Vol(28, 28, 1, 0) : new convnetjs.Vol(1, 1, values.length, 0);
  made.w.set(values);
  return made;
}

function training(convnetjs, id, trial) {
  const { batch, lr, classes, input } = kNetworks[id];
  const { x, y } = samples_of(id);
  const width = input.reduce((a, b) => a * b);
  const samples = Array.from(y, (target, i) => [volume(convnetjs, x.subarray(i * width, (i + 1) * width), input), classes ? target : [target]]);
  const fresh = () => {
    const trainer = new convnetjs.Trainer(network(convnetjs, id), { method: 'sgd', learning_rate: lr, momentum: 0, batch_size: batch, l2_decay: 0 });
    let next = 0;
    return () => {
      let sum = 0;
      for (let i = 0; i < batch; ++i) sum += trainer.train(...samples[next++ % samples.length]).cost_loss;
      // It reports 2·(y − t)² where its gradient is that of ½·(y − t)².
      return sum / batch / (classes ? 1 : 4);
    };
  };
  const first = fresh();
  const losses = Array.from({ length: trial }, first);
  return { amount: batch, losses, run: fresh() };
}

function forward(convnetjs) {
  const net = network(convnetjs, 'lenet');
  const x = volume(convnetjs, samples_of('lenet').x.subarray(0, 784), [1, 28, 28]);
  return { amount: 1, run: () => { net.forward(x, false); } };
}

function convolution(convnetjs, work) {
  const { n, c, h, k, r, pad } = work.sizes;
  const layer = new convnetjs.ConvLayer({ in_sx: h, in_sy: h, in_depth: c, sx: r, filters: k, stride: 1, pad });
  const x = new convnetjs.Vol(h, h, c, 0);
  x.w.set(matrix(3, c * h * h));
  return { amount: work.amount, run: () => { for (let i = 0; i < n; ++i) layer.forward(x, false); } };
}
