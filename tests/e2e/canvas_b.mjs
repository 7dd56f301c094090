// Canvas B's lessons on pictures and tables, as a person uses them: filters with files, the camera and PNG, architectures.
import { readFile } from 'node:fs/promises';

import { check, decode_png, kChromium, kSwitches, open_app, screenshot, settle, until } from './harness.mjs';
import { chromium } from 'playwright-core';

const state = (page) => page.evaluate(() => window.chainrule.state());
const tensor = (page, name) => page.evaluate((n) => window.chainrule.tensor(n).then(({ shape, data }) => ({ shape, data: [...data] })), name);
const said = (page, pattern) => page.waitForFunction((p) => new RegExp(p).test(document.getElementById('announcer').textContent), pattern, { timeout: 10000 });

/** A picture made in the page: `draw` is the body of a function of a 2-D context. */
const made = (page, width, height, type, draw) => page.evaluate(async ([w, h, t, body]) => {
  const canvas = new OffscreenCanvas(w, h);
  new Function('c', body)(canvas.getContext('2d'));
  return [...new Uint8Array(await (await canvas.convertToBlob({ type: t })).arrayBuffer())];
}, [width, height, type, draw]).then((bytes) => Buffer.from(bytes));

async function give(page, name, type, buffer) {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a picture …' }).click();
  await (await chooser).setFiles({ name, mimeType: type, buffer });
  await settle(page, 700);
}

/** y at a pixel, worked out here from x and the kernel, with the last pixels repeated. */
function filtered({ shape: [, , h, w], data }, kernel, divisor, row, column) {
  let sum = 0;
  for (let r = 0; r < 3; ++r)
    for (let s = 0; s < 3; ++s)
      sum += kernel[3 * r + s] * data[Math.min(Math.max(row + r - 1, 0), h - 1) * w + Math.min(Math.max(column + s - 1, 0), w - 1)];
  return sum / divisor;
}

export async function filters_of_the_decks_and_my_own(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/filters`);
  const kernels = {
    Identity: [[0, 0, 0, 0, 1, 0, 0, 0, 0], 1], 'Edges 1': [[1, 0, -1, 0, 0, 0, -1, 0, 1], 1], 'Edges 3': [[-1, -1, -1, -1, 8, -1, -1, -1, -1], 1],
    'Vertical edges': [[1, 0, -1, 1, 0, -1, 1, 0, -1], 1], 'Edges 2': [[0, 1, 0, 1, -4, 1, 0, 1, 0], 1], Sharpen: [[0, -1, 0, -1, 5, -1, 0, -1, 0], 1],
    Box: [Array(9).fill(1), 9], Gaussian: [[1, 2, 1, 2, 4, 2, 1, 2, 1], 16], Smoothing: [[1, 1, 1, 1, 4, 1, 1, 1, 1], 12],
  };
  const x = await tensor(page, 'x');
  for (const [name, [kernel, divisor]] of Object.entries(kernels)) {
    await page.getByRole('button', { name, exact: true }).click();
    await settle(page, 250);
    const y = await tensor(page, 'y');
    for (const [row, column] of [[0, 0], [31, 17], [95, 95], [50, 95]]) {
      const want = filtered(x, kernel, divisor, row, column), got = y.data[row * 96 + column];
      check(Math.abs(got - want) < 1e-4 * Math.max(1, Math.abs(want)), `${name} at ${row}, ${column}: ${got}, not ${want}`);
    }
  }
  await screenshot(page, 'filters');
  await page.evaluate(() => window.chainrule.edit('w', 4, 7));
  check((await state(page)).params.filter === 'own', 'a kernel that was edited is not the deck\'s any more');
  const before = (await tensor(page, 'y')).data[500];
  await page.evaluate(() => window.chainrule.undo());
  check((await state(page)).params.filter === 'smoothing' && (await tensor(page, 'y')).data[500] !== before, 'undo leaves the edit');
  await page.getByRole('button', { name: /^nine products/ }).click();
  await settle(page, 600);
  check(await page.getByRole('radio', { name: 'Derivation', checked: true }).count() === 1, 'the nine products open no derivation');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function pictures_of_people(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/filters?v=1&filter=identity`);
  const wide = await made(page, 1000, 500, 'image/png', 'c.fillStyle = "#ff8000"; c.fillRect(0, 0, 500, 500);');
  await give(page, 'half.png', 'image/png', wide);
  let x = await tensor(page, 'x');
  check(x.shape.join() === '1,1,128,256', `1000 × 500 becomes ${x.shape}`);
  check(x.data[10] === Math.floor((255 + 128 + 0) / 3 + 0.5) && x.data[250] === 255, `orange is ${x.data[10]}, what is transparent ${x.data[250]}`);
  await screenshot(page, 'filters-file');
  const { hash } = await state(page);
  const huge = Buffer.alloc(64);
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]).copy(huge);
  huge.writeUInt32BE(20000, 16);
  huge.writeUInt32BE(20000, 20);
  await give(page, 'huge.png', 'image/png', huge);
  await said(page, 'huge\\.png has 20000 × 20000 pixels');
  await give(page, 'broken.jpg', 'image/jpeg', Buffer.from('no picture at all, but forty bytes of text'));
  await said(page, 'broken\\.jpg could not be read as a picture');
  check((await state(page)).hash === hash && (await tensor(page, 'x')).shape.join() === x.shape.join(), 'a picture that cannot be read changes the state');
  // Orientation 6: the camera was held upright, 30 × 20 pixels are to be seen as 20 × 30.
  const jpeg = await made(page, 30, 20, 'image/jpeg', 'c.fillRect(0, 0, 15, 20); c.fillStyle = "white"; c.fillRect(15, 0, 15, 20);');
  const exif = Buffer.from('ffe1002245786966000049492a00080000000100120103000100000006000000' + '00000000', 'hex');
  await give(page, 'upright.jpg', 'image/jpeg', Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]));
  x = await tensor(page, 'x');
  check(x.shape.join() === '1,1,30,20', `the turned picture is ${x.shape}`);
  check(x.data[5] < 60 && x.data[29 * 20 + 5] > 200, 'the turned picture has its dark half elsewhere');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as PNG' }).click();
  const png = decode_png(await readFile(await (await download).path()));
  check(png.width === 20 && png.height === 30 && Math.abs(png.pixels[15] - x.data[5]) <= 1, 'the PNG is another picture');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

