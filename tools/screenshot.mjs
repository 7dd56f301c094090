// Makes docs' pictures from the running app, after ./run build:
//   node tools/screenshot.mjs               docs/states/*.png: the page in its states, small enough to keep
//   node tools/screenshot.mjs X,Y ...       docs/screenshot.png, the README's, after clicks at these points one after the
//                                           other, so that a derivation is open: 137,471 378,516 900,600
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

import { launch, open_app, root, serve, settle } from '../tests/e2e/harness.mjs';

const kMostBytes = 150 * 1024;
const keys = (...names) => async (page) => {
  for (const name of names) {
    await page.keyboard.press(name);
    await settle(page, 800);
  }
};
const kStates = {
  'desk': { size: [1200, 675] },
  'desk-dark': { size: [1200, 675], scheme: 'dark' },
  'phases': { size: [1200, 675], act: keys('j', 'j') },
  'presentation': { size: [1200, 675], act: keys('p') },
  'phone': { size: [390, 844], touch: true },
  'phone-menu': {
    size: [390, 844],
    touch: true,
    act: async (page) => {
      const { x, y } = await page.getByRole('button', { name: 'More', exact: true }).boundingBox();
      await page.touchscreen.tap(x + 10, y + 10);
    },
  },
  'phone-sideways': { size: [844, 390], touch: true },
};

async function take_states(browser, url) {
  const folder = path.join(root, 'docs', 'states');
  await mkdir(folder, { recursive: true });
  for (const [name, { act, ...options }] of Object.entries(kStates)) {
    const { page, close } = await open_app(browser, `${url}#/lenet-mnist`, options);
    await page.evaluate(() => window.chainrule.step(40));
    await settle(page, 4000); // the counts of test digits end
    await act?.(page);
    await settle(page, 1000);
    const file = path.join(folder, `${name}.png`);
    await page.screenshot({ path: file });
    const { size } = await stat(file);
    console.log(`${name}.png  ${Math.round(size / 1024)} KB${size > kMostBytes ? ', too large to keep' : ''}`);
    await close();
  }
}

async function take_readme(browser, url, points) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist?step=60`, { size: [1440, 900] });
  await page.evaluate(() => window.chainrule.seek(60));
  await settle(page, 6000);
  for (const point of points) {
    await page.mouse.click(...point.split(',').map(Number));
    await settle(page, 1500);
  }
  await page.screenshot({ path: path.join(root, 'docs', 'screenshot.png') });
}

const server = await serve();
const browser = await launch();
const points = process.argv.slice(2);
await (points.length > 0 ? take_readme(browser, server.url, points) : take_states(browser, server.url));
await browser.close();
server.stop();
