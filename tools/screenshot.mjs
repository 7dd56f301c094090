// Makes the README's picture from the running app: node tools/screenshot.mjs X,Y ...   (after ./run build)
// Clicks the points one after the other, so that a derivation is open: 137,471 378,516 900,600
import path from 'node:path';

import { launch, open_app, root, serve, settle } from '../tests/e2e/harness.mjs';

const server = await serve();
const browser = await launch();
const { page } = await open_app(browser, `${server.url}#/lenet-mnist?step=60`, { size: [1440, 900] });
await page.evaluate(() => window.chainrule.seek(60));
await settle(page, 6000); // the counts of test digits end
for (const point of process.argv.slice(2)) {
  await page.mouse.click(...point.split(',').map(Number));
  await settle(page, 1500);
}
await page.screenshot({ path: path.join(root, 'docs', 'screenshot.png') });
await browser.close();
server.stop();
