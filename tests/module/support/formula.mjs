// Numbers that are made by formula, here as in tools/make_goldens.py: weights and pictures that need no file.

/** In [0, 1), a multiple of 2^-24: tools/make_goldens.py has the same formula. */
export function uniform(seed, index) {
  let x = (Math.imul(index, 2654435761) + Math.imul(seed, 40503) + 12345) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return ((x ^ (x >>> 16)) >>> 8) / 16777216;
}

/** In [-scale, scale). */
export const filled = (seed, count, scale) => Float32Array.from({ length: count }, (_, i) => (2 * uniform(seed, i) - 1) * scale);

/** The golden trainings' one batch: noise with a bright stripe whose place tells the class. */
export function golden_batch(batch) {
  const x = Float32Array.from({ length: batch * 784 }, (_, i) => uniform(200, i) * 0.25);
  const y = Float32Array.from({ length: batch }, (_, n) => (7 * n + 3) % 10);
  y.forEach((label, n) => {
    for (let i = 0; i < 3 * 28; ++i) x[n * 784 + (2 * label + 3) * 28 + i] += 0.5;
  });
  return { x, y };
}
