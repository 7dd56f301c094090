// Vanishing gradients and mistakes in backpropagation, as a person uses them.
import { check, open_app, screenshot, settle, until } from './harness.mjs';

const number = (page, tensor, index = 0) =>
  page.evaluate(([name, at]) => window.chainrule.tensor(name).then(({ data }) => data[at]), [tensor, index]);
const near = (got, exact, what) => check(Math.abs(got - exact) <= 1e-6 * Math.abs(exact), `${what} is ${got}, not ${exact}`);

export async function seven_thousand_million_updates_and_never(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/vanishing-gradients`);
  near(await number(page, 'h1.w.grad'), 1e-10, 'the gradient');
  await page.getByRole('button', { name: 'in exact arithmetic: 7,000,000,000' }).waitFor();
  await page.getByRole('button', { name: 'in float32: never' }).click();
  await settle(page, 600);
  check(await page.getByRole('radio', { name: 'Derivation', checked: true }).count() === 1, 'no derivation opens');
  // The factors are one drawing with a cursor: its equation is read out.
  const product = page.getByRole('application', { name: /^∂E\/∂w1 = .* 0\.25 · 0\.5 · / });
  check(await product.count() === 1, 'the product is not there');
  await page.evaluate(() => window.chainrule.set('w', 4));
  near(await number(page, 'h1.net.grad'), await number(page, 'o.net.grad'), 'with w = 4 the gradient at the first layer');
  await page.evaluate(() => window.chainrule.set('w', 0.5));
  await page.locator('#canvas').focus();
  for (let i = 1; i <= 3; ++i) {
    await page.keyboard.press('ArrowRight');
    await until(page, (s) => s.step === i, `step ${i}`, 10);
  }
  check(await number(page, 'h1.w.moved') === 0, 'the first weight has moved');
  check(await number(page, 'o.w.moved') !== 0, 'the last weight has not moved');
  await page.keyboard.press('ArrowLeft');
  await until(page, (s) => s.step === 2, 'a step back', 10);
  await page.getByRole('button', { name: 'Look at w5' }).click();
  await page.getByText('How many updates until w5 has moved by 0.7?').first().waitFor({ state: 'attached' });
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function the_check_finds_each_mistake(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/wrong-gradients?v=1&slope-left-out=off`);
  await page.getByText(/✓ All 25 gradients agree/).first().waitFor({ state: 'attached' });
  for (const name of ['σ′ left out', 'Weight used for input', 'Sign turned round', 'Mean over samples forgotten', 'Weights already updated', 'Transpose forgotten']) {
    const one = page.getByRole('switch', { name }).first();
    await one.click();
    await page.getByText(/✗ \d+ of 25 gradients are wrong/).first().waitFor({ state: 'attached' });
    await one.click();
    await page.getByText(/✓ All 25 gradients agree/).first().waitFor({ state: 'attached' });
  }
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function a_wrong_gradient_shows_its_rule(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/wrong-gradients?v=1&slope-left-out=off&weight-for-input=on`);
  await page.evaluate(() => window.chainrule.step(100));
  await page.getByRole('button', { name: /, wrong$/ }).first().click();
  await settle(page, 600);
  check(await page.getByRole('radio', { name: 'Derivation', checked: true }).count() === 1, 'no derivation opens');
  await screenshot(page, 'wrong-gradients-derivation');
  const there = await page.evaluate(() => window.chainrule.state());
  const { page: other } = await open_app(browser, url + there.link);
  const here = await until(other, (s) => s.step === 100, 'the same by its link', 20);
  check(here.hash === there.hash, `${there.link} leads to ${here.hash}, not ${there.hash}`);
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function both_fit_every_screen(browser, url) {
  const screens = [['1280x720', { size: [1280, 720] }], ['390x844', { size: [390, 844], scale: 2, touch: true }], ['1920x1080-dark', { size: [1920, 1080], scheme: 'dark' }]];
  const links = [['default', '#/vanishing-gradients'], ['wide', '#/vanishing-gradients?v=1&weights=he&activation=ReLU&width=8&depth=30&lr=0.1'],
    ['default', '#/wrong-gradients'], ['two', '#/wrong-gradients?v=1&transpose-forgotten=on&mean-forgotten=on']];
  for (const [screen, options] of screens) {
    for (const [name, hash] of links) {
      const { page, faults, close } = await open_app(browser, url + hash, options);
      const slug = hash.match(/\/([a-z-]+)/)[1];
      await page.evaluate((steps) => window.chainrule.step(steps), slug.startsWith('wrong') ? 300 : 20);
      await settle(page, 700);
      await screenshot(page, `${slug}-${screen}-${name}`);
      check(faults.length === 0, `${screen} ${hash}: the console says: ${faults.join(' | ')}`);
      await close();
    }
  }
}