/** What a drop of a file onto the page gives. */
const drop = (page, name, type, buffer) => page.evaluate(([n, t, bytes]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], n, { type: t }));
  for (const kind of ['dragover', 'drop']) window.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
}, [name, type, [...buffer]]);

/** A GIF of 4 × 4 pixels, black in its first picture and white in its second. */
function blinking_gif() {
  // One picture: graphic control, descriptor, codes of 3 bits (clear, 16 pixels of one colour with a clear after each four, end).
  const picture = (color) => {
    const codes = [];
    for (let i = 0; i < 16; ++i) codes.push(...(i % 2 === 0 ? [4, color] : [color]));
    codes.push(5);
    const bytes = [];
    let bits = 0, count = 0;
    for (const code of codes) {
      bits |= code << count;
      for (count += 3; count >= 8; count -= 8, bits >>= 8) bytes.push(bits & 255);
    }
    if (count > 0) bytes.push(bits & 255);
    return [0x21, 0xf9, 4, 0, 50, 0, 0, 0, 0x2c, 0, 0, 0, 0, 4, 0, 4, 0, 0, 2, bytes.length, ...bytes, 0];
  };
  const colors = [0, 0, 0, 255, 255, 255, 0, 0, 0, 0, 0, 0];
  return Buffer.from([...Buffer.from('GIF89a'), 4, 0, 4, 0, 0x81, 0, 0, ...colors, ...picture(0), ...picture(1), 0x3b]);
}

