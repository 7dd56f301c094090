// End-to-end tests in Chromium: `node tests/e2e/run.mjs [NAME ...]`. Prints `N passed, N failed` last.
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
  gpu,
};
const wanted = process.argv.slice(2);

const server = await serve();
const browser = await launch();
let passed = 0;
let failed = 0;
for (const [suite, tests] of Object.entries(suites)) {
  for (const [name, test] of Object.entries(tests)) {
    if (wanted.length > 0 && !wanted.some((word) => `${suite}.${name}`.includes(word))) continue;
    const start = Date.now();
    try {
      await Promise.race([
        test(browser, server.url),
        new Promise((_, reject) => setTimeout(() => reject(new Error('no end after 180 s')), 180000).unref()),
      ]);
      ++passed;
      console.log(`ok      ${suite}.${name}  ${Date.now() - start} ms`);
    } catch (error) {
      ++failed;
      console.log(`FAILED  ${suite}.${name}  ${Date.now() - start} ms\n        ${error.stack ?? error}`);
    }
    for (const context of browser.contexts()) await context.close();
  }
}
await browser.close();
server.stop();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
