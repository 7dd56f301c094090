// End-to-end tests in Chromium: `node tests/e2e/run.mjs [WORD ...]`. Prints `N passed, N failed` last.
import { launch, serve } from './harness.mjs';
import * as face from './face.mjs';
import * as failure from './failure.mjs';
import * as firefox from './firefox.mjs';
import * as lenet from './lenet_mnist.mjs';
import * as offline from './offline.mjs';
import * as page from './page.mjs';
import * as session from './session.mjs';
import * as twin from './twin.mjs';
import * as words from './words.mjs';
import * as computing_graph from './computing_graph.mjs';
import * as kernels from './kernels.mjs';
import * as tape from './tape.mjs';
import * as canvas_b from './canvas_b.mjs';
import * as gradients from './gradients.mjs';
import * as inside_lenet from './inside_lenet.mjs';
import * as race from './race.mjs';
import * as loss_plane from './loss_plane.mjs';
import * as batch_noise from './batch_noise.mjs';
import * as fit_a_line from './fit_a_line.mjs';
import * as schedules from './schedules.mjs';
import * as gpu from './gpu.mjs';
import * as gpu_plane from './gpu_plane.mjs';
import * as script_api from './script_api.mjs';
import * as bench from './bench.mjs';

const suites = {
  page, face, script_api, lenet, session, failure, offline, firefox, twin, words,
  tape, computing_graph, gradients,
  canvas_b, kernels, inside_lenet,
  race,
  loss_plane,
  fit_a_line, batch_noise,
  schedules,
  bench,
  gpu, gpu_plane,
};
const wanted = process.argv.slice(2);
const waiting = Object.entries(suites)
  .flatMap(([suite, tests]) => Object.entries(tests).map(([name, test]) => ({ name: `${suite}.${name}`, test })))
  .filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));

const server = await serve();
let passed = 0;
let failed = 0;

const again = []; // tests that failed beside another

async function run_one(entry, browser, alone) {
  const { name, test } = entry;
  const start = Date.now();
  let timer;
  try {
    await Promise.race([
      test(browser, server.url),
      new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('no end after 240 s')), 240000); }),
    ]);
    ++passed;
    console.log(`ok      ${name}  ${Date.now() - start} ms`);
  } catch (error) {
    if (alone) ++failed;
    else again.push(entry);
    console.log(`${alone ? 'FAILED' : 'again '}  ${name}  ${Date.now() - start} ms\n        ${error.stack ?? error}`);
  }
  clearTimeout(timer);
  for (const context of browser.contexts()) await context.close();
}

async function lane(tests, alone) {
  const browser = await launch();
  while (tests.length > 0) await run_one(tests.shift(), browser, alone);
  await browser.close();
}
// Two tests at a time, each in a browser of its own: much of a test is waiting. Where drawing in software keeps every core busy a
// finger may rest too long, so what fails runs again by itself, and that counts.
await Promise.all([lane(waiting, false), lane(waiting, false)]);
if (again.length > 0) await lane(again, true);
server.stop();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
