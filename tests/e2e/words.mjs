// The parts of the page in HTML: the words of a lesson, the table of contents, and the language of all of it.
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { check, open_app, open_page, root, screenshot, settle, until } from './harness.mjs';

const at_words = () => { localStorage['chainrule.tab'] = 'lesson'; };

async function axe_finds_nothing(page, selector) {
  const source = await readFile(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  const found = await page.evaluate((within) => window.axe.run(within), selector);
  const texts = found.violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html).join(' ')}`);
  check(texts.length === 0, `axe finds ${texts.join('\n')}`);
}

export async function words_stand_beside_the_lesson(browser, url) {
  const { page, faults } = await open_app(browser, url, { init: () => localStorage.removeItem('chainrule.tab') });
  const region = page.getByRole('region', { name: 'About this lesson' });
  await region.getByRole('heading', { name: 'The question' }).waitFor();
  await settle(page);
  const selected = await page.evaluate(() => {
    getSelection().selectAllChildren(document.querySelector('.words p'));
    return String(getSelection());
  });
  check(selected.length > 50, 'the words cannot be selected');
  await axe_finds_nothing(page, '.words');
  await screenshot(page, 'words-1280');
  await page.getByRole('radio', { name: 'Settings' }).click({ force: true });
  await region.waitFor({ state: 'hidden' });
  check(faults.length === 0, faults.join(' | '));
}

export async function every_link_of_the_words_opens_without_notes(browser, url) {
  const { page } = await open_app(browser, url, { init: at_words });
  const { lessons, languages } = await (await fetch(`${url}lessons.json`)).json();
  for (const { slug } of lessons) {
    for (const language of languages) {
      const html = await (await fetch(`${url}lessons/${slug}.${language}.html`)).text();
      const links = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1].replaceAll('&amp;', '&'));
      check(links.length >= 3, `${slug}.${language} has ${links.length} links; three things to try need three`);
      for (const link of links) {
        const notes = await page.evaluate((address) => window.chainrule.open(address).then((opened) => opened?.notes ?? []), link);
        check(notes.length === 0, `${link}: ${JSON.stringify(notes)}`);
      }
    }
  }
}

export async function a_link_of_the_words_sets_the_lesson_up(browser, url) {
  const { page } = await open_app(browser, url, { init: at_words });
  await page.getByRole('link', { name: 'Take all hidden layers away' }).click();
  await until(page, (state) => state.params.network === 'linear' || state.params.network === 2, 'the network without hidden layers');
}

export async function contents_are_searched_and_grouped(browser, url) {
  const { page, faults } = await open_app(browser, url, { size: [1920, 1080] });
  const contents = page.getByRole('navigation', { name: 'Lessons' });
  await contents.getByRole('link', { name: /LeNet learns to read/ }).waitFor();
  check(await contents.locator('[aria-current=page]').count() === 1, 'no lesson is the current one');
  await axe_finds_nothing(page, 'nav.contents');
  const search = contents.getByRole('searchbox');
  await search.fill('cross-correlation'); // only in the words
  await contents.getByText('1 lesson', { exact: true }).waitFor();
  await search.fill('zebra');
  await contents.getByText('No lesson has this').waitFor();
  check(await contents.getByRole('link').count() === 0, 'lessons are shown that do not fit');
  await search.press('Escape');
  await contents.getByRole('button', { name: 'By deck' }).click();
  const decks = await contents.getByRole('heading').allTextContents();
  check(decks.length >= 2 && new Set(decks).size === decks.length, `decks: ${decks.join(', ')}`);
  check(await contents.getByRole('link', { name: /LeNet learns to read/ }).count() === 2, 'LeNet is in two decks');
  check(await page.evaluate(() => localStorage['chainrule.grouping']) === 'deck', 'the grouping is not remembered');
  check(faults.length === 0, faults.join(' | '));
}

export async function contents_are_a_drawer_on_a_phone(browser, url) {
  const { page, faults } = await open_app(browser, url, { size: [390, 844], touch: true });
  await page.getByRole('button', { name: 'Contents' }).click({ force: true });
  const drawer = page.getByRole('dialog', { name: 'Lessons' });
  await drawer.waitFor();
  await axe_finds_nothing(page, '.drawer');
  await screenshot(page, 'contents-390');
  for (let i = 0; i < 20; ++i) {
    await page.keyboard.press('Tab');
    const where = await page.evaluate(() => document.activeElement.closest('.drawer') !== null || document.activeElement === document.body);
    check(where, 'the focus leaves the drawer');
  }
  await drawer.getByRole('button', { name: 'Dark' }).tap();
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Contents' }).click({ force: true });
  await drawer.waitFor(); // the program knows that it was closed
  await page.touchscreen.tap(380, 400);
  await drawer.waitFor({ state: 'hidden' });
  check(faults.length === 0, faults.join(' | '));
}

export async function the_language_changes_without_a_reload(browser, url) {
  const { page, faults } = await open_app(browser, url, { size: [1920, 1080], init: at_words });
  await page.evaluate(() => window.chainrule.step(2));
  const { hash } = await page.evaluate(() => window.chainrule.state());
  await page.getByRole('button', { name: 'Deutsch' }).click();
  await page.getByRole('heading', { name: 'Die Frage' }).waitFor();
  await page.getByRole('radio', { name: 'Herleitung' }).waitFor({ state: 'attached' });
  await page.getByRole('link', { name: /LeNet lernt lesen/ }).waitFor();
  check(await page.evaluate(() => document.documentElement.lang) === 'de', 'lang does not follow');
  check((await page.evaluate(() => window.chainrule.state())).hash === hash, 'the model has changed');
  await screenshot(page, 'german-1920');
  await page.reload();
  await page.getByRole('heading', { name: 'Die Frage' }).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'The question' }).waitFor();
  await page.getByRole('radio', { name: 'Derivation' }).waitFor({ state: 'attached' });
  check(faults.length === 0, faults.join(' | '));
}

export async function german_browsers_get_german(browser, url) {
  const context = await browser.newContext({ locale: 'de-AT', serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('heading', { name: 'Die Frage' }).waitFor();
}

export async function words_are_read_without_webgl2(browser, url) {
  const { page } = await open_page(browser, url, { init: () => {
    const get = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
      return kind === 'webgl2' ? null : get.call(this, kind, ...rest);
    };
  } });
  await page.getByRole('link', { name: 'LeNet learns to read' }).click();
  await page.getByRole('heading', { name: 'The question' }).waitFor();
  await settle(page);
  await screenshot(page, 'words-without-webgl2');
  await axe_finds_nothing(page, 'main');
}
