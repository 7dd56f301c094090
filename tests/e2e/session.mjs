// What a person did is not lost: links that hold it, run files, undo, and sessions that come back.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import jsqr from 'jsqr';
import { chromium } from 'playwright-core';

import { check, kChromium, kSwitches, open_app, screenshot, settle, until } from './harness.mjs';

const read_qr = jsqr.default ?? jsqr; // a CommonJS module
const state = (page) => page.evaluate(() => window.chainrule.state());

/** Trains a little, with changes on the way. */
async function work_on(page) {
  await page.evaluate(async () => {
    const { chainrule } = window;
    await chainrule.set('batch', 8);
    await chainrule.step(3);
    await chainrule.set('lr', 0.05);
    await chainrule.step(4);
    await chainrule.edit('fc1.b', 3, 0.5);
    await chainrule.step(2);
  });
  return state(page);
}

export async function a_link_holds_what_was_done(browser, url) {
  const { page } = await open_app(browser, url);
  const there = await work_on(page);
  check(there.link_exact, `the link is not exact: ${there.link_note}`);
  const other = await open_app(browser, url + there.link);
  const here = await until(other.page, (s) => s.step === 9, 'step 9');
  check(here.hash === there.hash, `the link leads to ${here.hash}, not ${there.hash}`);
  check(here.link === there.link, `its own link is ${here.link}, not ${there.link}`);
}

export async function undo_and_redo_by_keys(browser, url) {
  const { page } = await open_app(browser, url);
  const end = await work_on(page);
  await page.locator('#canvas').focus();
  await page.keyboard.press('Control+z');
  const before_edit = await until(page, (s) => s.step === 7, 'the moment before the edit');
  await page.keyboard.press('Control+z');
  const before_lr = await until(page, (s) => s.step === 3, 'the moment before the learning rate');
  check(before_lr.params.lr !== 0.05 && before_edit.params.lr === 0.05, 'the learning rate did not go back');
  await page.keyboard.press('Control+Shift+z');
  await page.keyboard.press('Control+y');
  const again = await until(page, (s) => s.step === 9, 'the end again');
  check(again.hash === end.hash, `redo leads to ${again.hash}, not ${end.hash}`);
}

export async function a_run_file_opens_at_once(browser, url) {
  const { page } = await open_app(browser, url);
  const there = await work_on(page);
  const bytes = Buffer.from(await page.evaluate(async () => {
    const reader = new FileReader();
    reader.readAsDataURL(new Blob([await window.chainrule.runFile()]));
    await new Promise((resolve) => { reader.onload = resolve; });
    return reader.result.split(',')[1];
  }), 'base64');
  const { page: other, faults } = await open_app(browser, url);
  await other.evaluate(() => window.chainrule.step(1));
  await drop(other, 'mine.run', bytes);
  const here = await until(other, (s) => s.step === 9, 'step 9 of the run file');
  check(here.hash === there.hash && here.last_step === 9, `the run file leads to ${here.hash}, not ${there.hash}`);
  // Damaged: a sentence, and nothing changes.
  const damaged = Buffer.from(bytes);
  damaged[damaged.length - 5] ^= 1;
  await drop(other, 'mine.run', damaged);
  await settle(other, 500);
  const said = await other.evaluate(() => document.getElementById('announcer').textContent);
  check(said.includes('mine.run is damaged'), `it says: ${said}`);
  check((await state(other)).hash === there.hash, 'a damaged file changed the run');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

async function drop(page, name, bytes) {
  await page.evaluate(({ file, base64 }) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], file));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, { file: name, base64: Buffer.from(bytes).toString('base64') });
}

