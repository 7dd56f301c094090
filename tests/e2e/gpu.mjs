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

export async function trains_where_there_is_no_adapter(browser, url) {
  const { page } = await open_app(browser, url + kNetwork, { init: choose_webgpu });
  const state = await page.evaluate(() => window.chainrule.step(100).then(() => window.chainrule.state()));
  check(state.step === 100 && state.loss < 1.0, JSON.stringify(state));
  await settle(page);
  await screenshot(page, 'gpu-none');
}
