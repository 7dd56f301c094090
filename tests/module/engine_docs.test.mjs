// The examples of docs/ENGINE_API.md run as they stand there.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { createEngine } from '../../build/site/engine/chainrule-engine.js';

const kImport = "import { createEngine } from './engine/chainrule-engine.js';\n";
const text = await readFile(new URL('../../docs/ENGINE_API.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/^```js\n(.*?)^```/gms)].map((found) => found[1]);

async function printed(example) {
  assert.ok(example.startsWith(kImport));
  const lines = [];
  const run = Object.getPrototypeOf(async () => {}).constructor('createEngine', 'console', example.slice(kImport.length));
  await run(createEngine, { log: (...values) => lines.push(values) });
  return lines;
}

test('the page has its three examples', () => assert.equal(examples.length, 3));

test('a matrix product', async () => assert.deepEqual([...(await printed(examples[0]))[0][0]], [19, 22, 43, 50]));

test('XOR is learned', async () => {
  const [[first, last], [probabilities]] = await printed(examples[1]);
  assert.ok(first > 0.6 && first < 1 && last < 0.05, `${first}, ${last}`);
  assert.ok(probabilities[1] > 0.9, `${probabilities}`);
});

test('LeNet answers with probabilities', async () => {
  const [[probabilities]] = await printed(examples[2]);
  assert.equal(probabilities.length, 10);
  assert.ok(Math.abs(probabilities.reduce((a, b) => a + b) - 1) < 1e-5);
});

test('the names in the page are the engine\'s', async () => {
  const { names } = await createEngine();
  for (const list of Object.values(names)) for (const name of list) assert.ok(text.includes(`\`${name}\``), `${name} is not documented`);
});
