// The page without the canvas: by keyboard alone, by fingers alone, by names and roles, and for readers of the screen.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { announced, check, open_app, said, screenshot, settle, until } from './harness.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const state = (page) => page.evaluate(() => window.chainrule.state());
const place = (page) => page.evaluate(() => document.querySelector('#twin + p').textContent);
const focus = (page) => page.evaluate(() => {
  const element = document.activeElement;
  return { name: element.getAttribute('aria-label') ?? '', role: element.getAttribute('role') ?? element.localName };
});
const clear = (page) => page.evaluate(() => { document.getElementById('announcer').textContent = ''; });

async function tab_to(page, name) {
  for (let i = 0; i < 150; ++i) {
    await page.keyboard.press('Tab');
    if ((await focus(page)).name.startsWith(name)) return;
  }
  throw new Error(`Tab does not lead to ${name}; it is at ${JSON.stringify(await focus(page))}`);
}

export async function the_keyboard_alone_steps_and_explains(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/lenet-mnist`);
  await tab_to(page, 'Step');
  for (let i = 0; (await focus(page)).name !== 'Step' && i < 3; ++i) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await said(page, /Step 1\. Loss \d\.\d+/, 'after Enter on Step');
  await page.keyboard.press('PageDown');
  await until(page, (s) => s.step === 2, 'the step of Page Down');
  await page.keyboard.press('PageUp');
  await until(page, (s) => s.step === 1, 'the step back of Page Up');
  await tab_to(page, 'digit/softmax.p');
  await settle(page);
  check(/^0: \d/.test(await place(page)), `at the bars it says "${await place(page)}"`);
  for (let i = 0; i < 3; ++i) await page.keyboard.press('ArrowDown');
  await settle(page, 600);
  check(/^3: \d/.test(await place(page)), `three bars on it says "${await place(page)}"`);
  await screenshot(page, 'twin-keyboard-bars');
  await page.keyboard.press('Enter');
  await said(page, /digit\/softmax\.p\[0, 3\] is .*exp/, 'after Enter on a bar');
  await tab_to(page, '= ');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await said(page, /digit\/fc2\.net/, 'after Enter on an operand');
  // Down to the product of a matrix, which is a long sum.
  const table = page.getByRole('application', { name: /^\d+ terms$/ });
  for (let i = 0; i < 4 && await table.count() === 0; ++i) {
    await page.keyboard.press('Home');
    for (let k = 0; k < 4; ++k) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await settle(page, 600);
  }
  await tab_to(page, await table.getAttribute('aria-label'));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  await settle(page, 600);
  check(/sum so far/.test(await place(page)), `in the table it says "${await place(page)}"`);
  await screenshot(page, 'twin-keyboard-terms');
  await page.keyboard.press('Escape');
  check((await focus(page)).role === 'canvas', 'Escape does not lead back to the canvas');
  await page.keyboard.press('Space');
  await until(page, (s) => s.step > 4, 'playing by Space');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function a_plot_is_walked_point_by_point(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist?network=linear`);
  await page.evaluate(() => window.chainrule.step(4));
  await tab_to(page, 'Loss on the mini-batches');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await settle(page, 600);
  check(/each batch, digits seen 64: \d/.test(await place(page)), `it says "${await place(page)}"`);
  await page.keyboard.press('ArrowDown');
  await settle(page, 600);
  check(/smoothed, digits seen 64: \d/.test(await place(page)), `on the other curve it says "${await place(page)}"`);
}

