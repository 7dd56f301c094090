// Canvas B's sliding windows as a person uses them: pointing, typing, painting, stepping; forward and backward.
import { check, open_app, screenshot, settle, until } from './harness.mjs';

const state = (page) => page.evaluate(() => window.chainrule.state());
const numbers = (page, tensor) => page.evaluate((name) => window.chainrule.tensor(name).then(({ data }) => [...data]), tensor);
const same = (got, wanted, what) => check(JSON.stringify(got) === JSON.stringify(wanted), `${what} is ${got}, not ${wanted}`);
const grid = (page, name) => page.getByRole('application', { name });
const equation = (page, text) => page.getByRole('application', { name: text });

/** The middle of cell (row, column) of a grid without padding. */
async function cell(page, name, rows, columns, row, column) {
  const box = await grid(page, name).boundingBox();
  return [box.x + ((column + 0.5) * box.width) / columns, box.y + ((row + 0.5) * box.height) / rows];
}

export async function decks_000_and_002_are_exact(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/sliding-kernel`);
  same(await numbers(page, 'y'), [12, 12, 17, 10, 17, 19, 9, 6, 14], 'the output of deck 000');
  await page.evaluate(() => window.chainrule.set('operation', 'convolution'));
  same(await numbers(page, 'y'), [18, 20, 19, 10, 9, 17, 11, 8, 14], 'the output of the turned kernel');
  await page.evaluate(() => window.chainrule.set('example', 'deck-002'));
  same((await numbers(page, 'y')).slice(0, 2), [178, 205], 'deck 002 out of place');
  await page.evaluate(() => window.chainrule.set('example', 'deck-002-in-place'));
  same((await numbers(page, 'y')).slice(8, 16), [255, 178, 209, 169, 87, 86, 102, 255], 'deck 002 in place');
  await page.evaluate(() => window.chainrule.step(2));
  await settle(page);
  check(await equation(page, /= 209/).count() === 1, 'the sum of 209 is not written out');
  await screenshot(page, 'sliding-kernel-in-place');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function pointing_typing_and_painting(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/sliding-kernel`);
  await settle(page);
  await page.mouse.move(...await cell(page, /^Output/, 3, 3, 2, 1));
  await settle(page);
  check(await equation(page, /^y.*= 6$/).count() === 1, 'the output under the pointer is not written out');
  await screenshot(page, 'sliding-kernel-output');
  await page.mouse.move(...await cell(page, /^Picture/, 5, 5, 2, 2));
  await settle(page);
  await screenshot(page, 'sliding-kernel-pixel');
  // A press chooses a pixel; its field takes a number.
  await page.mouse.click(...await cell(page, /^Picture/, 5, 5, 0, 0));
  await settle(page);
  const field = page.getByRole('spinbutton', { name: /^x\[0,0\]/ }).or(page.getByRole('textbox', { name: /^x\[0,0\]/ })).first();
  await field.fill('7');
  await field.press('Enter');
  await settle(page);
  check((await numbers(page, 'x'))[0] === 7, `x[0,0] is ${(await numbers(page, 'x'))[0]} after 7 was typed`);
  // A stroke is one action.
  const before = (await state(page)).hash;
  await page.mouse.move(...await cell(page, /^Picture/, 5, 5, 4, 0));
  await page.mouse.down();
  for (let column = 1; column < 5; ++column) {
    await page.mouse.move(...await cell(page, /^Picture/, 5, 5, 4, column), { steps: 4 });
    await settle(page, 60);
  }
  await page.mouse.up();
  await settle(page);
  same((await numbers(page, 'x')).slice(20), [3, 3, 3, 3, 3], 'the row that was painted');
  await page.evaluate(() => window.chainrule.undo());
  check((await state(page)).hash === before, 'one undo does not take the stroke back');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function by_keyboard_alone(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/sliding-kernel`);
  await page.locator('#canvas').focus();
  for (let i = 1; i <= 3; ++i) {
    await page.keyboard.press('ArrowRight');
    await until(page, (s) => s.step === i, `step ${i}`, 10);
  }
  await page.keyboard.press('ArrowLeft');
  await until(page, (s) => s.step === 2, 'a step back', 10);
  await grid(page, /^Output/).focus();
  await page.keyboard.press('ArrowRight');
  await settle(page);
  await page.keyboard.press('Enter');
  await settle(page, 800);
  check(await page.getByRole('radio', { name: 'Derivation', checked: true }).count() === 1, 'Enter opens no derivation');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function what_does_not_work_offers_what_does(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/sliding-kernel?v=1&kernel=7`);
  await settle(page);
  await screenshot(page, 'sliding-kernel-trouble');
  await page.getByRole('button', { name: /^Nearest that works: padding 1/ }).click();
  await settle(page);
  check((await state(page)).params.padding === 1, 'the offer is not taken');
  check((await numbers(page, 'y')).length === 1, '7×7 on 5×5 with padding 1 has one output');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function backward_is_sliding_too(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/conv-backward`);
  same(await numbers(page, 'dw'), [0, 7, 9, 2, 7, 7, 0, 1, 7], 'dw');
  await page.locator('#canvas').focus();
  await page.keyboard.press('j');
  await until(page, (s) => s.step === 9, 'the end of the forward pass', 10);
  await page.keyboard.press('j');
  await until(page, (s) => s.step === 18, 'the end of dw', 10);
  await settle(page);
  await screenshot(page, 'conv-backward-dw');
  check(await equation(page, /^dw.*= 7$/).count() === 1, 'dw[2,2] is not written out');
  check(await page.getByText(/^largest difference of all gradients: 0\.00000000/).count() === 1, 'the gradient check disagrees, or is not there');
  await page.evaluate(() => window.chainrule.step(7));
  await settle(page);
  await screenshot(page, 'conv-backward-dx');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function shared_weights_follow_a_shift(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/weight-sharing?v=1&shift=1`);
  await settle(page);
  check(await page.getByText(/^✓ The output is shifted/).count() === 1, 'shared weights do not follow');
  await page.evaluate(() => window.chainrule.set('wiring', 'locally connected'));
  await settle(page);
  check(await page.getByText(/^✗ The output is another one/).count() === 1, 'the local wiring follows');
  await screenshot(page, 'weight-sharing-local');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function wirings_are_counted(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/weight-sharing?v=1&step=4`);
  await settle(page);
  for (const wiring of ['shared weights', 'locally connected', 'fully connected']) {
    await page.evaluate((name) => window.chainrule.set('wiring', name), wiring);
    await settle(page);
    await screenshot(page, `weight-sharing-${wiring.split(' ')[0]}`);
  }
  same(await numbers(page, 'counts.full'), [54], 'full connections');
  same(await numbers(page, 'lenet.full.weights'), [4816896], 'LeNet-5, full');
  same(await numbers(page, 'lenet.shared'), [156], 'LeNet-5, shared');
  // The count tells where it comes from.
  await equation(page, /= 4,816,896$/).focus();
  await page.keyboard.press('Enter');
  await settle(page, 800);
  check(await equation(page, /^lenet\.units = 6 · 784 = 4704$/).count() === 1, 'the count of units is not written out');
  await screenshot(page, 'weight-sharing-count');
  // Turned weights: 0 · 2 + 0 · 0 + 2 · (−1).
  await page.evaluate(() => window.chainrule.set('wiring', 'shared weights'));
  await page.evaluate(() => window.chainrule.set('operation', 'convolution'));
  await settle(page);
  same(await numbers(page, 's1'), [-2], 'the first sum of the turned weights');
  await screenshot(page, 'weight-sharing-turned');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function sheets_fit_every_screen(browser, url) {
  const lessons = ['sliding-kernel?v=1&step=5', 'sliding-kernel?v=1&example=picture&size=64&step=70', 'conv-backward?v=1&step=22', 'channels-pooling?v=1&step=10', 'weight-sharing?v=1&shift=1&step=4'];
  for (const [name, options] of [['1280x720', { size: [1280, 720] }], ['390x844', { size: [390, 844], scale: 2, touch: true }], ['1920x1080-dark', { size: [1920, 1080], scheme: 'dark' }]])
    for (const lesson of lessons) {
      const { page, faults, close } = await open_app(browser, `${url}#/${lesson}`, options);
      await settle(page, 500);
      await screenshot(page, `sheet-${name}-${lesson.match(/[a-z-]+/)[0]}${lesson.includes('64') ? '-64' : ''}`);
      check(faults.length === 0, `${name} ${lesson}: the console says: ${faults.join(' | ')}`);
      await close();
    }
}
