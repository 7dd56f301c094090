// The loss plane on WebGPU, on Chromium's software adapter: chosen by hand, since "automatic" never takes such an adapter.
import { check, choose_webgpu, open_app, screenshot, settle, until, with_gpu } from './harness.mjs';

const kPlane = '#/loss-plane?v=1&plane=random&points=65';

/** What is said of the plane through the weights of step 1: the device had time to come, and the plane before is there. */
async function measured(page) {
  await until(page, (s) => s.metrics.plane_side === 65, 'a first plane', 90);
  await page.evaluate(() => window.chainrule.step(1));
  return (await until(page, (s) => s.metrics.plane_step === 1 && s.metrics.plane_side === 65, 'the plane of step 1', 90)).metrics;
}

export async function the_same_plane_is_measured_on_webgpu(browser, url) {
  const cpu = await open_app(browser, url + kPlane);
  const expected = await measured(cpu.page);
  check(expected.plane_approximate === 0, 'the CPU\'s plane is marked as approximate');
  await cpu.close();
  await with_gpu(async (other) => {
    for (const [name, options] of [['1280x720', { size: [1280, 720] }], ['390x844', { size: [390, 844], scale: 2, touch: true, scheme: 'dark' }]]) {
      const { page, faults, close } = await open_app(other, url + kPlane, { ...options, init: choose_webgpu });
      const found = await measured(page);
      check(found.plane_approximate === 1, 'no loss of the plane is WebGPU\'s');
      check(Math.abs(found.plane_minimum / expected.plane_minimum - 1) < 1e-3, `the least loss is ${found.plane_minimum}, on the CPU ${expected.plane_minimum}`);
      check(await page.getByText('≈ From WebGPU').count() === 1, 'the plane is not marked');
      await settle(page, 600);
      await screenshot(page, `gpu-plane-${name}`);
      const plane = page.getByRole('application', { name: 'Loss on the plane', exact: true });
      const box = await plane.boundingBox();
      await page.mouse.click(box.x + 0.3 * box.width, box.y + 0.4 * box.height);
      await settle(page, 600);
      check(await page.getByRole('button', { name: /^loss at .* the plane is off by / }).count() === 1, 'the loss at a point that was clicked is not there');
      await screenshot(page, `gpu-plane-${name}-derivation`);
      check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
      await close();
    }
  });
}

export async function the_plane_goes_on_without_the_device(browser, url) {
  await with_gpu(async (other) => {
    const { page } = await open_app(other, `${url}#/loss-plane?v=1&plane=random&points=129`, { init: choose_webgpu });
    await until(page, (s) => s.metrics.plane_side >= 17 && s.metrics.plane_approximate === 1, 'losses from WebGPU');
    await page.evaluate(() => window.device.destroy());
    await until(page, (s) => s.metrics.plane_side === 129, 'the whole plane');
    await page.evaluate(() => window.chainrule.step(30));
    const after = await until(page, (s) => s.step === 30 && s.metrics.plane_step === 30 && s.metrics.plane_side === 129, 'the plane of step 30');
    check(after.metrics.plane_approximate === 0, 'a plane that the CPU has measured is marked as approximate');
    await settle(page);
    await screenshot(page, 'gpu-plane-lost');
  });
}
