// Training on WebGPU in the app, on Chromium's software adapter: chosen by hand, since "automatic" never takes such an adapter.
import { check, choose_webgpu, open_app, screenshot, settle, until, with_gpu } from './harness.mjs';

const kNetwork = '#/lenet-mnist?network=mlp';
const losses = (page, count) => page.evaluate((n) => window.chainrule.step(n).then(() => window.chainrule.state()).then((state) => state.loss), count);

export async function trains_on_webgpu_as_the_cpu_does(browser, url) {
  const cpu = await open_app(browser, url + kNetwork);
  const expected = await losses(cpu.page, 150);
  await cpu.close();
  await with_gpu(async (other) => {
    const { page, faults } = await open_app(other, url + kNetwork, { init: choose_webgpu });
    const loss = await losses(page, 150);
    check(await page.evaluate(() => window.device !== undefined), 'no device was asked for');
    check(Math.abs(loss / expected - 1) < 0.01, `the loss of step 150 is ${loss} with WebGPU, ${expected} on the CPU`);
    const accuracy = (await until(page, (s) => s.metrics.test_accuracy_step === 150, 'the accuracy of step 150')).metrics.test_accuracy;
    check(accuracy > 0.75, `after 150 steps the accuracy is ${accuracy}`);
    await settle(page);
    await screenshot(page, 'gpu-trained');
    check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
  });
}

export async function goes_on_without_the_device(browser, url) {
  await with_gpu(async (other) => {
    const { page } = await open_app(other, url + kNetwork, { init: choose_webgpu });
    await page.evaluate(() => window.chainrule.step(100));
    const going = page.evaluate(() => window.chainrule.step(400).then(() => window.chainrule.state()));
    await settle(page, 600);
    await page.evaluate(() => window.device.destroy());
    const state = await going;
    check(state.step === 500 && state.divergence === '' && state.loss < 0.6, `after the loss of the device: ${JSON.stringify(state)}`);
    await settle(page);
    await screenshot(page, 'gpu-lost');
  });
}

const kPlane = '#/loss-plane?v=1&points=33&lr=0.05';
const note = (page) => page.getByText(/^≈ (Approximate|Ungefähr)/).count();

export async function the_loss_plane_trains_on_webgpu(browser, url) {
  const cpu = await open_app(browser, url + kPlane);
  const expected = await losses(cpu.page, 300);
  check((await note(cpu.page)) === 0, 'what the CPU trained is called approximate');
  await cpu.close();
  await with_gpu(async (other) => {
    const { page, faults } = await open_app(other, url + kPlane, { init: choose_webgpu });
    const loss = await losses(page, 300);
    check(await page.evaluate(() => window.device !== undefined), 'no device was asked for');
    check(Math.abs(loss / expected - 1) < 0.02, `the loss of step 300 is ${loss} with WebGPU, ${expected} on the CPU`);
    await settle(page, 600);
    check((await note(page)) === 1, 'it is not said that the weights are approximate');
    await screenshot(page, 'gpu-plane');
    const going = page.evaluate(() => window.chainrule.step(2000).then(() => window.chainrule.state()));
    await settle(page, 700);
    await page.evaluate(() => window.device.destroy());
    const state = await going;
    check(state.step === 2300 && state.divergence === '' && state.loss < loss, `after the loss of the device: ${JSON.stringify(state)}`);
    await page.evaluate(() => window.chainrule.seek(0));
    await settle(page, 600);
    check((await note(page)) === 0, 'the start, which no GPU made, is called approximate');
    check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
  });
}

/** In both lessons that train there, on a phone and in the dark. */
export async function approximate_numbers_are_marked_on_every_screen(browser, url) {
  await with_gpu(async (other) => {
    for (const [name, hash, size, scheme] of [['digits-phone', kNetwork, [390, 844], 'light'], ['plane-phone', kPlane, [390, 844], 'dark'], ['digits', kNetwork, [1280, 720], 'dark']]) {
      const { page, close } = await open_app(other, url + hash, { init: choose_webgpu, size, scheme, touch: size[0] < 500 });
      await page.evaluate(() => window.chainrule.step(120));
      await settle(page, 600);
      check((await note(page)) === 1, `${name}: no mark`);
      await screenshot(page, `gpu-marked-${name}`);
      await close();
    }
  });
}

export async function trains_where_there_is_no_adapter(browser, url) {
  const { page } = await open_app(browser, url + kNetwork, { init: choose_webgpu });
  const state = await page.evaluate(() => window.chainrule.step(100).then(() => window.chainrule.state()));
  check(state.step === 100 && state.loss < 1.0, JSON.stringify(state));
  await settle(page);
  await screenshot(page, 'gpu-none');
}
