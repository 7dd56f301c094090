// "LeNet learns to read", as a person uses it.
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { check, open_app, root, screenshot, settle, until } from './harness.mjs';

const state = (page) => page.evaluate(() => window.chainrule.state());

export async function learns_on_the_first_digits(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/lenet-mnist`);
  const first = await page.evaluate(() => window.chainrule.step(1).then(() => window.chainrule.state()));
  check(first.loss > 1.5, `an untrained network has loss ${first.loss}`);
  const later = await page.evaluate(() => window.chainrule.step(79).then(() => window.chainrule.state()));
  check(later.loss < 1.0, `after 80 steps the loss is ${later.loss}`);
  const { metrics } = await until(page, (s) => s.metrics.test_accuracy_step === 80, 'the accuracy of step 80');
  check(metrics.test_accuracy > 0.75, `after 80 steps the accuracy on 1,000 test digits is ${metrics.test_accuracy}`);
  check(metrics.test_accuracy_error > 0.005 && metrics.test_accuracy_error < 0.02, `its error bar is ${metrics.test_accuracy_error}`);
  await screenshot(page, 'lenet-80-steps');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function plays_and_pauses_with_the_space_bar(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist?network=linear`);
  await page.keyboard.press('Space');
  await until(page, (s) => s.step > 3, 'the fourth step');
  await page.keyboard.press('Space');
  await settle(page, 500);
  const paused = (await state(page)).step;
  await settle(page, 700);
  check((await state(page)).step === paused, 'it goes on although it is paused');
  await page.keyboard.press('PageDown');
  await settle(page, 700);
  check((await state(page)).step === paused + 1, 'Page Down does not make one step');
  await page.keyboard.press('PageUp');
  await settle(page, 700);
  check((await state(page)).step === paused, 'Page Up does not go back one step');
}

export async function loads_all_digits_and_goes_on(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/lenet-mnist?network=linear`);
  await page.evaluate(() => window.chainrule.step(5));
  await page.evaluate(() => window.chainrule.set('data', 'full'));
  const after = await page.evaluate(() => window.chainrule.step(1).then(() => window.chainrule.state()));
  check(after.step === 6 && after.params.data === 'full', JSON.stringify(after));
  check(Math.abs(after.metrics.epoch - 6 / 1875) < 1e-9, `an epoch of 60,000 digits in batches of 32 has 1,875 steps; epoch is ${after.metrics.epoch}`);
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function trained_weights_read_as_they_did_when_written(browser, url) {
  const expected = JSON.parse(readFileSync(path.join(root, 'assets', 'weights.json'), 'utf8'));
  const { page } = await open_app(browser, url);
  for (const { model, test_accuracy } of expected) {
    await page.evaluate((name) => window.chainrule.open(`#/lenet-mnist?network=${name}&start=trained`), model);
    const accuracy = (await until(page, (s) => s.metrics.test_accuracy !== undefined, `an accuracy of ${model}`)).metrics.test_accuracy;
    // A thousand of the ten thousand digits that the file's accuracy was counted on: four standard errors.
    check(Math.abs(accuracy - test_accuracy) < 4 * Math.sqrt(0.25 * (1 - test_accuracy) / 250) + 0.01, `${model}: ${accuracy} instead of about ${test_accuracy}`);
  }
}

export async function divergence_is_said_and_can_be_stepped_back_from(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist?activation=identity&optimizer=sgd&lr=10`);
  await page.evaluate(() => window.chainrule.play());
  const diverged = await until(page, (s) => s.divergence !== '', 'divergence');
  check(/step \d+/.test(diverged.divergence), `it says: ${diverged.divergence}`);
  await settle(page, 500);
  await screenshot(page, 'lenet-diverged');
  const back = await page.evaluate((target) => window.chainrule.seek(target).then(() => window.chainrule.state()), diverged.step - 1);
  check(back.step === diverged.step - 1, 'stepping back does not work');
}

export async function touch_on_a_phone_draws_a_digit(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/lenet-mnist?start=trained`, { size: [390, 844], scale: 2, touch: true });
  await settle(page, 1500);
  await page.getByRole('tab', { name: 'Draw' }).tap();
  await settle(page, 800);
  const clear = page.getByRole('button', { name: 'Clear' });
  check(await clear.getAttribute('aria-disabled') === 'true', 'there is something to clear on empty paper');
  const paper = await page.getByRole('application', { name: 'Paper' }).boundingBox();
  const session = await page.context().newCDPSession(page);
  const touch = (type, points) => session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y]) => ({ x: paper.x + x * paper.width, y: paper.y + y * paper.height })) });
  await touch('touchStart', [[0.5, 0.15]]);
  for (let y = 0.2; y < 0.86; y += 0.05) {
    await touch('touchMove', [[0.5, y]]);
    await settle(page, 30);
  }
  await touch('touchEnd', []);
  await settle(page, 800);
  check(await clear.getAttribute('aria-disabled') === null, 'the finger has drawn nothing');
  const answer = await page.evaluate(() => window.chainrule.tensor('digit/softmax.p').then((t) => t.data.indexOf(Math.max(...t.data))));
  check(answer === 1, `a vertical line is read as ${answer}`);
  await screenshot(page, 'lenet-phone-drawn');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

