// Downloads with their real progress, and errors that name the file.

export class DownloadError extends Error {
  constructor(file, reason) {
    super(`${file} could not be loaded: ${reason}.`);
    this.file = file;
    this.reason = reason;
  }
}

let listed = ''; // files.json as it was when the page was loaded

/** The name of the build that this page is of, "" when it cannot be known: the start of its list's SHA-256. */
export async function listedBuild() {
  if (listed === '' || !crypto.subtle) return '';
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(listed)));
  return [...digest.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The sizes of the site's files, or none when their list is not there: progress then goes by what servers announce. */
export async function loadSizes() {
  try {
    const response = await fetch('files.json');
    if (!response.ok) return {};
    const text = await response.text();
    listed ||= text;
    const files = JSON.parse(text);
    return Object.fromEntries(Object.entries(files).map(([name, { bytes }]) => [name, bytes]));
  } catch {
    return {};
  }
}

/** Adds up several downloads. report(received, total), in bytes. */
export class Progress {
  constructor(files, report) {
    this.received = new Map(files.map((file) => [file, 0]));
    this.expected = new Map(files.map((file) => [file, 0]));
    this.report = report;
  }

  expect(sizes) {
    for (const file of this.expected.keys()) {
      if (sizes[file]) this.expected.set(file, sizes[file]);
    }
    this.tell();
  }

  update(file, received, announced) {
    this.received.set(file, received);
    if (!this.expected.get(file) && announced) this.expected.set(file, announced);
    this.tell();
  }

  tell() {
    const sum = (numbers) => [...numbers].reduce((a, b) => a + b, 0);
    const received = sum(this.received.values());
    this.report(received, Math.max(received, sum(this.expected.values())));
  }
}

// What goes wrong in `act` names the file, but for a download that was called off.
async function naming(file, act) {
  try {
    return await act();
  } catch (error) {
    if (error instanceof DownloadError || error.name === 'AbortError') throw error;
    throw new DownloadError(file, error.message.replace(/\.$/, ''));
  }
}

async function answer(file, signal) {
  const response = await fetch(file, { signal });
  if (!response.ok) throw new DownloadError(file, `the server answered ${response.status} ${response.statusText}`.trim());
  return response;
}

async function readAll(file, response, progress) {
  const announced = response.headers.has('Content-Encoding') ? 0 : Number(response.headers.get('Content-Length') ?? 0);
  const reader = response.body.getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
    progress?.update(file, size, announced);
  }
  return join(parts, size);
}

/** The bytes of one file. Throws DownloadError, or the AbortError of `signal`. */
export function fetchBytes(file, { progress, signal } = {}) {
  return naming(file, async () => readAll(file, await answer(file, signal), progress));
}

/**
 * A WebAssembly.Module, compiled while it downloads. Where that cannot be (an old browser, a server that does not say
 * application/wasm) it is compiled when all of it is there. Throws DownloadError, or the error of the compiler.
 */
export async function fetchModule(file, { progress } = {}) {
  const response = await naming(file, () => answer(file));
  const counted = response.clone(); // the response itself goes to the compiler: browsers keep what they compiled by its address
  const compiled = Promise.resolve(WebAssembly.compileStreaming?.(response) ?? null).catch(() => null);
  const bytes = await naming(file, () => readAll(file, counted, progress));
  return (await compiled) ?? WebAssembly.compile(bytes);
}

function join(parts, size) {
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Unpacks gzip. Some servers send .gz files as an encoding, and the browser has unpacked them already. */
export async function gunzip(bytes, name) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new DownloadError(name, 'it is not a complete gzip file');
  }
}
