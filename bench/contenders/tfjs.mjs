// TensorFlow.js with one of its backends. Its pictures are rows, columns, channels.
import { matrix, samples_of, weights_of } from '../inputs.mjs';
import { kNetworks, work_of } from '../works.mjs';
import { dense_after_pictures, run_script, transposed } from './support.mjs';

export async function open_tfjs(backend, prepare) {
  await run_script('@tensorflow/tfjs/dist/tf.min.js', 'tf');
  const { tf } = globalThis;
  await prepare?.(tf);
  if (!(await tf.setBackend(backend))) throw new Error(`its backend ${backend} does not start`);
  await tf.ready();
  return {
    about: tf.version.tfjs,
    make: (id, trial = 3) => {
      const work = work_of(id);
      if (work.trains) return training(tf, id, trial);
      if (id === 'forward') return forward(tf);
      if (id.startsWith('matmul')) return product(tf, work);
      return convolution(tf, work);
    },
  };
}

/** Variables, and logits of a batch. */
function network(tf, id) {
  const weights = {};
  for (const { name, shape, values } of weights_of(id)) {
    if (shape.length === 4) weights[name] = tf.variable(tf.tensor(transposed(values, shape, [2, 3, 1, 0]), [shape[2], shape[3], shape[1], shape[0]]));
    else if (shape.length === 2) weights[name] = tf.variable(tf.tensor(shape[1] === 800 ? dense_after_pictures(values) : values, shape));
    else weights[name] = tf.variable(tf.tensor(values, shape));
  }
  const dense = (x, layer) => tf.matMul(x, weights[`${layer}.w`], false, true).add(weights[`${layer}.b`]);
  const conv = (x, layer) => tf.relu(tf.conv2d(x, weights[`${layer}.w`], 1, 'valid').add(weights[`${layer}.b`]));
  const logits = {
    lenet: (x) => {
      const first = tf.maxPool(conv(x, 'conv1'), 2, 2, 'valid');
      const second = tf.maxPool(conv(first, 'conv2'), 2, 2, 'valid');
      return dense(tf.relu(dense(second.reshape([x.shape[0], 800]), 'fc1')), 'fc2');
    },
    mlp: (x) => dense(tf.relu(dense(x, 'fc1')), 'fc2'),
  }[kNetworks[id].of ?? id] ?? ((x) => ['fc1', 'fc2', 'fc3'].reduce((value, layer) => tf.tanh(dense(value, layer)), x));
  return { logits, variables: Object.values(weights) };
}

function training(tf, id, trial) {
  const { batch, lr, classes, input } = kNetworks[id];
  const { x, y } = samples_of(id);
  const width = input.reduce((a, b) => a * b);
  const shape = input.length === 3 ? [batch, 28, 28, 1] : [batch, width];
  const batches = [0, 1].map((i) => {
    const targets = y.slice(i * batch, (i + 1) * batch);
    return [tf.tensor(x.slice(i * batch * width, (i + 1) * batch * width), shape),
      classes ? tf.oneHot(tf.tensor1d(targets, 'int32'), 10).toFloat() : tf.tensor(targets, [batch, 1])];
  });
  const loss_of = (logits, target) => (classes ? tf.losses.softmaxCrossEntropy(target, logits) : tf.mean(tf.square(logits.sub(target)).sum(1).mul(0.5)));
  const fresh = () => {
    const { logits, variables } = network(tf, id);
    const optimizer = tf.train.sgd(lr);
    let step = 0;
    return () => {
      const [inputs, targets] = batches[step++ % 2];
      return optimizer.minimize(() => loss_of(logits(inputs), targets), true, variables);
    };
  };
  const first = fresh();
  const losses = Array.from({ length: trial }, () => first().dataSync()[0]);
  const next = fresh();
  return { amount: batch, losses, run: () => next().dispose() };
}

function forward(tf) {
  const { logits } = network(tf, 'lenet');
  const x = tf.tensor(samples_of('lenet').x.slice(0, 784), [1, 28, 28, 1]);
  return { amount: 1, run: () => { tf.tidy(() => tf.softmax(logits(x))).dataSync(); } };
}

function product(tf, work) {
  const [a, b] = [1, 2].map((seed) => tf.tensor(matrix(seed, work.size ** 2), [work.size, work.size]));
  return { amount: work.amount, run: () => tf.matMul(a, b).dispose() };
}

function convolution(tf, work) {
  const { n, c, h, k, r, pad } = work.sizes;
  const x = tf.tensor(matrix(3, n * c * h * h), [n, h, h, c]);
  const w = tf.tensor(matrix(4, k * c * r * r), [r, r, c, k]);
  const convolve = (pictures, kernels) => tf.conv2d(pictures, kernels, 1, pad > 0 ? 'same' : 'valid');
  if (!work.gradients) return { amount: work.amount, run: () => convolve(x, w).dispose() };
  const gradients = tf.grads(convolve);
  const dy = tf.tidy(() => convolve(x, w));
  return { amount: work.amount, run: () => tf.dispose(gradients([x, w], dy)) };
}
