// onnxruntime-web on its WebAssembly backend: it runs models, and does not train them.
import { matrix, samples_of, weights_of } from '../inputs.mjs';
import { work_of } from '../works.mjs';
import { model, node, tensor } from './onnx_model.mjs';
import { cannot, package_url } from './support.mjs';

export async function open({ threads }) {
  const ort = await import(package_url('onnxruntime-web/dist/ort.wasm.min.mjs'));
  ort.env.wasm.wasmPaths = package_url('onnxruntime-web/dist/');
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  const run_of = async (bytes, feeds, amount) => {
    const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
    const inputs = Object.fromEntries(Object.entries(feeds).map(([name, [values, shape]]) => [name, new ort.Tensor('float32', values, shape)]));
    return { amount, run: () => session.run(inputs), done: () => session.release() };
  };
  return {
    threads,
    make: (id) => {
      const work = work_of(id);
      if (work.trains) return cannot('it does not train');
      if (id === 'forward') return lenet(run_of);
      if (id.startsWith('matmul')) return product(run_of, work);
      return convolution(run_of, work);
    },
  };
}

function lenet(run_of) {
  const weights = weights_of('lenet');
  const dense = (input, layer, output) => node('Gemm', [input, `${layer}.w`, `${layer}.b`], output, { transB: 1 });
  const pool = (input, output) => node('MaxPool', [input], output, { kernel_shape: [2, 2], strides: [2, 2] });
  const conv = (input, layer, output) => node('Conv', [input, `${layer}.w`, `${layer}.b`], output);
  const bytes = model([
    conv('x', 'conv1', 'c1'), node('Relu', ['c1'], 'r1'), pool('r1', 'p1'), conv('p1', 'conv2', 'c2'), node('Relu', ['c2'], 'r2'), pool('r2', 'p2'),
    node('Flatten', ['p2'], 'f'), dense('f', 'fc1', 'd1'), node('Relu', ['d1'], 'r3'), dense('r3', 'fc2', 'd2'), node('Softmax', ['d2'], 'y'),
  ], weights.map(({ name, shape, values }) => tensor(name, shape, values)), [['x', [1, 1, 28, 28]]], [['y', [1, 10]]]);
  return run_of(bytes, { x: [samples_of('lenet').x.slice(0, 784), [1, 1, 28, 28]] }, 1);
}

function product(run_of, work) {
  const sizes = [512, 512];
  const bytes = model([node('MatMul', ['a', 'b'], 'c')], [], [['a', sizes], ['b', sizes]], [['c', sizes]]);
  return run_of(bytes, { a: [matrix(1, 512 * 512), sizes], b: [matrix(2, 512 * 512), sizes] }, work.amount);
}

function convolution(run_of, work) {
  const { n, c, h, k, r, pad } = work.sizes;
  const p = h + 2 * pad - r + 1;
  const bytes = model([node('Conv', ['x', 'w'], 'y', { pads: [pad, pad, pad, pad] })], [tensor('w', [k, c, r, r], matrix(4, k * c * r * r))],
    [['x', [n, c, h, h]]], [['y', [n, k, p, p]]]);
  return run_of(bytes, { x: [matrix(3, n * c * h * h), [n, c, h, h]] }, work.amount);
}
