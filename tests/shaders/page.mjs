// Runs the checks in a page; run.mjs reads window.finished.
import createTests from './gpu_tests.js';
import { runChecks } from './driver.mjs';

async function run() {
  const bytes = new Uint8Array(await (await fetch('digits.bin')).arrayBuffer());
  const count = bytes.length / 785;
  const word = decodeURIComponent(location.search.slice(1));
  return runChecks(createTests, {
    word,
    pixels: bytes.subarray(0, count * 784),
    labels: bytes.subarray(count * 784),
    say: (line) => window.say(line),
  });
}

window.finished = run();
