// "The loss plane of a real network", as a person uses it: measured while training goes on, weights moved on the plane, LeNet.
import { check, open_app, screenshot, settle, until } from './harness.mjs';

const state = (page) => page.evaluate(() => window.chainrule.state());
const weight = (page, index) => page.evaluate((i) => window.chainrule.tensor('h1.w').then(({ data }) => data[i]), index);
const plane = (page) => page.getByRole('application', { name: 'Loss on the plane', exact: true });

export async function the_plane_is_measured_and_follows_training(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/loss-plane?v=1&plane=components&view=both`);
  await until(page, (s) => s.metrics.plane_side === 129, 'the finest grid', 60);
  const first = await state(page);
  await page.evaluate(() => window.chainrule.step(150));
  await until(page, (s) => s.step === 150 && s.metrics.plane_step === 150 && s.metrics.plane_side === 129, 'the plane of step 150', 90);
  const after = await until(page, (s) => s.metrics.evaluation_step === 150, 'the true loss of step 150', 30);
  check(after.metrics.evaluation_loss < first.metrics.evaluation_loss, `the true loss went from ${first.metrics.evaluation_loss} to ${after.metrics.evaluation_loss}`);
  check(after.metrics.plane_minimum <= after.metrics.evaluation_loss * 1.05, `the least loss on the plane is ${after.metrics.plane_minimum}, on the path ${after.metrics.evaluation_loss}`);
  await page.getByRole('button', { name: /^loss on all 500 training points/ }).click();
  await settle(page, 600);
  check(await page.getByRole('radio', { name: 'Derivation', checked: true }).count() === 1, 'no derivation of the loss opens');
  await screenshot(page, 'loss-plane-derivation');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function the_ring_moves_two_weights(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/loss-plane?v=1&points=33`);
  await until(page, (s) => s.metrics.plane_side === 33, 'the plane', 30);
  const before = [await weight(page, 0), await weight(page, 1)];
  await plane(page).focus();
  for (const key of ['Home', 'Enter', 'Control+ArrowRight', 'ArrowUp', 'Enter']) {
    await page.keyboard.press(key);
    await settle(page, 150);
  }
  check((await weight(page, 0)) > before[0] && (await weight(page, 1)) > before[1], `the weights are ${await weight(page, 0)}, ${await weight(page, 1)}; they were ${before}`);
  await page.keyboard.press('Control+z');
  await settle(page, 300);
  await page.keyboard.press('Control+z');
  await settle(page, 300);
  check((await weight(page, 0)) === before[0] && (await weight(page, 1)) === before[1], 'undo does not take the weights back');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function lenet_trains_while_its_plane_is_measured(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/loss-plane?v=1&network=lenet&plane=random&lr=0.02&batch=32&log=on`);
  await until(page, (s) => s.metrics.plane_side !== undefined, 'the digits', 30);
  const start = Date.now();
  await page.evaluate(() => window.chainrule.play());
  await until(page, (s) => s.metrics.plane_side >= 9, 'the first 81 losses', 90);
  console.log(`        the first 9 x 9 losses of LeNet on 256 digits after ${((Date.now() - start) / 1000).toFixed(1)} s, while it trains`);
  const coarse = await state(page);
  await until(page, (s) => s.metrics.plane_side >= 17 && s.step > coarse.step, 'a finer grid while training goes on', 180);
  await page.evaluate(() => window.chainrule.pause());
  await settle(page, 500);
  await screenshot(page, 'loss-plane-lenet');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function a_rate_too_large_ends_the_path_with_a_mark(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/loss-plane?v=1&activation=relu&lr=10&points=33`);
  await page.evaluate(() => window.chainrule.step(40));
  await until(page, (s) => s.step >= 40 || s.divergence !== '', 'the end of the run', 30);
  await settle(page, 800);
  await screenshot(page, 'loss-plane-large-rate');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function it_looks_right_on_every_screen(browser, url) {
  const screens = [['1280x720', { size: [1280, 720] }], ['390x844', { size: [390, 844], scale: 2, touch: true }], ['1920x1080-dark', { size: [1920, 1080], scheme: 'dark' }]];
  for (const [name, options] of screens) {
    const { page, faults, close } = await open_app(browser, `${url}#/loss-plane?v=1&plane=components&view=both&points=65`, options);
    await page.evaluate(() => window.chainrule.step(100));
    await until(page, (s) => s.step === 100 && s.metrics.plane_side === 65 && s.metrics.plane_step === 100, 'the plane', 60);
    await settle(page, 800);
    await screenshot(page, `loss-plane-${name}`);
    check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
    await close();
  }
}
