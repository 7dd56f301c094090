// Makes the README's picture from the running app: node tools/screenshot.mjs   (after ./run build)
import path from 'node:path';

import { launch, open_app, root, serve, settle } from '../tests/e2e/harness.mjs';

const server = await serve();
const browser = await launch();
const { page } = await open_app(browser, `${server.url}#/lenet-mnist?step=60`, { size: [1440, 900] });
await page.evaluate(() => window.chainrule.seek(60));
await settle(page, 6000); // the counts of test digits end
await page.mouse.click(...(process.argv[2] ?? '860,230').split(',').map(Number)); // a number: its derivation opens
await settle(page, 2500);
await page.screenshot({ path: path.join(root, 'docs', 'screenshot.png') });
await browser.close();
server.stop();
