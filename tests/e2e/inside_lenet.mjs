// "Inside a trained LeNet", as a person uses it, with the weights that come with the page and with those of a training of one's own.
import { check, open_app, screenshot, settle, until } from './harness.mjs';

const state = (page) => page.evaluate(() => window.chainrule.state());
const tensor = (page, name) => page.evaluate((n) => window.chainrule.tensor(n).then(({ shape, data }) => ({ shape, data: [...data] })), name);
/** The lesson is there with its digits and weights. */
async function inside(page) {
  await until(page, (s) => s.lesson === 'inside-lenet', 'the lesson');
  for (let tries = 0; (await page.evaluate(() => window.chainrule.tensors())).length === 0; ++tries) {
    check(tries < 100, 'the weights did not come');
    await settle(page, 200);
  }
}
const tab = async (page, name) => {
  await page.getByRole('tab', { name, exact: true }).click();
  await settle(page, 900);
};

export async function feature_maps_down_to_each_product(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/inside-lenet?v=1&layer=conv2&map=7&cell=27&channel=3`, { size: [1920, 1080] });
  await inside(page);
  await settle(page, 600);
  // The window of conv2, map 7, row 3, column 3, worked out here.
  const x = await tensor(page, 'digit/pool1'), w = await tensor(page, 'digit/conv2.w'), b = await tensor(page, 'digit/conv2.b'), net = await tensor(page, 'digit/conv2.net');
  let sum = b.data[7];
  for (let c = 0; c < 20; ++c)
    for (let r = 0; r < 5; ++r)
      for (let s = 0; s < 5; ++s) sum += x.data[(c * 12 + 3 + r) * 12 + 3 + s] * w.data[((7 * 20 + c) * 5 + r) * 5 + s];
  check(Math.abs(sum - net.data[(7 * 8 + 3) * 8 + 3]) < 1e-3, `net is ${net.data[(7 * 8 + 3) * 8 + 3]}, not ${sum}`);
  await screenshot(page, 'inside-maps');
  const step = (await state(page)).step;
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await until(page, (s) => s.step === step + 1, 'a step');
  // A number of the window opens its derivation.
  await page.getByRole('application', { name: /Products/ }).first().focus();
  await page.keyboard.press('Enter');
  await settle(page, 600);
  check(await page.getByRole('radio', { name: 'Derivation', checked: true }).count() === 1, 'a product opens no derivation');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function a_unit_is_driven_up_and_its_top_nine_found(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/inside-lenet?v=1&part=detects&detect-layer=fc2&detect-unit=3`, { size: [1280, 720] });
  await inside(page);
  const unit = async () => (await state(page)).metrics.unit;
  const before = await unit();
  await page.evaluate(() => window.chainrule.step(15));
  await until(page, (s) => s.step === 15, 'fifteen steps');
  check(await unit() > before + 5, `the unit rose from ${before} to ${await unit()} only`);
  const x = (await tensor(page, 'ascent/x')).data;
  check(Math.hypot(...x) < 9.001, `the picture has norm ${Math.hypot(...x)}`);
  await until(page, (s) => s.metrics.digits_seen >= 1000, 'all test digits');
  await settle(page, 500);
  await screenshot(page, 'inside-detects');
  await page.getByRole('application', { name: /^test digit/ }).first().focus();
  await page.keyboard.press('Enter');
  await until(page, (s) => s.params.part === 'maps' && s.params.layer === 'fc2', 'the digit among the feature maps');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function hidden_units_and_the_quiz(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/inside-lenet?v=1&part=weights`, { size: [1280, 720] });
  await inside(page);
  await settle(page, 600);
  check((await tensor(page, 'net/fc1.w')).shape.join() === '128,784', 'the hidden layer has another shape');
  await screenshot(page, 'inside-weights');
  await tab(page, 'Quiz');
  await page.getByRole('button', { name: 'a dark top left corner' }).click();
  await settle(page, 400);
  check(await page.getByText(/Not quite/).count() > 0, 'a wrong answer is not told');
  await page.getByRole('button', { name: 'a horizontal line in the top row' }).click();
  await settle(page, 400);
  check(await page.getByText(/Right\. Pixels 1 to 5/).count() > 0, 'the right answer is not explained');
  await page.getByRole('button', { name: 'input top-row' }).click();
  await settle(page, 400);
  const value = async (name) => (await tensor(page, name)).data[0];
  check(await value('s') === 10 && await value('z') === 3, `its own picture gives ${await value('z')}`);
  await page.getByRole('button', { name: 'input corner' }).click();
  await settle(page, 400);
  check(await value('z') === -3, `the corner gives ${await value('z')}`);
  await screenshot(page, 'inside-quiz');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function shifted_digits_lose_the_mlp_first(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/inside-lenet?v=1&part=shift&digit=0&shift=42`, { size: [1280, 720] });
  await inside(page);
  await settle(page, 500);
  const from = (await tensor(page, 'shift/x')).data, to = (await tensor(page, 'shift/y')).data;
  for (let row = 0; row < 28; ++row)
    for (let column = 0; column < 28; ++column)
      check(to[row * 28 + column] === (column >= 2 ? from[row * 28 + column - 2] : 0), `the pixel at ${row}, ${column} is not the one two to its left`);
  const { metrics } = await until(page, (s) => s.metrics.counted === 1, 'the curve', 120);
  check(metrics.cnn_0 > 0.98 && metrics.mlp_0 > 0.95, `not moved: ${metrics.cnn_0} and ${metrics.mlp_0}`);
  check(metrics.cnn_2 > metrics.mlp_2 + 0.03 && metrics['cnn_-2'] > metrics['mlp_-2'] + 0.03, `moved by 2: ${metrics.cnn_2} and ${metrics.mlp_2}`);
  await settle(page, 400);
  await screenshot(page, 'inside-shift');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function a_network_of_ones_own_is_looked_into(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/lenet-mnist?v=1&step=2`, { size: [1920, 1080] });
  await until(page, (s) => s.step === 2, 'two steps of training');
  const trained = (await tensor(page, 'conv1.w')).data;
  await tab(page, 'Close-up');
  await screenshot(page, 'inside-closeup');
  await page.getByRole('button', { name: 'Look inside this network' }).click();
  await inside(page);
  await until(page, (s) => s.params.weights === 'own', 'the network of one\'s own');
  await settle(page, 500);
  const seen = (await tensor(page, 'digit/conv1.w')).data;
  check(seen.length === 500 && seen.every((v, i) => v === trained[i]), 'other weights are looked at');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function on_a_phone(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/inside-lenet`, { size: [390, 844] });
  await inside(page);
  for (const [name, part] of [['Maps', 'maps'], ['Detects', 'detects'], ['Hidden', 'weights'], ['Quiz', 'quiz'], ['Shift', 'shift']]) {
    await tab(page, name);
    check((await state(page)).params.part === part, `${name} leads to ${(await state(page)).params.part}`);
    await screenshot(page, `inside-phone-${part}`);
  }
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}
