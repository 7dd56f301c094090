// The computing graph as a person uses it: steps, paths that add up, the keyboard in the drawing, parts that fold, edits, links.
import { check, open_app, screenshot, settle, until } from './harness.mjs';

const state = (page) => page.evaluate(() => window.chainrule.state());
const number = (page, tensor, index = 0) =>
  page.evaluate(([name, at]) => window.chainrule.tensor(name).then(({ data }) => data[at]), [tensor, index]);
const near = (got, exact, what) => check(Math.abs(got - exact) <= 1e-6 * Math.abs(exact), `${what} is ${got}, not ${exact}`);

export async function deck_003_op_by_op(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/computing-graph?v=1&graph=network`);
  await page.locator('#canvas').focus();
  await page.keyboard.press('ArrowRight');
  await until(page, (s) => s.step === 1, 'the first op', 10);
  await page.keyboard.press('u');
  const { step } = await until(page, (s) => s.step > 1, 'the end of the update', 10);
  near(await number(page, 'w5.grad'), 0.060357189295, '∂E/∂w5');
  near(await number(page, 'w5'), 0.289642810705, 'w5′');
  await page.evaluate((back) => window.chainrule.step(-back), 6);
  await until(page, (s) => s.step === step - 6, 'steps back', 10);
  near(await number(page, 'w5'), 0.35, 'w5 before its update');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function paths_add_up(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/computing-graph?v=1&graph=two-paths&step=8`);
  await until(page, (s) => s.step === 8, 'the step of the link', 10);
  await settle(page, 500);
  const equation = page.getByRole('application', { name: /^∂e\/∂b = / });
  check(/3 \+ 2 = 5$/.test(await equation.getAttribute('aria-label')), await equation.getAttribute('aria-label'));
  await page.evaluate(() => window.chainrule.edit('a', 0, 4));
  check((await number(page, 'b.grad')) === 7, 'the sum of the paths stays as it was');
  await page.evaluate(() => window.chainrule.undo());
  check((await number(page, 'b.grad')) === 5, 'undo leads elsewhere');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function the_graph_by_keyboard(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/computing-graph?v=1&graph=network&show=all`);
  const graph = page.getByRole('application', { name: /^Computing graph, \d+ nodes/ });
  const nodes = async () => Number((await graph.getAttribute('aria-label')).match(/\d+/)[0]);
  const open = await nodes();
  await graph.focus();
  for (const key of ['End', 'ArrowLeft', 'Home', 'Enter']) {
    await page.keyboard.press(key);
    await settle(page, 200);
  }
  check(await page.getByRole('radio', { name: 'Derivation', checked: true }).count() === 1, 'Enter opens no derivation');
  await page.getByRole('button', { name: 'Parts of the graph' }).click();
  await settle(page, 300);
  await page.getByRole('button', { name: 'Fold all parts' }).click();
  await settle(page, 500);
  check((await nodes()) < open, 'nothing folds');
  await screenshot(page, 'computing-graph-folded');
  await page.getByRole('button', { name: 'Further away' }).click();
  await page.getByRole('button', { name: 'Fit' }).click();
  await settle(page, 300);
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function a_number_is_typed_where_it_stands(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/computing-graph?v=1&graph=product&show=all`);
  const graph = page.getByRole('application', { name: /^Computing graph, \d+ nodes/ });
  await graph.focus();
  await page.keyboard.press('Home');
  const field = page.getByRole('spinbutton', { name: /^Set [xy]$/ });
  for (let tries = 0; tries < 8 && (await field.count()) === 0; ++tries) {
    await page.keyboard.press(tries % 4 === 3 ? 'ArrowUp' : 'ArrowLeft'); // above a gradient stands its number
    await settle(page, 200);
  }
  const name = (await field.getAttribute('aria-label')).slice(-1);
  const before = await number(page, 'z');
  await field.focus();
  await field.fill('0.5');
  await page.keyboard.press('Enter');
  await settle(page, 300);
  check((await number(page, name)) === 0.5, `${name} is not what was typed`);
  check((await number(page, 'z')) !== before, 'z stays as it was');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function a_link_holds_program_step_and_edits(browser, url) {
  const { page } = await open_app(browser, `${url}#/computing-graph?v=1&graph=shared-weight`);
  await page.evaluate(() => window.chainrule.step(3));
  await page.evaluate(() => window.chainrule.edit('x2', 0, 0.5));
  await page.evaluate(() => window.chainrule.step(4));
  const there = await state(page);
  check(there.link_exact, 'the link is not exact');
  const { page: other } = await open_app(browser, url + there.link);
  const here = await until(other, (s) => s.step === there.step, 'the same by its link', 20);
  check(here.hash === there.hash, `${there.link} leads to ${here.hash}, not ${there.hash}`);
}

export async function the_graph_fits_every_screen(browser, url) {
  const screens = [['1280x720', { size: [1280, 720] }], ['390x844', { size: [390, 844], scale: 2, touch: true }], ['1920x1080-dark', { size: [1920, 1080], scheme: 'dark' }]];
  const programs = [['logistic', 'graph=logistic', 12], ['network', 'graph=network', 30], ['relu', 'graph=relu-layer', 11], ['lenet', 'graph=lenet&show=all', 24],
    ['whole', 'graph=network&form=matrices&gradients=graph&show=all', 12]];
  for (const [screen, options] of screens) {
    for (const [name, hash, steps] of programs) {
      const { page, faults, close } = await open_app(browser, `${url}#/computing-graph?v=1&${hash}`, options);
      await page.evaluate((count) => window.chainrule.step(count), steps);
      await settle(page, 700);
      await screenshot(page, `computing-graph-${screen}-${name}`);
      check(faults.length === 0, `${screen} ${hash}: the console says: ${faults.join(' | ')}`);
      await close();
    }
  }
}
