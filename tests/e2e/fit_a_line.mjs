// "Fit a line", as a person uses it: points dragged by mouse, touch and keys, the weights on the map, rates, plots as files.
import { readFile } from 'node:fs/promises';

import { check, decode_png, ink, open_app, screenshot, settle } from './harness.mjs';

const state = (page) => page.evaluate(() => window.chainrule.state());
const tensor = (page, name) => page.evaluate((n) => window.chainrule.tensor(n).then(({ data }) => [...data]), name);
const plane = (page, name) => page.getByRole('application', { name, exact: true });
const place = (page) => page.evaluate(() => document.querySelector('#twin + .unseen').textContent);
const near = (a, b, tolerance) => Math.abs(a - b) <= tolerance;

/** Where a point of the data stands on the screen: two presses on empty places add points that tell. */
async function pixels(page) {
  const box = await plane(page, 'Points and line').boundingBox();
  const at = [[0.45, 0.2], [0.65, 0.55]].map(([u, v]) => [Math.round(box.x + u * box.width), Math.round(box.y + v * box.height)]);
  const added = [];
  for (const [x, y] of at) {
    await page.mouse.click(x, y);
    await settle(page, 300);
    const count = (await tensor(page, 'y')).length;
    added.push([(await tensor(page, 'X'))[2 * count - 1], (await tensor(page, 'y'))[count - 1]]);
  }
  for (let i = 0; i < 2; ++i) await page.evaluate(() => window.chainrule.undo());
  const scale = [0, 1].map((k) => (at[1][k] - at[0][k]) / (added[1][k] - added[0][k]));
  return (x, y) => [at[0][0] + (x - added[0][0]) * scale[0], at[0][1] + (y - added[0][1]) * scale[1]];
}

/** The closed form, worked out here. */
function least_squares(x, y) {
  const n = x.length, mean = (list) => list.reduce((a, b) => a + b, 0) / n, mx = mean(x), my = mean(y);
  const slope = mean(x.map((v, i) => (v - mx) * (y[i] - my))) / mean(x.map((v) => (v - mx) ** 2));
  return [my - slope * mx, slope];
}

export async function points_are_dragged_and_the_line_follows(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/fit-a-line`);
  const pixel = await pixels(page);
  const before = await tensor(page, 'y'), x = (await tensor(page, 'X')).filter((_, i) => i % 2 === 1);
  check(before.length === 12, `undo leaves ${before.length} points`);
  const [px, py] = pixel(x[9], before[9]);
  await page.mouse.move(px, py);
  await page.mouse.down();
  await page.mouse.move(px - 20, py + 25, { steps: 3 });
  await page.mouse.move(px - 40, py + 50, { steps: 3 });
  await page.mouse.up();
  await settle(page);
  const y = await tensor(page, 'y'), moved = (await tensor(page, 'X')).filter((_, i) => i % 2 === 1);
  check(y[9] < before[9] && moved[9] < x[9], `the point went from ${x[9]}, ${before[9]} to ${moved[9]}, ${y[9]}`);
  check(y.every((v, i) => i === 9 || v === before[i]), 'other points moved');
  const [w0, w1] = least_squares(moved, y), closed = await tensor(page, 'w.closed');
  check(near(closed[0], w0, 1e-4) && near(closed[1], w1, 1e-4), `the star is at ${closed}, not ${w0}, ${w1}`);
  await page.evaluate(() => window.chainrule.step(120));
  const w = await tensor(page, 'w');
  check(near(w[0], w0, 1e-3) && near(w[1], w1, 1e-3), `after 120 updates the weights are ${w}, not ${w0}, ${w1}`);
  await settle(page);
  await screenshot(page, 'fit-a-line');
  await page.getByRole('application', { name: 'At this step' }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await settle(page, 600);
  check(await page.getByRole('radio', { name: 'Derivation', checked: true }).count() === 1, 'w0 opens no derivation');
  await page.evaluate(() => window.chainrule.undo());
  check((await tensor(page, 'y'))[9] === before[9], 'one undo does not take the drag back');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function keys_and_fingers_move_points_too(browser, url) {
  const keys = await open_app(browser, `${url}#/fit-a-line`);
  const before = await tensor(keys.page, 'y');
  await plane(keys.page, 'Points and line').focus();
  for (const key of ['Home', 'Enter', 'Control+ArrowUp', 'ArrowUp', 'Enter']) {
    await keys.page.keyboard.press(key);
    await settle(keys.page, 150);
  }
  const after = await tensor(keys.page, 'y');
  check(after[0] > before[0] && after.slice(1).every((v, i) => v === before[i + 1]), `keys moved the points from ${before} to ${after}`);
  await keys.page.keyboard.press('PageUp');
  await keys.page.keyboard.press('ArrowLeft');
  await settle(keys.page, 400);
  check(/^x .*, y /.test(await place(keys.page)), `where the cursor is reads "${await place(keys.page)}"`);
  await keys.close();
  const touch = await open_app(browser, `${url}#/fit-a-line`, { size: [390, 844], touch: true });
  const { page } = touch;
  const y = await tensor(page, 'y'), x = await tensor(page, 'X');
  const pixel = await pixels(page);
  const [px, py] = pixel(x[11], y[5]);
  const client = await page.context().newCDPSession(page);
  const send = (type, dx, dy) => client.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x: px + dx, y: py + dy }] });
  await send('touchStart', 0, 0);
  await settle(page, 120);
  for (let i = 1; i <= 6; ++i) {
    await send('touchMove', 2 * i, -7 * i);
    await settle(page, 40);
  }
  await send('touchEnd');
  await settle(page);
  check((await tensor(page, 'y'))[5] > y[5] + 0.05, 'a finger does not move the point');
  await screenshot(page, 'fit-a-line-phone');
  await touch.close();
}

