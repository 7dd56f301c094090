// A small server for static files: node tools/serve.mjs [FOLDER]   (default build/site; PORT and HOST from the environment)
// With --check-port it serves nothing and only says, by its exit code and a sentence, whether the port can be had.
// It sends what a careful host would: right types, compressed twins, a strict Content-Security-Policy, and the isolation
// headers that threads need. It is for this machine; any static web server can host the site.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const kTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wgsl': 'text/wgsl; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.ttf': 'font/ttf',
  '.otf': 'font/otf',
  '.gz': 'application/gzip',
  '.webmanifest': 'application/manifest+json',
};

export const kHeaders = {
  // Everything comes from the site itself; WebAssembly may compile, text may not become code.
  'Content-Security-Policy':
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; worker-src 'self'; " +
    "object-src 'none'; base-uri 'self'; frame-ancestors 'self'",
  // Together these isolate the page, which is what SharedArrayBuffer (threads) asks for.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  // A rebuilt file is seen at the next load; an unchanged one costs a 304.
  'Cache-Control': 'no-cache',
};

/** The file inside `root` that a request path names, or null when there is none (or it lies outside). */
async function find_file(root, request_path) {
  let name;
  try {
    name = decodeURIComponent(request_path);
  } catch {
    return null;
  }
  if (name.includes('\0') || name.includes('\\')) return null;
  if (name.endsWith('/')) name += 'index.html';
  try {
    // realpath resolves '..' and links, so the comparison holds for what is really read.
    const file = await realpath(path.join(root, name));
    if (file !== root && !file.startsWith(root + path.sep)) return null;
    const info = await stat(file);
    return info.isFile() ? { file, info } : null;
  } catch {
    return null;
  }
}

/** The compressed twin of a file, when it exists and is no older than the file. */
async function find_twin({ file, info }) {
  if (file.endsWith('.gz')) return null; // these are content, not an encoding of it
  try {
    const twin = await stat(`${file}.gz`);
    return twin.isFile() && twin.mtimeMs >= info.mtimeMs ? { file: `${file}.gz`, info: twin } : null;
  } catch {
    return null;
  }
}

function accepts_gzip(request) {
  return (request.headers['accept-encoding'] ?? '')
    .split(',')
    .some((part) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(part));
}

const etags = new Map(); // file -> {stamp, etag}: hashing a file once is enough until it changes

async function etag_of({ file, info }) {
  const stamp = `${info.mtimeMs} ${info.size}`;
  const known = etags.get(file);
  if (known?.stamp === stamp) return known.etag;
  const etag = `"${createHash('sha256').update(await readFile(file)).digest('base64url').slice(0, 22)}"`;
  etags.set(file, { stamp, etag });
  return etag;
}

async function answer(root, request, response) {
  const fail = (status, text) => {
    response.writeHead(status, { ...kHeaders, 'Content-Type': 'text/plain; charset=utf-8' });
    response.end(request.method === 'HEAD' ? undefined : `${text}\n`);
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return fail(405, 'Only GET and HEAD are answered here.');
  }
  const request_path = request.url.split(/[?#]/, 1)[0];
  if (!request_path.startsWith('/')) return fail(400, 'That is not a path.');
  const found = await find_file(root, request_path);
  if (!found) return fail(404, 'There is no such file.');
  const twin = await find_twin(found);
  const encoded = twin !== null && accepts_gzip(request);
  const sent = encoded ? twin : found;
  const headers = {
    ...kHeaders,
    'Content-Type': kTypes[path.extname(found.file).toLowerCase()] ?? 'application/octet-stream',
    ETag: await etag_of(sent),
  };
  if (twin) headers.Vary = 'Accept-Encoding';
  if (encoded) headers['Content-Encoding'] = 'gzip';
  const known = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known.includes(headers.ETag)) {
    response.writeHead(304, headers);
    return response.end();
  }
  headers['Content-Length'] = sent.info.size;
  response.writeHead(200, headers);
  if (request.method === 'HEAD') return response.end();
  createReadStream(sent.file)
    .on('error', () => response.destroy())
    .pipe(response);
}

/** Starts serving `folder`; resolves to the http.Server once it listens. */
export async function serve(folder, port, host = '127.0.0.1') {
  const root = await realpath(folder);
  const server = http.createServer((request, response) => {
    answer(root, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500, kHeaders);
      response.end();
    });
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

async function main() {
  const check = process.argv[2] === '--check-port';
  const folder = check ? '.' : (process.argv[2] ?? fileURLToPath(new URL('../build/site', import.meta.url)));
  const text = process.env.PORT || '8000';
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) stop(`PORT must be a number from 0 to 65535, not '${text}'.`);
  const host = process.env.HOST || '127.0.0.1';
  try {
    const server = await serve(folder, port, host);
    if (check) return server.close();
    const shown = host.includes(':') ? `[${host}]` : host;
    console.log(`Chainrule is at http://${shown}:${server.address().port}/   (Ctrl+C stops it)`);
  } catch (error) {
    const other = port < 65535 ? port + 1 : 8000;
    if (error.code === 'EADDRINUSE') stop(`Port ${port} is taken by another program; choose another one: PORT=${other} ./run`);
    if (error.code === 'EACCES') stop(`Port ${port} may not be opened by this user; choose one above 1023: PORT=${other} ./run`);
    if (error.code === 'ENOENT') stop(`There is no folder ${folder} to serve; ./run build makes the site.`);
    stop(`The server could not start: ${error.message}`);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(await realpath(process.argv[1])).href) await main();
