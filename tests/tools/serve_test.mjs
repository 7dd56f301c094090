// tools/serve.mjs: types, headers, compressed twins, paths that try to escape, a taken port.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { serve } from '../../tools/serve.mjs';

const kScript = fileURLToPath(new URL('../../tools/serve.mjs', import.meta.url));
const kWasm = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
let scratch, server, port;

before(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'serve-test-'));
  const site = path.join(scratch, 'site');
  await mkdir(path.join(site, 'data'), { recursive: true });
  await mkdir(path.join(scratch, 'site-secret'));
  await writeFile(path.join(scratch, 'secret.txt'), 'secret');
  await writeFile(path.join(scratch, 'site-secret', 'secret.txt'), 'secret');
  await writeFile(path.join(site, 'index.html'), '<!doctype html>home');
  await writeFile(path.join(site, 'chainrule.wasm'), kWasm);
  await writeFile(path.join(site, 'chainrule.wasm.gz'), gzipSync(kWasm));
  await writeFile(path.join(site, 'boot.js'), 'new');
  await writeFile(path.join(site, 'boot.js.gz'), gzipSync('old'));
  await utimes(path.join(site, 'boot.js.gz'), 1000, 1000); // a twin older than its file says something else
  await writeFile(path.join(site, 'data', 'digits.idx3.gz'), gzipSync('digits'));
  await symlink(path.join(scratch, 'secret.txt'), path.join(site, 'link.txt'));
  server = await serve(site, 0);
  port = server.address().port;
});

after(async () => {
  server.close();
  await rm(scratch, { recursive: true });
});

/** One raw request: nothing tidies the path or unpacks the body. */
function get(request_path, headers = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path: request_path, method, headers, agent: false }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    });
    request.on('error', reject);
    request.end();
  });
}

/** Runs the script as ./run does; resolves to its exit code and what it said. */
function run_script(args, environment) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [kScript, ...args], { env: { ...process.env, ...environment } });
    let text = '';
    child.stdout.on('data', (part) => (text += part));
    child.stderr.on('data', (part) => (text += part));
    child.on('close', (code) => resolve({ code, text }));
  });
}

test('a folder answers with its index.html', async () => {
  const { status, headers, body } = await get('/');
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(body.toString(), '<!doctype html>home');
});

test('every answer isolates the page and forbids foreign code', async () => {
  for (const request_path of ['/', '/chainrule.wasm', '/nothing']) {
    const { headers } = await get(request_path);
    const policy = headers['content-security-policy'];
    assert.match(policy, /default-src 'self';/);
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
    assert.doesNotMatch(policy, /'unsafe-(eval|inline)'/);
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    assert.equal(headers['cross-origin-embedder-policy'], 'require-corp');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cache-control'], 'no-cache');
  }
});

test('types that browsers insist on', async () => {
  assert.equal((await get('/chainrule.wasm')).headers['content-type'], 'application/wasm');
  assert.equal((await get('/boot.js')).headers['content-type'], 'text/javascript; charset=utf-8');
});

test('the compressed twin goes to whoever accepts it, and to nobody else', async () => {
  const packed = await get('/chainrule.wasm', { 'Accept-Encoding': 'br, gzip' });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.equal(packed.headers['content-type'], 'application/wasm');
  assert.equal(packed.headers.vary, 'Accept-Encoding');
  assert.deepEqual(gunzipSync(packed.body), kWasm);
  for (const accepted of [{}, { 'Accept-Encoding': 'br' }, { 'Accept-Encoding': 'gzip;q=0' }]) {
    const plain = await get('/chainrule.wasm', accepted);
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.deepEqual(plain.body, kWasm);
  }
});

test('a twin older than its file is not sent', async () => {
  const { headers, body } = await get('/boot.js', { 'Accept-Encoding': 'gzip' });
  assert.equal(headers['content-encoding'], undefined);
  assert.equal(body.toString(), 'new');
});

test('a file that is itself .gz arrives as it is', async () => {
  const { headers, body } = await get('/data/digits.idx3.gz', { 'Accept-Encoding': 'gzip' });
  assert.equal(headers['content-type'], 'application/gzip');
  assert.equal(headers['content-encoding'], undefined);
  assert.equal(gunzipSync(body).toString(), 'digits');
});

test('an unchanged file costs a 304', async () => {
  const first = await get('/chainrule.wasm');
  const again = await get('/chainrule.wasm', { 'If-None-Match': first.headers.etag });
  assert.equal(again.status, 304);
  assert.equal(again.body.length, 0);
  const packed = await get('/chainrule.wasm', { 'Accept-Encoding': 'gzip', 'If-None-Match': first.headers.etag });
  assert.equal(packed.status, 200, 'the two encodings are different bytes, so they have different tags');
});

test('HEAD answers without a body, other methods are refused', async () => {
  const head = await get('/chainrule.wasm', {}, 'HEAD');
  assert.equal(head.status, 200);
  assert.equal(head.headers['content-length'], String(kWasm.length));
  assert.equal(head.body.length, 0);
  assert.equal((await get('/', {}, 'POST')).status, 405);
});

test('no path leads out of the site', async () => {
  const attempts = [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/data/../../secret.txt',
    '/../site-secret/secret.txt',
    '/..%5csecret.txt',
    '/link.txt',
    '//secret.txt',
    '/%00',
    '/%',
    '/data',
  ];
  for (const attempt of attempts) {
    const { status, body } = await get(attempt);
    assert.equal(status, 404, attempt);
    assert.doesNotMatch(body.toString(), /^secret/, attempt);
  }
});

test('a taken port is one sentence with the port and the remedy', async () => {
  const blocker = net.createServer();
  await new Promise((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  const taken = String(blocker.address().port);
  for (const args of [[path.join(scratch, 'site')], ['--check-port']]) {
    const { code, text } = await run_script(args, { PORT: taken });
    assert.equal(code, 1);
    assert.match(text, new RegExp(`^Port ${taken} is taken[^\\n]*PORT=\\d+ \\./run\\n$`));
  }
  blocker.close();
});

test('a free port passes the check, a nonsense one does not', async () => {
  assert.equal((await run_script(['--check-port'], { PORT: '0' })).code, 0);
  const { code, text } = await run_script(['--check-port'], { PORT: 'eight' });
  assert.equal(code, 1);
  assert.match(text, /PORT must be a number/);
});

test('a missing site says how to make one', async () => {
  const { code, text } = await run_script([path.join(scratch, 'none')], { PORT: '0' });
  assert.equal(code, 1);
  assert.match(text, /\.\/run build/);
});