export async function rates_and_batches(browser, url) {
  const { page } = await open_app(browser, `${url}#/fit-a-line?v=1&lr=2.2`, { size: [1920, 1080], scheme: 'dark' });
  check((await state(page)).metrics.stable_rate < 2.2, 'the stable rate is above 2.2');
  await page.evaluate(() => window.chainrule.step(8));
  const growing = (await state(page)).loss;
  await page.evaluate(() => window.chainrule.step(8));
  check((await state(page)).loss > growing, 'above the limit the loss falls');
  await settle(page);
  await screenshot(page, 'fit-a-line-too-large-1920-dark');
  await page.evaluate(() => window.chainrule.open('#/fit-a-line?v=1&batch=mini-batch&lr=0.3&step=60'));
  await settle(page, 700);
  const now = await state(page);
  check(now.metrics.epoch === 20, `60 batches of 4 of 12 points are ${now.metrics.epoch} epochs`);
  await screenshot(page, 'fit-a-line-batches-1920-dark');
}

export async function plots_become_files(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/fit-a-line?v=1&step=10`);
  const saved = async (plot, row) => {
    await page.getByRole('button', { name: `Save ${plot}`, exact: true }).click();
    await settle(page, 300);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: row }).click()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const map = 'Loss J over the weights';
  const svg = await saved(map, 'Save picture as SVG'), text = svg.bytes.toString();
  check(svg.name === 'loss-j-over-the-weights.svg', `the file is called ${svg.name}`);
  const drawn = await page.evaluate((source) => {
    const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
    return { wrong: parsed.querySelector('parsererror')?.textContent, texts: [...parsed.querySelectorAll('text')].map((one) => one.textContent), paths: parsed.querySelectorAll('path').length };
  }, text);
  check(!drawn.wrong && drawn.texts.includes('w0') && drawn.texts.includes(map) && drawn.paths > 5, `the SVG holds ${JSON.stringify(drawn).slice(0, 300)}`);
  const png = await saved(map, 'Save picture as PNG'), picture = decode_png(png.bytes);
  check(png.name === 'loss-j-over-the-weights.png' && picture.width > 700 && ink(picture).colours > 50, `${png.name} is ${picture.width} wide with ${ink(picture).colours} colours`);
  const csv = (await saved('Loss J', 'Save numbers as CSV')).bytes.toString().split('\r\n');
  check(csv[0] === 'updates,all points' && csv.length === 13 && Number(csv[1].split(',')[1]) > Number(csv[11].split(',')[1]), `the CSV begins ${csv.slice(0, 3)}`);
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}
