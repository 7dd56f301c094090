// Images a second while npm's convnetjs trains deck 002's LeNet: the same layers, batch 32, SGD with momentum.
// Prints one line of JSON, as train_bench does.
import { createRequire } from 'node:module';

const convnetjs = createRequire(import.meta.url)('convnetjs');
const kBatch = 32;
const kSeconds = 6;

const net = new convnetjs.Net();
net.makeLayers([
  { type: 'input', out_sx: 28, out_sy: 28, out_depth: 1 },
  { type: 'conv', sx: 5, filters: 20, stride: 1, pad: 0, activation: 'relu' },
  { type: 'pool', sx: 2, stride: 2 },
  { type: 'conv', sx: 5, filters: 50, stride: 1, pad: 0, activation: 'relu' },
  { type: 'pool', sx: 2, stride: 2 },
  { type: 'fc', num_neurons: 500, activation: 'relu' },
  { type: 'softmax', num_classes: 10 },
]);
const trainer = new convnetjs.Trainer(net, { method: 'sgd', learning_rate: 0.01, momentum: 0.9, batch_size: kBatch, l2_decay: 0 });

const digits = Array.from({ length: 64 }, (_, i) => {
  const volume = new convnetjs.Vol(28, 28, 1, 0);
  for (let p = 0; p < 784; ++p) volume.w[p] = ((p * 31 + i * 17) % 255) / 255;
  return volume;
});
const train = (images) => {
  for (let i = 0; i < images; ++i) trainer.train(digits[i % digits.length], i % 10);
};
train(kBatch);
const begin = performance.now();
let images = 0;
while (performance.now() - begin < 1000 * kSeconds) {
  train(kBatch);
  images += kBatch;
}
console.log(JSON.stringify({ network: 'lenet', images_per_second: (1000 * images) / (performance.now() - begin) }));