export async function pictures_are_dropped_and_animations_stand_still(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/filters?v=1&filter=identity`);
  const half = await made(page, 40, 20, 'image/png', 'c.fillStyle = "black"; c.fillRect(0, 0, 20, 20); c.fillStyle = "white"; c.fillRect(20, 0, 20, 20);');
  await drop(page, 'half.png', 'image/png', half);
  await until(page, (s) => s.params.picture === 'file', 'the dropped picture');
  let x = await tensor(page, 'x');
  check(x.shape.join() === '1,1,20,40' && x.data[0] === 0 && x.data[39] === 255, `the dropped picture is ${x.shape}`);
  await drop(page, 'blink.gif', 'image/gif', blinking_gif());
  await settle(page, 900);
  x = await tensor(page, 'x');
  check(x.shape.join() === '1,1,4,4', `the GIF of 4 × 4 pixels becomes ${x.shape}`);
  check(x.data.every((v) => v === 0), 'the animation is not at its first picture');
  // A PNG with the chunks that say that it is animated.
  const crc = (bytes) => {
    let value = ~0;
    for (const byte of bytes) {
      value ^= byte;
      for (let bit = 0; bit < 8; ++bit) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
    return ~value >>> 0;
  };
  const chunk = (kind, bytes) => {
    const body = Buffer.concat([Buffer.from(kind), Buffer.from(bytes)]), size = Buffer.alloc(4), sum = Buffer.alloc(4);
    size.writeUInt32BE(bytes.length);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([size, body, sum]);
  };
  const frame = [0, 0, 0, 0, 0, 0, 0, 40, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 10, 0, 0];
  const apng = Buffer.concat([half.subarray(0, 33), chunk('acTL', [0, 0, 0, 1, 0, 0, 0, 0]), chunk('fcTL', frame), half.subarray(33)]);
  await give(page, 'moving.png', 'image/png', apng);
  x = await tensor(page, 'x');
  check(x.shape.join() === '1,1,20,40' && x.data[39] === 255, `the animated PNG is ${x.shape}`);
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function a_drawing_is_filtered(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/filters?v=1&filter=edges-2&picture=drawn`, { size: [1920, 1080] });
  const pad = page.getByRole('application', { name: 'Paper', exact: true });
  const box = await pad.boundingBox();
  const before = (await tensor(page, 'x')).data;
  await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.5);
  await page.mouse.down();
  for (let i = 2; i <= 8; ++i) await page.mouse.move(box.x + box.width * i * 0.1, box.y + box.height * 0.5);
  await page.mouse.up();
  await settle(page, 500);
  const after = (await tensor(page, 'x')).data;
  check(after.some((v, i) => v !== before[i]), 'the stroke leaves no ink');
  check((await tensor(page, 'y')).data.some((v) => v !== 0), 'the filter sees no edge of the stroke');
  await screenshot(page, 'filters-drawn');
  await page.evaluate(() => window.chainrule.undo());
  check((await tensor(page, 'x')).data.every((v, i) => v === before[i]), 'undo leaves the stroke');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function the_camera_is_live_and_may_be_refused(browser, url) {
  const refused = await open_app(browser, `${url}#/filters`);
  const { hash } = await state(refused.page);
  await refused.page.getByRole('button', { name: 'Camera', exact: true }).click();
  await said(refused.page, 'No camera was found|The camera was not allowed');
  check((await state(refused.page)).hash === hash, 'a refused camera changes the state');
  await refused.close();
  // With a camera there, and a person who says no.
  const denying = await chromium.launch({ executablePath: kChromium, ignoreDefaultArgs: ['--disable-gpu'], args: [...kSwitches, '--use-fake-device-for-media-stream', '--deny-permission-prompts'] });
  try {
    const { page } = await open_app(denying, `${url}#/filters`);
    const before = (await state(page)).hash;
    await page.getByRole('button', { name: 'Camera', exact: true }).click();
    await said(page, 'The camera was not allowed');
    check((await state(page)).hash === before, 'a camera that is not allowed changes the state');
  } finally {
    await denying.close();
  }
  const seeing = await chromium.launch({
    executablePath: kChromium, ignoreDefaultArgs: ['--disable-gpu'],
    args: [...kSwitches, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  });
  try {
    const { page, faults } = await open_app(seeing, `${url}#/filters?v=1&grey=off&filter=edges-2`);
    await page.getByRole('button', { name: 'Camera', exact: true }).click();
    await until(page, (s) => s.params.picture === 'camera', 'a picture of the camera', 20);
    const first = await tensor(page, 'x');
    check(first.shape[3] === 160 && first.shape[1] === 3, `the camera gives ${first.shape}`);
    await settle(page, 1500);
    const later = await tensor(page, 'x');
    check(later.data.some((v, i) => v !== first.data[i]), 'the camera stands still');
    await screenshot(page, 'filters-camera');
    await page.getByRole('button', { name: 'Stop the camera' }).click();
    await settle(page, 500);
    const kept = await tensor(page, 'x');
    await settle(page, 700);
    check((await tensor(page, 'x')).data.every((v, i) => v === kept.data[i]), 'the camera goes on');
    check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
  } finally {
    await seeing.close();
  }
}

export async function the_slides_alexnet_is_put_right(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/architectures?v=1&network=alexnet-slide`);
  const type = async (name, value) => {
    const field = page.getByRole('spinbutton', { name, exact: true });
    await field.focus();
    await field.fill(String(value));
    await field.press('Enter');
    await settle(page, 300);
  };
  const value = async (name) => (await tensor(page, name)).data[0];
  check(await value('conv1.output') === 54 && await value('conv5.field') === 163, 'the slide\'s table has other numbers');
  await screenshot(page, 'architectures-slide');
  await page.evaluate(() => window.chainrule.edit('input.side', 0, 227));
  check(await value('conv1.output') === 55 && await value('pool1.output') === 27, '227 pixels do not give 55 and 27');
  await page.evaluate(() => window.chainrule.edit('conv2.padding', 0, 2).then(() => window.chainrule.edit('conv5.padding', 0, 1)));
  check(await value('conv5.output') === 13, 'the paddings do not lead to 13');
  const { metrics } = await state(page);
  check(metrics.parameters > 201.7e6 && metrics.parameters < 201.9e6, `${metrics.parameters} parameters without the last pool`);
  await page.evaluate(() => window.chainrule.set('layer', 7));
  await settle(page, 400);
  await page.getByRole('button', { name: 'Max pooling', exact: true }).focus();
  await page.keyboard.press('Enter');
  await settle(page, 400);
  await type('kernel of pool3', 3);
  check(await value('fc6.params') === 37752832 && (await state(page)).metrics.parameters === 62378344, 'the table does not come out at 62,378,344');
  const link = (await state(page)).link;
  const { page: other } = await open_app(browser, url + link);
  await until(other, (s) => s.metrics.parameters === 62378344, 'the same table by its link', 20);
  await page.evaluate(() => window.chainrule.undo());
  check(await value('pool3.kernel') === 2, 'undo leaves the last edit');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function the_microscope_shows_exact_and_effective_fields(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/architectures?v=1&layer=4&row=1&column=2&effective=on`);
  const there = () => page.evaluate(() => window.chainrule.tensor('trained/x.grad').then(() => true, () => false));
  for (let i = 0; i < 100 && !await there(); ++i) await settle(page, 200);
  const gradient = (await tensor(page, 'trained/x.grad')).data;
  const first = [(await tensor(page, 'unit.row.first')).data[0], (await tensor(page, 'unit.column.first')).data[0]];
  check(first.join() === '4,8', `the field begins at ${first}`);
  let inside = 0;
  gradient.forEach((g, i) => {
    const row = Math.floor(i / 28), column = i % 28;
    const seen = row >= 4 && row <= 19 && column >= 8 && column <= 23;
    check(g === 0 || seen, `the unit depends on row ${row}, column ${column}, which it cannot see`);
    if (g !== 0) ++inside;
  });
  check(inside > 0, 'the unit depends on nothing');
  await page.getByRole('button', { name: /^receptive field of conv2 14/ }).click();
  await settle(page, 600);
  check(await page.getByRole('radio', { name: 'Derivation', checked: true }).count() === 1, 'a number of the table opens no derivation');
  await screenshot(page, 'architectures');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function a_kernel_is_learned(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/learn-a-kernel?v=1&hidden=sharpen&centred=on&lr=5`);
  await page.evaluate(() => window.chainrule.step(80));
  const { metrics } = await until(page, (s) => s.step === 80, 'step 80', 30);
  check(metrics.kernel_distance < 0.01, `after 80 steps the kernels differ by ${metrics.kernel_distance}`);
  await screenshot(page, 'learn-a-kernel');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function every_size_and_theme(browser, url) {
  for (const hash of ['#/filters', '#/architectures', '#/learn-a-kernel?v=1&step=30']) {
    for (const [name, options] of Object.entries({ phone: { size: [390, 844], touch: true, scheme: 'dark' }, desk: { size: [1280, 720], scheme: 'dark' }, large: { size: [1920, 1080] } })) {
      const { page, faults, close } = await open_app(browser, url + hash, options);
      await settle(page, 900);
      await screenshot(page, `b-${hash.match(/\/([a-z-]+)/)[1]}-${name}`);
      check(faults.length === 0, `${hash} ${name}: the console says: ${faults.join(' | ')}`);
      await close();
    }
  }
}
