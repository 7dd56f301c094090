// The checks in node, on Dawn from the npm package `webgpu`, where that is installed and a Vulkan driver is there:
//   node tests/shaders/node.mjs [WORD]
// WEBGPU_PACKAGE names the folder of the package where it lies elsewhere.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { program_folder, read_digits } from './files.mjs';
import { runChecks } from './driver.mjs';

const place = process.env.WEBGPU_PACKAGE;
const { create, globals } = await import(place ? pathToFileURL(path.join(place, 'index.js')).href : 'webgpu');
Object.assign(globalThis, globals);
const { default: createTests } = await import(pathToFileURL(path.join(program_folder, 'gpu_tests.js')).href);
let passed = 0, failed = 0;
const end = await runChecks(createTests, {
  word: process.argv[2] ?? '',
  gpu: create([]),
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
