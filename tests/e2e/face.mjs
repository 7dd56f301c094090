// The face: the presentation, phases of a step, the menus of small screens.
import { check, open_app, screenshot, settle, until } from './harness.mjs';

const press = async (page, ...keys) => {
  for (const key of keys) {
    await page.keyboard.press(key);
    await settle(page, 400);
  }
};
const buttons = (page) => page.evaluate(() => [...document.querySelectorAll('button')]
  .filter((button) => button.getClientRects().length > 0).map((button) => button.getAttribute('aria-label') ?? button.textContent));

export async function the_presentation_is_the_lesson_and_a_slim_bar(browser, url) {
  const { page, faults } = await open_app(browser, url);
  await page.evaluate(() => window.chainrule.step(3));
  await settle(page, 1500);
  check((await buttons(page)).includes('Share'), `the header's buttons are ${await buttons(page)}`);
  await press(page, 'p');
  await settle(page, 600);
  await screenshot(page, 'presentation-1280x720');
  const shown = await buttons(page);
  check(shown.includes('Leave presentation') && shown.includes('Step') && !shown.includes('Share'), `in the presentation there are ${shown}`);
  await press(page, 'ArrowRight');
  await until(page, (state) => state.step === 4, 'the fourth step');
  const remembered = () => page.evaluate(() => ['scale', 'presentation-scale'].map((key) => localStorage.getItem(`chainrule.${key}`)));
  await press(page, '-');
  const [scale, large] = await remembered();
  check(Number(large) > Number(scale ?? 2), `the presentation's scale is ${large}, the page's ${scale}`);
  await press(page, 'Escape');
  check((await buttons(page)).includes('Share'), 'Escape does not leave the presentation');
  check(faults.length === 0, `the console says: ${faults.join(' | ')}`);
}

export async function a_step_can_be_made_phase_by_phase(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist`);
  await page.evaluate(() => window.chainrule.step(2));
  const { hash } = await page.evaluate(() => window.chainrule.step(1).then(() => window.chainrule.state()));
  await page.evaluate(() => window.chainrule.seek(2));
  await settle(page, 800);
  for (const count of [1, 2, 3]) {
    await press(page, 'j');
    await settle(page, 600);
    if (count === 2) await screenshot(page, 'phases-1280x720');
    check((await page.evaluate(() => window.chainrule.state())).step === 2, `${count} phases made a step`);
  }
  await press(page, 'j');
  const state = await until(page, (now) => now.step === 3, 'the end of the step');
  check(state.hash === hash, 'a step in phases leads elsewhere');
}

/** A finger on a button, wherever the canvas shows it. */
async function tap(page, name) {
  const { x, y, width, height } = await page.getByRole('button', { name, exact: true }).boundingBox();
  await page.touchscreen.tap(x + width / 2, y + height / 2);
  await settle(page, 600);
}

export async function phones_reach_every_button(browser, url) {
  const { page } = await open_app(browser, url, { size: [390, 844], scale: 3, touch: true });
  await settle(page, 1500);
  const small = await page.evaluate(() => [...document.querySelectorAll('button')].filter((button) => {
    const { width, height } = button.getBoundingClientRect();
    return width > 0 && (width < 43.5 || height < 43.5);
  }).map((button) => `${button.getAttribute('aria-label') ?? button.textContent} ${button.getBoundingClientRect().width}x${button.getBoundingClientRect().height}`));
  console.log(`        buttons under 44 pixels: ${small.join(', ') || 'none'}`);
  await tap(page, 'More');
  await screenshot(page, 'phone-menu');
  for (const name of ['Undo', 'Redo', 'Share', 'Present', 'Larger', 'Smaller', 'Dark', 'Full screen', 'Keys']) {
    check((await buttons(page)).includes(name), `${name} is not in the menu: ${await buttons(page)}`);
  }
  await tap(page, 'Dark');
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
  await tap(page, 'More steps');
  for (const name of ['Next phase', 'Reset', 'New weights']) {
    check((await buttons(page)).includes(name), `${name} is not in the menu: ${await buttons(page)}`);
  }
}
