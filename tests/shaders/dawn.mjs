// WebGPU in node: Dawn from the npm package `webgpu`, installed beside bench/contenders or where WEBGPU_PACKAGE says.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

/** As a browser has it, globals and navigator.gpu; the latter is also the answer. */
export async function use_dawn() {
  const place = process.env.WEBGPU_PACKAGE ?? path.join(root, 'bench', 'contenders', 'node_modules', 'webgpu');
  if (!existsSync(place)) throw new Error(`the npm package webgpu is not in ${place}`);
  const { create, globals } = await import(pathToFileURL(path.join(place, 'index.js')).href);
  Object.assign(globalThis, globals);
  const gpu = create([]);
  const { hardwareConcurrency = 2 } = globalThis.navigator ?? {}; // node 20 has no navigator
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, hardwareConcurrency, userAgent: 'node' }, configurable: true });
  globalThis.window ??= globalThis; // libraries look for a page
  return gpu;
}