/** Drops files made of `[name, bytes]` on the page; resolves to what the app then announces. */
async function drop(page, files) {
  return page.evaluate(async (list) => {
    const transfer = new DataTransfer();
    for (const [name, bytes] of list) transfer.items.add(new File([new Uint8Array(bytes)], name));
    const announcer = document.getElementById('announcer');
    announcer.textContent = '';
    const canvas = document.querySelector('canvas');
    for (const type of ['dragenter', 'dragover', 'drop'])
      canvas.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    for (let i = 0; i < 100 && announcer.textContent === ''; ++i) await new Promise((resolve) => setTimeout(resolve, 100));
    return announcer.textContent;
  }, files);
}

const big_endian = (value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const idx_images = (count, side = 28) => [0, 0, 8, 3, ...big_endian(count), ...big_endian(side), ...big_endian(side), ...Array(count * side * side).fill(7)];
const idx_labels = (labels) => [0, 0, 8, 1, ...big_endian(labels.length), ...labels];

export async function bad_files_get_a_sentence_and_own_digits_train(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/lenet-mnist?network=linear`);
  await page.evaluate(() => window.chainrule.step(2));
  const before = await state(page);
  const labels = Array.from({ length: 12 }, (_, i) => i % 10);
  const cases = {
    'truncated': [[['images', idx_images(12).slice(0, 500)], ['labels', idx_labels(labels)]], /images.*(bytes|short|trunc)/is],
    'wrong magic': [[['images', [9, 9, 9, 9, ...idx_images(12).slice(4)]], ['labels', idx_labels(labels)]], /images/i],
    'count mismatch': [[['images', idx_images(12)], ['labels', idx_labels(labels.slice(1))]], /12.*11|11.*12/s],
    'zero images': [[['images', idx_images(0)], ['labels', idx_labels([])]], /0|no images/],
    'too large': [[['images', idx_images(12).concat([1, 2, 3])], ['labels', idx_labels(labels)]], /images.*bytes/is],
    'other size': [[['images', idx_images(12, 20)], ['labels', idx_labels(labels)]], /20/],
    'one file': [[['images', idx_images(12)]], /labels/],
    'broken gzip': [[['images.gz', [0x1f, 0x8b, 8, 0, 1, 2, 3]], ['labels', idx_labels(labels)]], /images\.gz/],
  };
  for (const [name, [files, pattern]] of Object.entries(cases)) {
    const sentence = await drop(page, files);
    check(pattern.test(sentence) && sentence.length > 25, `${name}: it says "${sentence}"`);
    const now = await state(page);
    check(now.hash === before.hash && now.step === 2 && now.params.data === 'subset', `${name} changed the run`);
  }
  const sentence = await drop(page, [['my-images', idx_images(12)], ['my-labels', idx_labels(labels)]]);
  check(/load/i.test(sentence), `good files: it says "${sentence}"`);
  const own = await page.evaluate(() => window.chainrule.step(1).then(() => window.chainrule.state()));
  check(own.step === 1 && own.params.data === 'own', `own digits: ${JSON.stringify(own)}`);
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function a_long_sum_opens_quickly(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist`);
  await page.evaluate(() => window.chainrule.step(1));
  const times = await page.evaluate(async () => {
    const times = [];
    for (let i = 0; i < 5; ++i) {
      const start = performance.now();
      const why = await window.chainrule.explain('conv1.w.grad', 77 * i, { limit: 32 });
      times.push(performance.now() - start);
      if (why.total !== 18432) throw new Error(`conv1's kernel gradient has ${why.total} terms`);
    }
    return times.sort((a, b) => a - b);
  });
  console.log(`        18,432 terms are explained in ${times[2].toFixed(1)} ms (median)`);
}

export async function a_click_on_a_number_opens_its_derivation(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist`);
  await page.evaluate(() => window.chainrule.step(5));
  await settle(page, 1500);
  const bars = await page.getByRole('application', { name: 'digit/softmax.p' }).boundingBox();
  await page.mouse.click(bars.x + 0.8 * bars.width, bars.y + 0.75 * bars.height); // of class 7, the shown digit's
  await page.waitForFunction(() => /softmax/.test(document.getElementById('announcer').textContent), null, { timeout: 10000 });
  const said = await page.evaluate(() => document.getElementById('announcer').textContent);
  const shown = await page.evaluate(() => window.chainrule.tensor('digit/softmax.p').then((t) => t.data[7]));
  check(said.includes(`is ${Number(shown.toPrecision(8))}`.slice(0, 9)), `it says "${said}", the number is ${shown}`);
  await settle(page, 600);
  await screenshot(page, 'lenet-derivation');
}

export async function without_the_trained_weights_it_goes_on(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist`);
  await page.route('**/assets/lenet.f16', (route) => route.abort());
  const message = await page.evaluate(() => window.chainrule.set('start', 'trained').then(() => '', (error) => error.message));
  check(/lenet\.f16|weights/.test(message), `it says "${message}"`);
  const after = await page.evaluate(() => window.chainrule.step(1).then(() => window.chainrule.state()));
  check(after.step === 1 && after.params.start === 'initial', JSON.stringify(after));
  await page.unroute('**/assets/lenet.f16');
  const again = await page.evaluate(() => window.chainrule.set('start', 'trained').then(() => window.chainrule.state()));
  check(again.params.start === 'trained' && again.step === 0, `a second try: ${JSON.stringify(again)}`);
}
