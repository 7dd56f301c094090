// The learning rate and its schedules, as a person uses them.
import { check, open_app, screenshot, settle, until } from './harness.mjs';

const number = (page, tensor, index = 0) =>
  page.evaluate(([name, at]) => window.chainrule.tensor(name).then(({ data }) => data[at]), [tensor, index]);

export async function runs_are_kept_and_compared(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/schedules?v=1&schedule=constant`);
  await page.evaluate(() => window.chainrule.step(200));
  await until(page, (s) => s.step === 200, '200 steps', 60);
  await page.getByRole('button', { name: 'Keep this run' }).click();
  await page.getByRole('button', { name: 'Remove run A' }).waitFor();
  // The same weights again, another schedule.
  await page.evaluate(() => window.chainrule.set('schedule', 'cosine'));
  await until(page, (s) => s.step === 0, 'a new start', 20);
  await page.evaluate(() => window.chainrule.step(200));
  await until(page, (s) => s.step === 200, '200 steps of the cosine', 60);
  await page.getByRole('button', { name: 'Keep this run' }).click();
  await page.getByRole('button', { name: 'Remove run B' }).waitFor();
  await page.evaluate(() => window.chainrule.set('schedule', 'stepwise'));
  await page.evaluate(() => window.chainrule.step(150));
  await until(page, (s) => s.step === 150, '150 steps', 60);
  await settle(page, 800);
  await screenshot(page, 'schedules-1280');
  // A link brings the kept runs back; their curves are made again.
  const { link } = await page.evaluate(() => window.chainrule.state());
  check(link.includes('made='), `the link ${link} has no kept runs`);
  const { page: other } = await open_app(browser, url + link, { size: [1920, 1080], scheme: 'dark' });
  await until(other, (s) => s.step === 150, 'the same by its link', 60);
  await other.getByRole('button', { name: 'Remove run B' }).waitFor();
  await other.getByText(/^A: constant, 0\.1, warm-up 20, \d/).first().waitFor({ state: 'attached' });
  await settle(other, 800);
  await screenshot(other, 'schedules-1920');
  // Removing is undone.
  await page.getByRole('button', { name: 'Remove run A' }).click();
  await settle(page, 300);
  check(await page.getByRole('button', { name: 'Remove run B' }).count() === 0, 'run A is still there');
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await page.getByRole('button', { name: 'Remove run B' }).waitFor();
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function the_rate_explains_itself(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/schedules?v=1&warm-up=0&length=100&step=50`);
  await until(page, (s) => s.step === 50, 'step 50', 60);
  const rate = await number(page, 'lr');
  check(Math.abs(rate - 0.05) < 1e-6, `half way down a cosine from 0.1 the rate is ${rate}, not 0.05`);
  await page.getByRole('button', { name: 'rate η 0.05' }).click();
  await settle(page, 600);
  check(await page.getByRole('radio', { name: 'Derivation', checked: true }).count() === 1, 'no derivation opens');
  // Equations are drawings with a cursor, which read themselves out.
  const cosine = page.getByRole('application', { name: /^d = .*cos\(/ });
  check(await cosine.count() === 1, 'the cosine is not written out');
  const weight = page.getByRole('application', { name: /^θ′ = θ − δ′ = / });
  check(await weight.count() === 1, 'the update of a weight is not written out');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function schedules_on_a_phone(browser, url) {
  const { page, faults } = await open_app(browser, `${url}#/schedules?v=1&schedule=plateau&step=120`, { size: [390, 844], scale: 2, touch: true });
  await until(page, (s) => s.step === 120, 'step 120', 60);
  await settle(page, 600);
  await screenshot(page, 'schedules-phone');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}