export async function a_press_counts_once_however_it_is_made(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist?network=linear`);
  const step = page.getByRole('button', { name: 'Step', exact: true });
  const presses = [() => step.click(), () => step.press('Enter'), () => step.press('Space'), () => step.evaluate((e) => e.click()), () => page.mouse.click(120, 692)];
  for (let i = 0; i < presses.length; ++i) {
    await presses[i]();
    await settle(page, 900);
    const now = await state(page);
    check(now.step === i + 1 && !now.playing, `press ${i + 1} leads to ${JSON.stringify([now.step, now.playing])}`);
  }
  await page.mouse.click(600, 300);
  check((await focus(page)).role === 'canvas', 'a press with the mouse takes the focus from the canvas');
}

export async function fields_take_numbers_and_say_what_they_refuse(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist?network=linear`);
  const rate = page.getByRole('spinbutton', { name: 'Learning rate' });
  for (const typed of ['abc', '1e300', 'NaN', '', '-1']) {
    await clear(page);
    await rate.click();
    await rate.fill(typed);
    await page.keyboard.press('Enter');
    await said(page, /Learning rate.*(from|to).*It stays 0\.02/, `after "${typed}"`);
    check((await state(page)).params.lr === '0.02' || (await state(page)).params.lr === 0.02, `"${typed}" changed the learning rate`);
  }
  await screenshot(page, 'twin-field-refused');
  await rate.fill('0.05');
  await page.keyboard.press('Tab');
  await until(page, (s) => Number(s.params.lr) === 0.05, 'a learning rate of 0.05');
  await rate.press('ArrowUp');
  await until(page, (s) => Math.abs(Number(s.params.lr) - 0.051) < 1e-6, 'a learning rate of 0.051');
  await rate.fill('7');
  await page.keyboard.press('Escape');
  await settle(page);
  check(Math.abs(Number((await state(page)).params.lr) - 0.051) < 1e-6, 'Escape does not restore');
  const slider = page.getByRole('slider', { name: 'Momentum' });
  await slider.press('End');
  await until(page, (s) => Number(s.params.momentum) > 0.9, 'more momentum');
  await page.getByRole('combobox', { name: 'Optimizer' }).selectOption('adam');
  await until(page, (s) => s.params.optimizer === 'adam', 'Adam');
  await page.getByRole('radio', { name: 'mlp' }).click();
  await until(page, (s) => s.params.network === 'mlp', 'the MLP');
  await page.getByRole('radio', { name: 'mlp' }).press('ArrowLeft');
  await until(page, (s) => s.params.network === 'lenet', 'the network beside the MLP');
  const first_weights = page.getByRole('combobox', { name: 'First weights' });
  await first_weights.focus();
  const { seed } = await state(page);
  await page.keyboard.type('n'); // a list goes to the option with that letter: it is no shortcut there
  await settle(page);
  check((await state(page)).seed === seed, 'a letter typed at a list was a shortcut');
  await first_weights.selectOption('he');
  await until(page, (s) => s.params.init === 'he' || Object.values(s.params).includes('he'), 'He weights');
}

export async function a_list_opens_on_the_canvas_for_the_mouse(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist?network=linear`, { scheme: 'dark' });
  const speed = page.getByRole('combobox', { name: 'Speed' });
  const chosen = () => speed.evaluate((e) => e.selectedOptions[0].text);
  const box = await speed.boundingBox();
  const before = await chosen();
  await speed.click();
  await settle(page, 600);
  await screenshot(page, 'twin-list-open');
  await page.mouse.click(box.x + 40, box.y - 4 * box.height + 10); // the first of four rows above the field
  await settle(page, 600);
  check(await chosen() === '1 step/s' && before !== '1 step/s', `${before} was followed by ${await chosen()}`);
  await speed.selectOption('20 steps/s');
  await settle(page, 600);
  check(await chosen() === '20 steps/s', `by the keyboard's list: ${await chosen()}`);
}

export async function what_is_scrolled_away_is_reached(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist`);
  await settle(page);
  const last = page.getByRole('spinbutton', { name: 'Digit number' });
  check(await last.evaluate((e) => e.classList.contains('out-of-view')), 'the last setting should be out of view at first');
  await last.focus();
  await settle(page, 800);
  check(!(await last.evaluate((e) => e.classList.contains('out-of-view'))), 'the focus does not scroll it into view');
  await page.mouse.move(1100, 400);
  await page.mouse.wheel(0, -5000);
  await settle(page, 800);
  check(await last.evaluate((e) => e.classList.contains('out-of-view')), 'the wheel does not scroll through the elements');
}

/** The settings or the derivation on a phone: a sheet that a tap opens. */
async function phone(browser, url, hash) {
  return open_app(browser, `${url}#/${hash}`, { size: [390, 844], scale: 3, touch: true });
}

