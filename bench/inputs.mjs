// The same numbers for every contender: first weights, pictures, points, matrices. All by formula.
import { filled, golden_batch, uniform } from '../tests/module/support/formula.mjs';
import { kNetworks } from './works.mjs';

/** [{ name, shape, values }] in the layout that PyTorch has too: dense [units, inputs], conv [maps, channels, rows, columns]. */
export function weights_of(id) {
  const { input, layers } = kNetworks[id];
  const all = [];
  let [channels, side] = input.length === 3 ? [input[0], input[1]] : [0, 0];
  let width = input.reduce((a, b) => a * b);
  let seed = 300;
  const add = (name, shape) => {
    const size = shape.reduce((a, b) => a * b);
    const fan_in = name.endsWith('.b') ? 256 : size / shape[0];
    all.push({ name, shape, values: filled(seed++, size, 2 ** Math.round(-Math.log2(fan_in) / 2)) });
  };
  const numbers = { conv: 0, dense: 0 };
  for (const { type, maps, kernel, window, units } of layers) {
    if (type === 'conv') {
      const name = `conv${++numbers.conv}`;
      add(`${name}.w`, [maps, channels, kernel, kernel]);
      add(`${name}.b`, [maps]);
      [channels, side] = [maps, side - kernel + 1];
    } else if (type === 'max-pool') {
      side /= window;
    } else {
      const name = `fc${++numbers.dense}`;
      add(`${name}.w`, [units, side > 0 ? channels * side * side : width]);
      add(`${name}.b`, [units]);
      [side, width] = [0, units];
    }
  }
  return all;
}

/** Two batches, which take turns: x [2·batch, inputs], y [2·batch]. */
export function samples_of(id) {
  const { batch, classes } = kNetworks[id];
  if (classes) return golden_batch(2 * batch);
  const x = Float32Array.from({ length: 4 * batch }, (_, i) => 2 * uniform(400, i) - 1);
  // Inside or outside of a circle, as the Playground's first data set.
  return { x, y: Float32Array.from({ length: 2 * batch }, (_, i) => (x[2 * i] ** 2 + x[2 * i + 1] ** 2 < 0.5 ? 1 : -1)) };
}

export const matrix = (seed, size) => filled(seed, size, 1);
