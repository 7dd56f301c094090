// brain.js, in plain JavaScript: dense layers with one activation for all, which it updates after each sample.
import { samples_of } from '../inputs.mjs';
import { kNetworks } from '../works.mjs';
import { cannot, run_script } from './support.mjs';

export async function open() {
  await run_script('brain.js/browser.js');
  return { make: (id) => (id.startsWith('small') ? training(globalThis.brain, id) : cannot(kReasons[id] ?? 'it has no such operation')) };
}

const kReasons = { lenet: 'it has no convolutions', forward: 'it has no convolutions', mlp: 'it has no softmax' };

// It draws its own weights and makes an update a sample: its losses cannot be compared.
function training(brain, id) {
  const { batch, lr } = kNetworks[id];
  const { x, y } = samples_of(id);
  const samples = Array.from(y, (target, i) => ({ input: [x[2 * i], x[2 * i + 1]], output: [target] }));
  const net = new brain.NeuralNetwork({ hiddenLayers: [4, 2], activation: 'tanh', learningRate: lr });
  const iterations = Math.ceil(2000 / batch);
  const train = () => net.train(samples, { iterations, errorThresh: 1e-12, learningRate: lr, momentum: 1e-12 });
  train();
  return { amount: iterations * samples.length, run: () => { train(); } };
}