export async function fingers_alone_type_a_weight_at_390_pixels(browser, url) {
  const { page, faults } = await phone(browser, url, 'lenet-mnist?network=linear');
  await settle(page, 800);
  await page.getByRole('button', { name: 'Step', exact: true }).tap();
  await until(page, (s) => s.step === 1, 'the step of a tap');
  await page.getByRole('tab', { name: 'Weights' }).tap();
  await settle(page, 800);
  const grid = await page.getByRole('application', { name: /^fc1\.w|^fc\.w|\.w, / }).first().boundingBox();
  await page.touchscreen.tap(grid.x + 0.3 * grid.width, grid.y + 0.2 * Math.min(grid.height, 200));
  const field = page.getByRole('spinbutton', { name: 'Set this number' });
  await field.waitFor();
  await settle(page, 800);
  await screenshot(page, 'twin-phone-derivation');
  await field.tap();
  check((await focus(page)).name === 'Set this number', `a tap on the field leads to ${JSON.stringify(await focus(page))}`);
  await page.keyboard.type('0.25');
  await screenshot(page, 'twin-phone-typing');
  await page.keyboard.press('Enter');
  await said(page, /is 0\.25\. .*by hand/, 'after 0.25 was typed');
  const [, name, index] = /(\S+?)\[([\d, ]+)\] is 0\.25/.exec(await announced(page));
  const value = await page.evaluate(([tensor, at]) => window.chainrule.tensor(tensor).then((t) => {
    const place = at.split(',').map(Number).reduce((sum, k, axis) => sum * t.shape[axis] + k, 0);
    return t.data[place];
  }), [name, index]);
  check(value === 0.25, `${name}[${index}] is ${value}`);
  await screenshot(page, 'twin-phone-typed');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

async function touches(page, type, points) {
  page.session ??= await page.context().newCDPSession(page);
  await page.session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
}

export async function fingers_look_drag_and_pinch(browser, url) {
  const { page } = await phone(browser, url, 'lenet-mnist?network=linear');
  await page.evaluate(() => window.chainrule.step(1));
  await page.getByRole('tab', { name: 'Weights' }).tap();
  await settle(page, 800);
  const box = await page.getByRole('application', { name: /\.w, / }).first().boundingBox();
  await clear(page);
  await touches(page, 'touchStart', [[box.x + 60, box.y + 60]]);
  await settle(page, 900);
  await screenshot(page, 'twin-phone-long-press');
  await touches(page, 'touchEnd', []);
  await settle(page, 500);
  check(await announced(page) === '', `a long press opens something: "${await announced(page)}"`);

  const top = async () => (await page.getByRole('tab', { name: 'Weights' }).boundingBox()).y;
  const before = await top();
  await touches(page, 'touchStart', [[box.x + 60, box.y + 160]]);
  for (let y = 160; y >= 40; y -= 20) {
    await touches(page, 'touchMove', [[box.x + 60, box.y + y]]);
    await settle(page, 30);
  }
  await touches(page, 'touchEnd', []);
  await settle(page, 600);
  check(await top() < before - 40, `a drag does not scroll: ${before} and then ${await top()}`);

  const scale = () => page.evaluate(() => document.documentElement.style.getPropertyValue('--scale'));
  const small = Number(await scale());
  await touches(page, 'touchStart', [[150, 400]]);
  await touches(page, 'touchStart', [[150, 400], [250, 400]]);
  await touches(page, 'touchMove', [[130, 400], [270, 400]]);
  await touches(page, 'touchMove', [[110, 400], [290, 400]]);
  await touches(page, 'touchEnd', []);
  await settle(page, 800);
  check(Number(await scale()) > small, `two fingers do not scale: ${small} and then ${await scale()}`);
}

export async function axe_finds_nothing(browser, url) {
  for (const options of [{}, { scheme: 'dark' }, { size: [390, 844], scale: 2, touch: true }, { size: [390, 844], scale: 2, touch: true, scheme: 'dark' }]) {
    const { page, close } = await open_app(browser, `${url}#/lenet-mnist?network=linear`, options);
    await page.evaluate(() => window.chainrule.step(2));
    await settle(page, 800);
    await page.evaluate(axe); // past the page's own policy, which allows no foreign script
    const found = await page.evaluate(() => window.axe.run().then(({ violations }) =>
      violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(' ; ')}`)));
    check(found.length === 0, `${JSON.stringify(options)}: ${found.join('\n')}`);
    await close();
  }
}

export async function the_twin_is_small_and_quick(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist`);
  await page.evaluate(() => window.chainrule.play());
  await settle(page, 4000);
  await page.evaluate(() => window.chainrule.pause?.() ?? window.chainrule.play(false));
  const { nodes, each, updates } = await page.evaluate(() => {
    const { nodes, milliseconds, updates } = document.getElementById('twin').twin;
    return { nodes: nodes.size, each: milliseconds / updates, updates };
  });
  console.log(`        ${nodes} elements; ${updates} updates of ${each.toFixed(2)} ms each while it plays`);
  check(nodes <= 500, `${nodes} elements`);
  await settle(page, 3000);
  const count = () => page.evaluate(() => document.getElementById('twin').twin.updates);
  const before = await count();
  for (let x = 400; x < 500; x += 10) await page.mouse.move(x, 30);
  await settle(page, 500);
  check(await count() === before, 'frames in which nothing changes send something');
}
