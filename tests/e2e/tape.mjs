// Canvas A as a person uses it: deck 003's example by keyboard, numbers that are changed, and what a link carries.
import { check, open_app, said, screenshot, settle, until } from './harness.mjs';

const state = (page) => page.evaluate(() => window.chainrule.state());
const near = (got, exact, what) => check(Math.abs(got - exact) <= 1e-6 * Math.abs(exact), `${what} is ${got}, not ${exact}`);
const number = (page, tensor, index = 0) =>
  page.evaluate(([name, at]) => window.chainrule.tensor(name).then(({ data }) => data[at]), [tensor, index]);

export async function the_worked_example_by_keyboard_alone(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/worked-example`);
  await page.locator('#canvas').focus();
  for (let i = 1; i <= 7; ++i) {
    await page.keyboard.press('ArrowRight');
    await until(page, (s) => s.step === i, `step ${i}`, 10);
  }
  near((await state(page)).loss, 0.12211905577, 'the error');
  await page.keyboard.press('j'); // backward
  await until(page, (s) => s.step === 22, 'the end of the backward pass', 10);
  await page.keyboard.press('u'); // and the update
  const { step } = await until(page, (s) => s.step === 28, 'the end of the update', 10);
  near(await number(page, 'o.w', 0), 0.289642810705, 'w5′');
  for (let i = 1; i <= 7; ++i) await page.keyboard.press('PageDown');
  await until(page, (s) => s.step === step + 7, 'the second error', 10);
  near(await number(page, 'o.out'), 0.579264842144, 'the new output');
  near((await state(page)).loss, 0.114847394458, 'the new error');
  await screenshot(page, 'worked-example');
  // What stands in the card is read out as text.
  const equation = page.getByRole('application', { name: /^E = / });
  check(/≈ 0\.1148|= 0\.1148/.test(await equation.getAttribute('aria-label')), await equation.getAttribute('aria-label'));
  await page.keyboard.press('ArrowLeft');
  await until(page, (s) => s.step === step + 6, 'a step back', 10);
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function a_changed_number_changes_all_that_follows(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/backprop?v=1&example=deck-003`);
  await page.evaluate(() => window.chainrule.step(28));
  const before = await state(page);
  await page.evaluate(() => window.chainrule.edit('x', 0, 0.5));
  near(await number(page, 'h.net', 0), 0.5 * 0.14 + 0.1 * 0.19, 'net_h1 after the change');
  const there = await state(page);
  check(there.link_exact && there.hash !== before.hash, 'the change is not in the state');
  const { page: other } = await open_app(browser, url + there.link);
  const here = await until(other, (s) => s.step === 28, 'the same by its link', 20);
  check(here.hash === there.hash, `${there.link} leads to ${here.hash}, not ${there.hash}`);
  await page.evaluate(() => window.chainrule.undo());
  check((await state(page)).hash === before.hash, 'undo leads elsewhere');
  const refused = await page.evaluate(() => window.chainrule.edit('x', 0, NaN).then(() => '', (error) => error.message));
  check(/cannot be NaN/.test(refused), `NaN is answered with: ${refused}`);
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function every_number_of_the_network_can_be_asked_and_set(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/worked-example`);
  await page.evaluate(() => window.chainrule.step(20));
  await settle(page, 600);
  const network = page.getByRole('application', { name: 'The network' });
  await network.focus();
  await page.keyboard.press('Home'); // x1
  await page.keyboard.press('Enter');
  await settle(page, 800);
  check(await page.getByRole('radio', { name: 'Derivation', checked: true }).count() === 1, 'no derivation opens');
  // What was chosen can be typed over in place.
  const field = page.getByRole('spinbutton', { name: 'Set x1' });
  await field.focus();
  await page.keyboard.type('0.5');
  await page.keyboard.press('Enter');
  await settle(page, 600);
  near(await number(page, 'x'), 0.5, 'x1');
  await said(page, /x\[0, 0\] is 0\.5\./, 'the open derivation');
  near(await number(page, 'h.net', 0), 0.5 * 0.14 + 0.1 * 0.19, 'net_h1 after it');
  await page.keyboard.press('ArrowUp');
  await settle(page, 600);
  near(await number(page, 'x'), 0.51, 'x1 after an arrow key');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('ten');
  await page.keyboard.press('Enter');
  await said(page, /"ten" is no number that fits.*x1 keeps 0\.51/, 'after "ten"');
  await screenshot(page, 'tape-typed');
  await page.getByRole('button', { name: /^Go to E 0\./ }).click();
  await until(page, (s) => s.step === 7, 'the step of E', 10);
  const digits = () => page.evaluate(() => window.chainrule.state().then?.((s) => s.params.digits) ?? window.chainrule.state().params.digits);
  await page.locator('#canvas').focus();
  await page.keyboard.press('a');
  await settle(page, 400);
  check(await digits() === 'all', 'A does not write all digits');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function divergence_is_told_and_can_be_stepped_back_from(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/backprop?v=1&layers=1&output=identity&lr=1000`);
  await page.evaluate(() => window.chainrule.step(1000));
  const end = await state(page);
  check(/Step back, or lower the learning rate/.test(end.divergence), end.divergence);
  check(end.step < 1000, 'it goes on');
  await page.evaluate(() => window.chainrule.step(-1));
  check((await state(page)).divergence === '', 'a step back does not lead out of it');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function the_tape_fits_every_screen(browser, url) {
  for (const [name, options] of [['1280x720', { size: [1280, 720] }], ['390x844', { size: [390, 844], scale: 2, touch: true }], ['1920x1080-dark', { size: [1920, 1080], scheme: 'dark' }]]) {
    for (const hash of ['#/worked-example?v=1&slide=on', '#/backprop?v=1&example=xor&check=on', '#/backprop?v=1&layers=5&units-1=8&units-2=8&units-3=8&units-4=8&inputs=8&units-5=4&view=matrices']) {
      const { page, faults, close } = await open_app(browser, url + hash, options);
      await page.evaluate(() => window.chainrule.step(19));
      await settle(page, 700);
      await screenshot(page, `tape-${name}-${hash.match(/\/([a-z-]+)/)[1]}-${hash.length}`);
      check(faults.length === 0, `${name} ${hash}: the console says: ${faults.join(' | ')}`);
      await close();
    }
  }
}
