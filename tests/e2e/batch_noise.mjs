// "Batch size and noise", as a person uses it: B set with the slider, the cloud, its numbers, and a network.
import { check, open_app, screenshot, settle } from './harness.mjs';

const state = (page) => page.evaluate(() => window.chainrule.state());
const tensor = (page, name) => page.evaluate((n) => window.chainrule.tensor(n).then(({ data }) => [...data]), name);

export async function a_larger_batch_has_a_smaller_cloud(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/batch-noise?v=1&size=1`);
  const one = await tensor(page, 'measured');
  await settle(page);
  await screenshot(page, 'batch-noise-1');
  const slider = page.getByRole('slider', { name: 'Batch size B' }).first();
  await slider.focus();
  for (let i = 0; i < 40 && (await state(page)).params.size < 16; ++i) {
    await page.keyboard.press('ArrowRight');
    await settle(page, 60);
  }
  await settle(page);
  const { params } = await state(page), many = await tensor(page, 'measured'), expected = await tensor(page, 'expected'), single = await tensor(page, 'single');
  check(params.size === 16, `the slider stands at ${params.size}`);
  const share = (32 - 16) / (16 * 31);
  for (const k of [0, 3]) {
    check(Math.abs(expected[k] - share * single[k]) < 1e-5 * single[k], `${expected[k]} is expected, not ${share * single[k]}`);
    check(Math.abs(many[k] / expected[k] - 1) < 0.4 && many[k] < one[k] / 10, `measured are ${many[k]}, with one sample ${one[k]}`);
  }
  await screenshot(page, 'batch-noise-16');
  await page.getByRole('application', { name: 'Spread of the cloud' }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await settle(page, 600);
  check(await page.getByRole('radio', { name: 'Derivation', checked: true }).count() === 1, 'a variance opens no derivation');
  await screenshot(page, 'batch-noise-derivation');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function a_network_and_a_phone(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/batch-noise?v=1&model=network&size=4&step=20`, { size: [1920, 1080], scheme: 'dark' });
  await settle(page);
  await screenshot(page, 'batch-noise-network-1920-dark');
  const cloud = await tensor(page, 'cloud'), samples = await tensor(page, 'samples'), draws = await tensor(page, 'draws');
  for (const k of [0, 77, 199]) {
    const mean = [0, 1, 2, 3].reduce((sum, b) => sum + samples[2 * draws[4 * k + b]], 0) / 4;
    check(Math.abs(cloud[2 * k] - mean) < 1e-5, `batch ${k} has ${cloud[2 * k]}, not ${mean}`);
  }
  const before = (await state(page)).loss;
  await page.evaluate(() => window.chainrule.step(200));
  check((await state(page)).loss < before, 'the network does not learn');
  const phone = await open_app(browser, `${url}#/batch-noise`, { size: [390, 844], touch: true });
  await settle(phone.page);
  await screenshot(phone.page, 'batch-noise-phone');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}
