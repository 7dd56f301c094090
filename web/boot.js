// Starts Chainrule: looks at what the browser can do, loads the files with their real progress, starts the program, and
// says in words what went wrong where something did.
import { createHost } from './host.js';
import { createScriptApi } from './script.js';
import { DownloadError, fetchBytes, fetchModule, gunzip, loadSizes, Progress } from './download.js';
import { showLessonsOnCover } from './pages/cover.js';
import { setTable, tr, translatePage } from './pages/text.js';

const kFonts = [
  'fonts/Inter-Regular.otf',
  'fonts/Inter-SemiBold.otf',
  'fonts/JetBrainsMono-Regular.ttf',
  'fonts/STIXMath-Regular.otf',
  'fonts/DejaVuSans.ttf',
];
const kDigits = [
  'data/mnist-subset-train-images.idx3.gz',
  'data/mnist-subset-train-labels.idx1.gz',
  'data/mnist-subset-test-images.idx3.gz',
  'data/mnist-subset-test-labels.idx1.gz',
];
const kProgram = 'chainrule.wasm';

// (module (func (result v128) i32.const 0 i8x16.splat)), the smallest module that is valid only with 128-bit SIMD.
const kSimdModule = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
]);

const element = (id) => document.getElementById(id);
const canvas = element('canvas');
const log = []; // what the program wrote, for the failure page

function showCover(section) {
  for (const part of document.querySelectorAll('#loading, .failure')) part.hidden = part.id !== section;
  document.body.dataset.state = section === 'loading' ? 'loading' : 'failed';
  if (section !== 'loading') showLessonsOnCover(language);
}

function showFailure(error) {
  const text = String(error?.stack ?? error);
  console.error(error);
  if (error instanceof DownloadError) {
    element('failed-file').textContent = error.file;
    element('failed-reason').textContent = error.reason;
    showCover('failure-download');
  } else if (error instanceof RangeError || /out of memory|could not allocate|Cannot enlarge/i.test(text)) {
    showCover('failure-memory');
  } else {
    element('crash-text').textContent = [...log.slice(-20), text].join('\n');
    showCover('failure-crash');
  }
}

function hasSimd() {
  return typeof WebAssembly === 'object' && WebAssembly.validate(kSimdModule);
}

function hasWebGl2() {
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext(); // browsers allow few at a time
  return context !== null;
}

const arrived = new Map(); // file -> Promise of bytes, or of the compiled program; a retry asks only for what is missing

async function download(file, progress) {
  if (file === kProgram) return fetchModule(file, { progress });
  const bytes = await fetchBytes(file, { progress });
  return file.endsWith('.gz') ? gunzip(bytes, file) : bytes;
}

function load(file, progress) {
  if (!arrived.has(file)) {
    const loading = download(file, progress);
    arrived.set(file, loading);
    loading.catch(() => arrived.delete(file));
  }
  return arrived.get(file);
}

/** The texts of the reader's language; English ones are in the program. */
function tables() {
  return language === 'en' ? [] : [`text/${language}.txt`];
}

// Nothing waits for it: where it does not arrive, the page says so in English.
async function translateCover() {
  for (const file of tables()) setTable(new TextDecoder().decode(await load(file)));
  translatePage(language);
}

async function loadAll() {
  const files = [kProgram, ...kFonts, ...kDigits, ...tables()];
  const bar = element('loading-bar');
  const progress = new Progress(files, (received, total) => {
    bar.value = total > 0 ? received / total : 0;
    const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
    element('loading-text').textContent = tr('Loading {0} of {1} MB', megabytes(received), megabytes(total));
  });
  const sizes = loadSizes().then((known) => progress.expect(known));
  const loads = files.map(async (file) => [file, await load(file, progress)]);
  const script = import('./chainrule.js').catch((cause) => {
    throw new DownloadError('chainrule.js', cause.message);
  });
  const [createChainrule, loaded] = await Promise.all([script, Promise.all(loads), sizes]);
  return { createChainrule: createChainrule.default, loaded: new Map(loaded) };
}

function writeAssets(module, loaded) {
  for (const folder of ['/assets', '/assets/fonts', '/assets/data', '/assets/text']) module.FS.mkdir(folder);
  for (const [file, bytes] of loaded) {
    if (file !== kProgram) module.FS.writeFile(`/assets/${file.replace(/\.gz$/, '')}`, bytes);
  }
}

async function start({ createChainrule, loaded }, host) {
  element('loading-text').textContent = tr('Starting …');
  for (const [file, weight] of [['fonts/Inter-Regular.otf', '400'], ['fonts/Inter-SemiBold.otf', '600']]) {
    document.fonts.add(new FontFace('Inter', loaded.get(file), { weight }));
  }
  const say = (text) => {
    log.push(text);
    console.warn(text);
  };
  const program = loaded.get(kProgram);
  let failed;
  const failure = new Promise((_, reject) => { failed = reject; });
  const module = {
    canvas,
    host,
    instantiateWasm: (imports, receive) => {
      WebAssembly.instantiate(program, imports).then((instance) => receive(instance, program)).catch(failed);
      return {};
    },
    preRun: [(instance) => writeAssets(instance ?? module, loaded)],
    print: (text) => console.log(text),
    printErr: say,
    onAbort: (reason) => showFailure(new Error(`abort: ${reason}`)),
  };
  return Promise.race([createChainrule(module), failure]);
}

// The first view has the network and the processor for itself.
function whenIdle(act) {
  const wait = window.requestIdleCallback ?? ((call) => setTimeout(call, 2000));
  requestAnimationFrame(() => wait(act, { timeout: 5000 }));
}

async function keepOffline() {
  try {
    const { startOffline } = await import('./offline.js');
    await startOffline({
      text: tr('A new version of Chainrule is here. Your work is kept.'), reload: tr('Reload'), later: tr('Later'),
    });
  } catch (error) {
    console.warn(`This page will not work offline: ${error.message}`);
  }
}

function restartButtons(begin) {
  for (const button of document.querySelectorAll('[data-action]')) {
    button.addEventListener('click', () => (button.dataset.action === 'retry' ? begin() : location.reload()));
  }
}

const host = createHost(canvas, showFailure);
const language = host.text('language');
translateCover().catch(() => {});
const api = createScriptApi();
window.chainrule = api.surface;

async function begin() {
  try {
    if (!hasSimd()) return showCover('failure-simd');
    if (!hasWebGl2()) return showCover('failure-webgl');
    showCover('loading');
    const module = await start(await loadAll(), host);
    host.connect(module);
    api.connect(module, host);
    document.body.dataset.state = 'running';
    canvas.focus({ preventScroll: true });
    whenIdle(keepOffline);
  } catch (error) {
    showFailure(error);
    api.fail(error);
  }
}

restartButtons(begin);
begin();
