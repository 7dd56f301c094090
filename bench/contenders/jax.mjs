// jax-js, on its WebAssembly backend unless told otherwise: a training step is one jitted function. It owns what it is given; `.ref` keeps a thing.
import { matrix, samples_of, weights_of } from '../inputs.mjs';
import { kNetworks, work_of } from '../works.mjs';
import { package_url } from './support.mjs';

export async function open({ backend = 'wasm' } = {}) {
  const jax = await import(package_url('@jax-js/jax/dist/index.js'));
  await jax.init(backend);
  jax.defaultDevice(backend);
  return {
    threads: navigator.hardwareConcurrency,
    make: (id, trial = 3) => {
      const work = work_of(id);
      if (work.trains) return training(jax, id, trial);
      if (id === 'forward') return forward(jax);
      if (id.startsWith('matmul')) return product(jax, work);
      return convolution(jax, work);
    },
  };
}

const array = ({ numpy: np }, values, shape) => np.array(Float32Array.from(values)).reshape(shape);

const parameters = (jax, id) => weights_of(id).map(({ values, shape }) => array(jax, values, shape));

/** Logits of a batch; parameters in the order of weights_of. */
function logits_of(jax, id) {
  const { numpy: np, lax, nn } = jax;
  const dense = (x, w, b) => np.dot(x, np.transpose(w)).add(b);
  const conv = (x, w, b, maps) => nn.relu(lax.conv(x, w, [1, 1], 'VALID').add(b.reshape([1, maps, 1, 1])));
  const pool = (x) => {
    const [n, c, h, w] = x.shape;
    return np.max(x.reshape([n, c, h / 2, 2, w / 2, 2]), [3, 5]);
  };
  const network = kNetworks[id].of ?? id;
  if (network === 'lenet') {
    return ([w1, b1, w2, b2, w3, b3, w4, b4], x) => {
      const second = pool(conv(pool(conv(x, w1, b1, 20)), w2, b2, 50));
      return dense(nn.relu(dense(second.reshape([second.shape[0], 800]), w3, b3)), w4, b4);
    };
  }
  if (network === 'mlp') return ([w1, b1, w2, b2], x) => dense(nn.relu(dense(x, w1, b1)), w2, b2);
  return ([w1, b1, w2, b2, w3, b3], x) => np.tanh(dense(np.tanh(dense(np.tanh(dense(x, w1, b1)), w2, b2)), w3, b3));
}

function training(jax, id, trial) {
  const { numpy: np, nn, jit, valueAndGrad } = jax;
  const { batch, lr, classes, input } = kNetworks[id];
  const { x, y } = samples_of(id);
  const width = input.reduce((a, b) => a * b);
  const logits = logits_of(jax, id);
  const loss = (weights, inputs, targets) => {
    const answers = logits(weights, inputs);
    if (classes) return nn.logSoftmax(answers).mul(targets).sum().mul(-1 / batch);
    const difference = answers.sub(targets);
    return np.square(difference).sum().mul(0.5 / batch);
  };
  const step = jit((weights, inputs, targets) => {
    const [value, gradients] = valueAndGrad(loss)(weights.map((weight) => weight.ref), inputs, targets);
    return [value, weights.map((weight, i) => weight.sub(gradients[i].mul(lr)))];
  });
  const batches = [0, 1].map((i) => {
    const labels = y.slice(i * batch, (i + 1) * batch);
    const targets = classes ? Float32Array.from({ length: 10 * batch }, (_, k) => (labels[Math.floor(k / 10)] === k % 10 ? 1 : 0)) : labels;
    return [array(jax, x.slice(i * batch * width, (i + 1) * batch * width), [batch, ...input]), array(jax, targets, [batch, classes ? 10 : 1])];
  });
  const fresh = () => {
    let weights = parameters(jax, id);
    let done = 0;
    return async () => {
      const [inputs, targets] = batches[done++ % 2];
      const [value, next] = step(weights, inputs.ref, targets.ref);
      weights = next;
      return (await value.data())[0]; // computed when it is asked for
    };
  };
  const losses = [];
  return (async () => {
    const first = fresh();
    while (losses.length < trial) losses.push(await first());
    return { amount: batch, losses, run: fresh() };
  })();
}

function forward(jax) {
  const weights = parameters(jax, 'lenet');
  const logits = logits_of(jax, 'lenet');
  const answer = jax.jit((all, x) => jax.nn.softmax(logits(all, x)));
  const x = array(jax, samples_of('lenet').x.slice(0, 784), [1, 1, 28, 28]);
  return { amount: 1, run: () => answer(weights.map((weight) => weight.ref), x.ref).data() };
}

function product(jax, work) {
  const [a, b] = [1, 2].map((seed) => array(jax, matrix(seed, work.size ** 2), [work.size, work.size]));
  const multiply = jax.jit((x, y) => jax.numpy.matmul(x, y));
  return { amount: work.amount, run: () => jax.blockUntilReady(multiply(a.ref, b.ref)).then((c) => c.dispose()) };
}

function convolution(jax, work) {
  const { n, c, h, k, r, pad } = work.sizes;
  const [x, w] = [array(jax, matrix(3, n * c * h * h), [n, c, h, h]), array(jax, matrix(4, k * c * r * r), [k, c, r, r])];
  const forward = (pictures, kernels) => jax.lax.conv(pictures, kernels, [1, 1], pad > 0 ? 'SAME' : 'VALID');
  if (work.gradients) return convolution_both_ways(jax, work, forward, x, w);
  const convolve = jax.jit(forward);
  return { amount: work.amount, run: () => jax.blockUntilReady(convolve(x.ref, w.ref)).then((y) => y.dispose()) };
}

/** The upstream gradient is the output itself, as that of half its squares. */
function convolution_both_ways(jax, work, forward, x, w) {
  const half_squares = (all) => jax.numpy.square(forward(all[0], all[1])).sum().mul(0.5);
  const step = jax.jit((pictures, kernels) => jax.valueAndGrad(half_squares)([pictures, kernels]));
  const run = async () => {
    const [value, gradients] = step(x.ref, w.ref);
    await Promise.all(gradients.map((gradient) => jax.blockUntilReady(gradient)));
    [value, ...gradients].forEach((array) => array.dispose());
  };
  return { amount: work.amount, run };
}
