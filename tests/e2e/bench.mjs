// #/bench as a visitor uses it: from the settings, measured, stopped, copied, left. And the engine module in a page.
import { check, open_app, screenshot, settle } from './harness.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: typeof name === 'string' });

export async function measures_this_machine(browser, url) {
  const { page, faults, context } = await open_app(browser, `${url}#/bench`);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  check((await page.title()).startsWith('How fast is it here?'), `the title is ${await page.title()}`);
  await button(page, 'Measure').click();
  await button(page, 'Stop').waitFor();
  await settle(page, 1500);
  await screenshot(page, 'bench-measuring');
  await button(page, 'Measure again').waitFor({ timeout: 120000 });
  await settle(page, 500);
  await screenshot(page, 'bench-1280x720');
  await button(page, 'Copy as JSON').click();
  await settle(page, 600);
  const result = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  check(result.works.length === 10, `works: ${JSON.stringify(result)}`);
  for (const { id, rate } of result.works) check(rate.median > 0 && rate.low <= rate.median && rate.median <= rate.high, `${id}: ${JSON.stringify(rate)}`);
  const value = (id) => result.works.find((work) => work.id === id).rate.high;
  check(value('peak') > 2 && value('lenet') > 50 && value('matmul-512') > 1, `too slow to be true: ${JSON.stringify(result.works)}`);
  await button(page, 'Copy the result').click();
  await settle(page, 600);
  const text = await page.evaluate(() => navigator.clipboard.readText());
  check(/train LeNet, batch 32: [\d,.]+ images\/s/.test(text), `the text is ${text}`);
  for (const [name, size, scheme] of [['1920x1080', [1920, 1080], 'light'], ['390x844-dark', [390, 844], 'dark'], ['1280x720-dark', [1280, 720], 'dark']]) {
    await page.setViewportSize({ width: size[0], height: size[1] });
    await page.emulateMedia({ colorScheme: scheme });
    await settle(page, 900);
    await screenshot(page, `bench-${name}`);
  }
  check(faults.length === 0, `faults: ${faults}`);
}

export async function leads_back_to_the_lesson(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/lenet-mnist?lr=0.05`);
  await page.evaluate(() => window.chainrule.step(2));
  const link = button(page, 'How fast is it here?');
  await link.focus();
  await page.keyboard.press('Enter');
  await button(page, 'Measure').click();
  await settle(page, 400);
  check((await page.evaluate(() => location.hash)) === '#/bench', 'the address is not #/bench');
  await button(page, 'Stop').click();
  await button(page, /^Measure/).waitFor();
  check(await button(page, 'Copy the result').isDisabled(), 'there is no result to copy');
  const frames = async () => (await page.evaluate(() => window.chainrule.state())).frame;
  await settle(page, 1500);
  const before = await frames();
  await settle(page, 1500);
  check((await frames()) - before <= 1, 'it draws although nothing happens');
  await button(page, 'Back to the lesson').click();
  await settle(page, 800);
  const state = await page.evaluate(() => window.chainrule.state());
  check(state.lesson === 'lenet-mnist' && state.step === 2, `the lesson is ${state.lesson} at step ${state.step}`);
  check((await page.evaluate(() => location.hash)).includes('lenet-mnist'), 'the address is not the lesson\'s');
  check(faults.length === 0, `faults: ${faults}`);
}

// Under the site's own strict rules, and fast from nothing to a trained step.
export async function the_engine_module_trains_in_a_page(browser, url) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${url}files.json`);
  const { losses, milliseconds } = await page.evaluate(async () => {
    const begin = performance.now();
    const { createEngine } = await import('/engine/chainrule-engine.js');
    const engine = await createEngine();
    const net = engine.network({ input: 2, layers: [{ type: 'dense', units: 8, activation: 'tanh' }, { type: 'dense', units: 2 }], batch: 4,
      optimizer: { name: 'adam', lr: 0.05 }, seed: 7 });
    const [x, y] = [[0, 0, 0, 1, 1, 0, 1, 1], [0, 1, 1, 0]];
    const first = net.train(x, y);
    const elapsed = performance.now() - begin;
    return { losses: [first[0], net.train(x, y, { steps: 200 }).at(-1)], milliseconds: elapsed };
  });
  console.log(`        the first trained step after ${milliseconds.toFixed(0)} ms`);
  check(losses[0] > 0.6 && losses[1] < 0.05, `losses ${losses}`);
}