export async function a_session_comes_back_after_the_browser_is_killed(browser, url) {
  const profile = await mkdtemp(path.join(os.tmpdir(), 'chainrule-profile-'));
  const start = async () => {
    const port = 20000 + Math.floor(Math.random() * 20000);
    const child = spawn(kChromium, [...kSwitches, `--user-data-dir=${profile}`, `--remote-debugging-port=${port}`, 'about:blank'], { stdio: 'ignore' });
    for (let attempt = 0; ; ++attempt) {
      try {
        const own = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
        return { child, own, page: await own.contexts()[0].newPage() };
      } catch (error) {
        check(attempt < 60, `no browser: ${error}`);
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  };
  const ready = (page) => page.waitForFunction(() => window.chainrule !== undefined).then(() => page.evaluate(() => window.chainrule.ready));
  try {
    const first = await start();
    await first.page.goto(url);
    await ready(first.page);
    const there = await work_on(first.page);
    await settle(first.page, 4000); // saved a second after the last change
    first.child.kill('SIGKILL');
    await new Promise((resolve) => first.child.once('exit', resolve));
    const second = await start();
    await second.page.goto(url);
    await ready(second.page);
    const here = await until(second.page, (s) => s.step === 9, 'the session that was killed');
    check(here.hash === there.hash, `it comes back as ${here.hash}, not ${there.hash}`);
    const said = await second.page.evaluate(() => document.getElementById('announcer').textContent);
    check(/session/i.test(said) && said.includes('9'), `it says: ${said}`);
    second.child.kill('SIGKILL');
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

export async function a_reload_keeps_the_session_and_a_foreign_link_does_not_mix_with_it(browser, url) {
  const { page } = await open_app(browser, url);
  const there = await work_on(page);
  await settle(page, 3000);
  await page.reload();
  await page.evaluate(() => window.chainrule.ready);
  const here = await until(page, (s) => s.step === 9, 'the session');
  check(here.hash === there.hash, `a reload leads to ${here.hash}, not ${there.hash}`);
  await page.goto('about:blank');
  await page.goto(`${url}#/lenet-mnist?v=1&lr=0.5`);
  await page.waitForFunction(() => window.chainrule !== undefined);
  await page.evaluate(() => window.chainrule.ready);
  await settle(page, 800);
  const other = await state(page);
  check(other.step === 0 && other.params.lr === 0.5, `another link was overruled: ${JSON.stringify(other.params)}, step ${other.step}`);
}

export async function the_share_dialog_gives_link_code_and_run_file(browser, url) {
  const { page, faults } = await open_app(browser, url);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const there = await work_on(page);
  await page.locator('#canvas').focus();
  await page.keyboard.press('l');
  const dialog = page.getByRole('dialog', { name: 'Share' });
  const link = await dialog.getByLabel('Link', { exact: true }).inputValue();
  check(link === url + there.link, `the link is ${link}`);
  await dialog.getByRole('button', { name: 'Copy Link' }).click();
  check((await page.evaluate(() => navigator.clipboard.readText())) === link, 'the link is not on the clipboard');
  // What a camera reads in the code.
  await dialog.getByRole('button', { name: /^QR code/ }).click();
  await settle(page, 300);
  const { width, height, channels, pixels } = await screenshot(page, 'share-qr');
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; ++i) rgba.set(pixels.subarray(i * channels, i * channels + 3), 4 * i);
  const read = read_qr(rgba, width, height);
  check(read?.data === link, `the code says ${read?.data}`);
  await dialog.getByRole('button', { name: /^QR code/ }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Save run file' }).click()]);
  check(download.suggestedFilename() === 'lenet-mnist-step-9.run', `it is called ${download.suggestedFilename()}`);
  await page.keyboard.press('Escape');
  check((await page.getByRole('dialog').count()) === 0, 'Escape does not close the dialog');
  check(await page.evaluate(() => document.activeElement.id === 'canvas'), 'the focus does not go back to the canvas');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function a_long_replay_asks_first(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist?v=1&batch=256&step=5000`);
  const dialog = page.getByRole('dialog', { name: 'A long way to go' });
  await dialog.waitFor();
  check(/step 5000.*takes about \d+ (s|min)/.test(await dialog.innerText()), await dialog.innerText());
  check((await state(page)).step === 0, 'it began without an answer');
  await dialog.getByRole('button', { name: 'Stay at step 0' }).click();
  await settle(page, 500);
  const { step, params } = await state(page);
  check(step === 0 && params.batch === 256, `step ${step}, batch ${params.batch}`);
}

// What a wild hand does: no error, and the model is still what its own log says.
export async function five_hundred_random_actions_break_nothing(browser, url) {
  const { page, faults } = await open_app(browser, url);
  await page.evaluate(() => window.chainrule.set('batch', 4));
  let seed = 12345;
  const below = (n) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
  const keys = ['Space', 'ArrowRight', 'ArrowLeft', 'PageDown', 'PageUp', 'j', 'r', 'n', 's', 'c', 'd', 'Tab', 'Enter', 'Escape', '+', '-', 'Control+z', 'Control+Shift+z'];
  for (let i = 0; i < 500; ++i) {
    if (below(2) === 0) await page.keyboard.press(keys[below(keys.length)]);
    else await page.mouse.click(below(1280), below(720));
  }
  await page.keyboard.press('Escape');
  await page.evaluate(() => window.chainrule.pause());
  await page.evaluate(() => window.chainrule.cancel());
  const there = await until(page, (s) => s.phase === '', 'the end of the step');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
  check(await page.evaluate(() => document.body.dataset.state === 'running'), 'the program has stopped');
  const { page: other } = await open_app(browser, url + there.link);
  const here = await until(other, (s) => s.step === there.step && s.phase === '', 'the same step by its link');
  check(!there.link_exact || here.hash === there.hash, `its link ${there.link} leads to ${here.hash}, not ${there.hash}`);
  check(here.link === there.link, `the link of ${there.link} is ${here.link}`);
}
