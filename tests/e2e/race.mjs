// The optimizer race, as a person runs it.
import { check, open_app, screenshot, settle, until } from './harness.mjs';

const number = (page, tensor) => page.evaluate((name) => window.chainrule.tensor(name).then(({ data }) => data[0]), tensor);
const near = (got, exact, what) => check(Math.abs(got - exact) <= 2e-6 * Math.max(Math.abs(exact), 1), `${what} is ${got}, not ${exact}`);
/** By keyboard, which scrolls there. */
async function press(page, name) {
  const button = page.getByRole('button', { name });
  await button.focus();
  await settle(page, 300);
  await button.press('Enter');
  await settle(page, 300);
}
const kAll = 'nesterov=on&adagrad=on&rmsprop=on';
const kValley = `#/optimizer-race?v=1&surface=rosenbrock&start-x=-1.2&start-y=1&lr-gd=0.001&lr-momentum=0.0002&lr-nesterov=0.0002&lr-adagrad=0.2&lr-rmsprop=0.01&lr-adam=0.05&${kAll}&log=on`;

export async function all_optimizers_race_down_rosenbrocks_valley(browser, url) {
  const { page, faults } = await open_app(browser, url + kValley);
  const before = await number(page, 'gd.f');
  near(before, 24.2, 'the height of the start');
  await page.evaluate(() => window.chainrule.step(300));
  await until(page, (s) => s.step === 300, 'step 300', 30);
  for (const racer of ['gd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam']) {
    const height = await number(page, `${racer}.f`);
    check(height < 5, `${racer} is at ${height} after 300 steps`);
  }
  await settle(page, 500);
  await screenshot(page, 'race-rosenbrock');
  // A step back, and a number of the next step with its derivation.
  await page.evaluate(() => window.chainrule.seek(299));
  await until(page, (s) => s.step === 299, 'a step back', 20);
  await press(page, 'Numbers of Adam');
  await press(page, /^m̂ \(x\)/);
  await settle(page, 600);
  check(await page.getByRole('radio', { name: 'Derivation', checked: true }).count() === 1, 'no derivation opens');
  await screenshot(page, 'race-derivation');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function the_lectures_numbers_stand_there(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/optimizer-race`);
  near(await number(page, 'quadratic.η.stable'), 0.2, 'the stable rate');
  near(await number(page, 'quadratic.η.best'), 2 / 11, 'the best rate');
  await page.getByRole('button', { name: 'best rate 0.181818' }).waitFor();
  await page.getByRole('button', { name: 'f of GD 55' }).waitFor();
  await page.locator('#canvas').focus();
  await page.keyboard.press('ArrowRight');
  await until(page, (s) => s.step === 1, 'step 1', 10);
  near(await number(page, 'gd.x'), 9, 'x of GD');
  near(await number(page, 'gd.y'), 0, 'y of GD');
  near(await number(page, 'adam.x'), 9.9, 'x of Adam');
  const rate = page.getByRole('region', { name: 'Lesson' }).getByRole('spinbutton', { name: 'Rate of GD' });
  await rate.fill('3');
  await rate.press('Enter');
  await page.evaluate(() => window.chainrule.step(100));
  await until(page, (s) => s.step === 100, 'the others run on', 20);
  await page.getByRole('button', { name: /^stops at step \d+: f is not finite/ }).waitFor();
  await settle(page, 400);
  await screenshot(page, 'race-diverged');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

/** Where a place of the plane is on the map: its element begins at the title's left. */
async function map_box(page) {
  return page.getByRole('application', { name: 'Map', exact: true }).boundingBox();
}

export async function the_start_is_dragged_by_mouse_and_touch(browser, url) {
  for (const options of [{ size: [1280, 720] }, { size: [390, 844], scale: 2, touch: true }]) {
    const { page, faults, close } = await open_app(browser, `${url}#/optimizer-race?v=1&look=map`, options);
    await page.evaluate(() => window.chainrule.step(3));
    await settle(page, 400);
    const box = await map_box(page);
    const middle = { x: box.x + box.width * 0.45, y: box.y + box.height * 0.3 };
    // A press puts the start there; from there it is dragged on.
    if (options.touch) await page.touchscreen.tap(middle.x, middle.y);
    else await page.mouse.click(middle.x, middle.y);
    await until(page, (s) => s.step === 0, 'the race begins anew', 10);
    const first = [await number(page, 'gd.x'), await number(page, 'gd.y')];
    check(Math.abs(first[0]) < 6, `the start is at x = ${first[0]}`);
    await settle(page, 600);
    if (options.touch) {
      const client = await page.context().newCDPSession(page);
      const touch = (type, dx) => client.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x: middle.x + dx, y: middle.y }] });
      await touch('touchStart', 0);
      await settle(page, 120);
      for (let i = 1; i <= 8; ++i) {
        await touch('touchMove', 8 * i);
        await settle(page, 40);
      }
      await touch('touchEnd');
    } else {
      await page.mouse.move(middle.x, middle.y);
      await page.mouse.down();
      await page.mouse.move(middle.x + 40, middle.y - 10, { steps: 4 });
      await settle(page, 100);
      await page.mouse.move(middle.x + 80, middle.y - 20, { steps: 4 });
      await settle(page, 100);
      await page.mouse.up();
    }
    await settle(page, 400);
    const second = [await number(page, 'gd.x'), await number(page, 'gd.y')];
    check(second[0] > first[0] + 0.5, `dragged from ${first} to ${second}`);
    await screenshot(page, `race-start-${options.touch ? 'touch' : 'mouse'}`);
    check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
    await close();
  }
}

export async function a_function_of_ones_own(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/optimizer-race`);
  const field = page.getByRole('textbox', { name: 'f(x, y)' });
  await field.fill('x^2 + * y');
  await field.press('Enter');
  await page.getByText('Column 7: "*" stands here; a number, x, y, a function or "(" would do.').first().waitFor({ state: 'attached' });
  await field.fill('1/x + y^2 + log(y + 4)');
  await field.press('Enter');
  await until(page, (s) => s.params.surface === 'own', 'the own function', 10);
  await page.evaluate(() => window.chainrule.step(20));
  await until(page, (s) => s.step === 20, 'step 20', 10);
  await settle(page, 500);
  await screenshot(page, 'race-own');
  const there = await page.evaluate(() => window.chainrule.state());
  const { page: other } = await open_app(browser, url + there.link);
  const here = await until(other, (s) => s.step === 20, 'the same by its link', 20);
  check(here.hash === there.hash, `${there.link} leads to ${here.hash}, not ${there.hash}`);
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function the_race_fits_every_screen(browser, url) {
  const screens = [['1280x720', { size: [1280, 720] }], ['390x844', { size: [390, 844], scale: 2, touch: true }], ['1920x1080-dark', { size: [1920, 1080], scheme: 'dark' }]];
  for (const [screen, options] of screens) {
    for (const [name, hash] of [['bowl', '#/optimizer-race?v=1'], ['valley', kValley]]) {
      const { page, faults, close } = await open_app(browser, url + hash, options);
      await page.evaluate(() => window.chainrule.step(60));
      await settle(page, 700);
      await screenshot(page, `race-${screen}-${name}`);
      check(faults.length === 0, `${screen} ${hash}: the console says: ${faults.join(' | ')}`);
      await close();
    }
  }
}
