// The service worker: the page without a network, new versions, folders, and hosts that send no headers.
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

import { check, open_app, open_in, root, serve, settle } from './harness.mjs';

const kSite = path.join(root, 'build', 'site');
const kTypes = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm' };

/** A host as plain as they come: types and nothing else. `folder` may be changed while it runs. */
async function plain_server(folder) {
  const host = { folder };
  const server = http.createServer(async (request, response) => {
    const name = decodeURIComponent(request.url.split(/[?#]/, 1)[0]).replace(/\/$/, '/index.html');
    try {
      const bytes = await readFile(path.join(host.folder, name));
      response.writeHead(200, { 'Content-Type': kTypes[path.extname(name)] ?? 'application/octet-stream' });
      response.end(bytes);
    } catch {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  host.url = `http://127.0.0.1:${server.address().port}/`;
  host.stop = () => server.close() && server.closeAllConnections();
  return host;
}

/** A copy of the site in which one file differs, as the next build would have it. */
async function next_build(folder, name, addition) {
  await cp(kSite, folder, { recursive: true });
  const digest = (data) => createHash('sha256').update(data).digest('hex');
  const edit = async (file, change) => {
    const text = change(await readFile(path.join(folder, file), 'utf8'));
    await writeFile(path.join(folder, file), text);
    return text;
  };
  const old_sum = digest(await readFile(path.join(folder, name)));
  const old_list = digest(await readFile(path.join(folder, 'files.json')));
  const sum = digest(await edit(name, (text) => text + addition));
  const list = digest(await edit('files.json', (text) => text.replace(old_sum, sum)));
  await edit('sw.js', (text) => text.replace(old_sum, sum).replace(old_list, list).replace(old_list.slice(0, 16), list.slice(0, 16)));
}

async function in_scratch(test) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'chainrule-'));
  try {
    await test(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The worker has filled its cache and controls the page. */
const kept = (page) => page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, { timeout: 60000 });
const train = (page) => page.evaluate(async () => {
  await window.chainrule.ready;
  await window.chainrule.step(1);
  return (await window.chainrule.state()).step;
});
const ready = (page) => page.waitForFunction(() => window.chainrule !== undefined);

export async function reloads_without_a_network(browser, url) {
  const { page, context, faults } = await open_app(browser, url, { workers: 'allow' });
  await kept(page);
  await context.setOffline(true);
  await page.reload();
  await ready(page);
  check((await train(page)) === 1, 'no step without a network');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function works_offline_from_a_folder(browser) {
  await in_scratch(async (folder) => {
    await cp(kSite, path.join(folder, 'teaching', 'nets'), { recursive: true });
    const server = await serve(folder);
    try {
      const { page, context } = await open_app(browser, `${server.url}teaching/nets/#/lenet-mnist`, { workers: 'allow' });
      await kept(page);
      server.stop();
      await page.reload();
      await ready(page);
      check((await train(page)) === 1, 'no step once the server is gone');
      check((await context.serviceWorkers()).length === 1, 'there is not one service worker');
    } finally {
      server.stop();
    }
  });
}

export async function all_of_mnist_is_kept_once_it_is_loaded(browser, url) {
  const { page, context } = await open_app(browser, url, { workers: 'allow' });
  await kept(page);
  const names = () => page.evaluate(async () => {
    const found = [];
    for (const key of await caches.keys()) found.push(...(await (await caches.open(key)).keys()).map((request) => request.url));
    return found.filter((address) => /mnist-(train|test)-/.test(address)).length;
  });
  check((await names()) === 0, 'it was loaded before anybody asked');
  const fetch_all = () => page.evaluate(() => Promise.all(['train-images.idx3', 'train-labels.idx1', 'test-images.idx3', 'test-labels.idx1']
    .map(async (name) => (await (await fetch(`data/mnist-${name}.gz`)).arrayBuffer()).byteLength)));
  const sizes = await fetch_all();
  for (let i = 0; i < 50 && (await names()) < 4; ++i) await settle(page, 100);
  check((await names()) === 4, `${await names()} of its 4 files are kept`);
  await context.setOffline(true);
  check(String(await fetch_all()) === String(sizes), 'it differs offline');
}

export async function a_host_without_headers_is_isolated_at_the_second_load(browser) {
  const server = await plain_server(kSite);
  try {
    const { page } = await open_app(browser, server.url, { workers: 'allow' });
    await kept(page);
    check(!(await page.evaluate(() => window.crossOriginIsolated)), 'the first load is isolated already: the test tests nothing');
    await page.reload();
    await ready(page);
    check(await page.evaluate(() => window.crossOriginIsolated), 'the second load is not isolated');
    check((await train(page)) === 1, 'no step in an isolated page');
  } finally {
    server.stop();
  }
}

export async function a_new_version_waits_for_a_click_and_builds_never_mix(browser) {
  await in_scratch(async (folder) => {
    await next_build(path.join(folder, 'b'), 'chainrule.css', ':root { --build: next; }\n');
    const server = await plain_server(kSite);
    try {
      const { page, context } = await open_app(browser, server.url, { workers: 'allow' });
      await kept(page);
      const { page: other } = await open_in(context, server.url);
      await ready(other);
      const shown = (which) => which.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--build').trim());
      const served = (which) => which.evaluate(async () => ((await (await fetch('chainrule.css')).text()).includes('--build') ? 'next' : ''));
      server.folder = path.join(folder, 'b');
      check((await served(page)) === '', 'a running page gets a file of the next build');
      await page.reload();
      const notice = page.getByRole('button', { name: 'Reload' });
      await notice.waitFor({ timeout: 60000 });
      check((await shown(page)) === '' && (await served(page)) === '', 'the new version did not wait');
      await Promise.all([page.waitForNavigation(), notice.click()]);
      await ready(page);
      check((await shown(page)) === 'next' && (await served(page)) === 'next', 'the click did not bring the new version');
      check((await train(page)) === 1, 'no step in the new version');
      check((await served(other)) === '', 'the other page was handed over in the middle of its work');
      await other.reload();
      await ready(other);
      check((await served(other)) === 'next', 'a reload did not bring the new version');
      await page.reload();
      await settle(page, 1000);
      const caches_left = await page.evaluate(() => caches.keys());
      check(caches_left.length === 2, `old caches stay: ${caches_left.join(', ')}`);
    } finally {
      server.stop();
    }
  });
}

export async function a_half_copied_site_is_never_kept(browser) {
  await in_scratch(async (folder) => {
    await cp(kSite, folder, { recursive: true });
    await writeFile(path.join(folder, 'offline.js'), `${await readFile(path.join(folder, 'offline.js'), 'utf8')}\n// newer\n`);
    const server = await plain_server(folder);
    try {
      const { page } = await open_app(browser, server.url, { workers: 'allow' });
      const ended = await page.evaluate(async () => {
        for (let i = 0; i < 100; ++i) {
          const registration = await navigator.serviceWorker.getRegistration();
          if (registration?.active) return 'active';
          if (i > 20 && registration === undefined) return 'refused';
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return 'still there';
      });
      check(ended === 'refused', `a worker whose list does not fit the files is ${ended}`);
    } finally {
      server.stop();
    }
  });
}
