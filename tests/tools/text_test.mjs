// The words and the German table: files that the build reads. `node --test tests/tools`
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const read = (name) => readFile(path.join(root, name), 'utf8');

async function sources(folders, ending) {
  const files = [];
  for (const folder of folders)
    for (const name of await readdir(path.join(root, folder), { recursive: true })) if (ending.test(name)) files.push(`${folder}/${name}`);
  return Promise.all(files.map(async (name) => ({ name, text: await read(name) })));
}

async function table() {
  const blocks = (await read('web/text/de.txt')).trimEnd().split('\n\n').map((block) => block.split('\n'));
  for (const block of blocks) assert.equal(block.length, 2, `a block of de.txt is no pair: ${block.join(' | ')}`);
  assert.equal(new Set(blocks.map(([english]) => english)).size, blocks.length, 'a text stands in de.txt twice');
  return new Map(blocks);
}

const placeholders = (text) => [...text.matchAll(/\{\d\}/g)].map((found) => found[0]).sort().join(' ');
const unescaped = (text) => text.replace(/\\(["'\\])/g, '$1');

test('every text that goes through tr() is in de.txt, and with the same values', async () => {
  const german = await table();
  for (const [english, foreign] of german) assert.equal(placeholders(foreign), placeholders(english), english);
  const missing = [];
  for (const { name, text } of await sources(['web'], /\.(cpp|h|js)$/)) {
    if (name.endsWith('text/tr.h')) continue;
    for (const [, , literal] of text.matchAll(/\btr\(\s*(["'])((?:\\.|(?!\1).)*)\1/g)) if (!german.has(unescaped(literal))) missing.push(`${name}: ${literal}`);
  }
  const page = await read('index.html');
  const marked = [...page.matchAll(/<[^>]*\sdata-tr>([^<]*)</g), ...page.matchAll(/data-tr-label aria-label="([^"]*)"/g)];
  assert.ok(marked.length > 10);
  for (const [, text] of marked) {
    const key = text.trim().replace(/\s+/g, ' ');
    if (!german.has(key)) missing.push(`index.html: ${key}`);
  }
  assert.deepEqual(missing, []);
});

// What the program puts together from pieces is in the table as one sentence: its words still have to be somewhere.
test('every text of de.txt is one that the program says', async () => {
  const files = [...await sources(['web', 'engine'], /\.(cpp|h|def|js|inl)$/), { text: await read('index.html') }];
  const everything = files.map(({ text }) => text).join('\n').replace(/"\s*\n\s*"/g, '').replace(/\\(["'])/g, '$1').replace(/\s+/g, ' ');
  const unused = [];
  for (const english of (await table()).keys()) {
    for (const word of english.replace(/\{\d\}/g, ' ').match(/[\p{L}][\p{L}-]*/gu) ?? []) {
      if (!everything.includes(word) && !everything.includes(word.replace(/s$/, ''))) unused.push(`${english}: ${word}`);
    }
  }
  assert.deepEqual(unused, []);
});

test('words with raw HTML, without a field, or with a foreign link are refused', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'words-'));
  const fields = '---\ntitle: A\nsummary: B\ntopic: C\ndecks: 000\n---\n';
  const convert = async (text) => {
    const file = path.join(folder, 'a.en.md');
    await writeFile(file, text);
    const program = 'import sys, pathlib; sys.path.insert(0, sys.argv[1]); import words; print(words.to_html(pathlib.Path(sys.argv[2])))';
    return execFileSync('/usr/bin/python3', ['-c', program, path.join(root, 'tools'), file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  };
  assert.match(await convert(`${fields}## Why\n\n[Go](#/a?v=1), 5 × 5, \`a<b\`\n`), /<h2>Why<\/h2>[^]*href="#\/a\?v=1"[^]*5\u00a0×\u00a05/);
  await assert.rejects(convert(`${fields}A <script>x</script>\n`), /raw HTML/);
  await assert.rejects(convert(`${fields}[Go](https://example.org)\n`), /links to https/);
  await assert.rejects(convert(fields.replace('topic: C\n', '')), /has no topic/);
  await assert.rejects(convert('No fields'), /does not begin/);
});
