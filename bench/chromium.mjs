// Contenders in Chromium: each in a page of its own, isolated, so that threads can share memory.
import path from 'node:path';
import { launch, root, serve } from '../tests/e2e/harness.mjs';

const kLimit = 120_000; // milliseconds for one work, loading included

/** A promise that fails when it takes too long, with a sentence. */
export function within(milliseconds, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${milliseconds / 1000} s`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** In the page, before its scripts: how long each frame's own work takes. */
function time_frames() {
  window.frame_times = [];
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (draw) => request((time) => {
    const begin = performance.now();
    draw(time);
    window.frame_times.push(performance.now() - begin);
  });
}

/** Serves the repository and starts the browser: { contender, app_start, first_step, close }. */
export async function start_chromium() {
  const whole = await serve(root);
  const site = await serve(path.join(root, 'build', 'site'));
  const browser = await launch();
  const page_of = async (url, init) => {
    // Other libraries may make code from text; the site's own pages may not.
    const context = await browser.newContext({ bypassCSP: true, serviceWorkers: 'block', viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    if (init) await page.addInitScript(init);
    await page.goto(url);
    return { context, page };
  };
  const bench_page = async () => {
    const opened = await page_of(`${whole.url}bench/page.html`);
    await opened.page.waitForFunction(() => window.bench);
    return opened;
  };
  return {
    version: browser.version(),
    /** A contender that is open: { about, run(id, seconds), peak(), files(), close() }. */
    async contender(name, threads) {
      const { context, page } = await bench_page();
      const opened = await within(kLimit, page.evaluate(([n, t]) => window.bench.open(n, { threads: t }), [name, threads]), `${name}: loading`);
      return {
        ...opened,
        run: (id, seconds) => within(kLimit, page.evaluate(([i, s]) => window.bench.run(i, s), [id, seconds]), `${name}: ${id}`)
          .catch((error) => ({ reason: error.message.split('\n')[0] })),
        peak: () => page.evaluate(() => window.bench.peak()),
        /** The paths of what the page loaded, but for our own scripts around it. */
        files: () => page.evaluate(() => performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname)
          .filter((file) => /node_modules|site\/engine/.test(file))),
        close: () => context.close(),
      };
    },
    async first_step(name) {
      const { context, page } = await bench_page();
      try {
        return await within(kLimit, page.evaluate((n) => window.bench.first_step(n), name), `${name}: first step`);
      } finally {
        await context.close();
      }
    },
    /** Milliseconds from asking for the app's page until its first frame is drawn. */
    async app_start() {
      const { context, page } = await page_of(site.url);
      try {
        const mark = () => performance.getEntriesByName('chainrule-first-frame')[0]?.startTime ?? 0;
        return await (await page.waitForFunction(mark, null, { timeout: 60_000 })).jsonValue();
      } finally {
        await context.close();
      }
    },
    /** What a frame costs of the page's own thread while LeNet trains at full speed: { milliseconds of each, images_per_second }. */
    async frames_while_training(seconds) {
      const { context, page } = await page_of(`${site.url}#/lenet-mnist`, time_frames);
      try {
        await page.waitForFunction(() => window.chainrule, null, { timeout: 60_000 });
        return await page.evaluate(async (wanted) => {
          await window.chainrule.ready;
          await window.chainrule.step(2);
          await window.chainrule.play();
          const wait = (time) => new Promise((resolve) => setTimeout(resolve, 1000 * time));
          await wait(0.3 * wanted); // until it is warm
          const [first, begin] = [(await window.chainrule.state()).step, performance.now()];
          window.frame_times.length = 0;
          await wait(wanted);
          const milliseconds = [...window.frame_times];
          const images = 32 * ((await window.chainrule.state()).step - first);
          return { milliseconds, images_per_second: (1000 * images) / (performance.now() - begin) };
        }, seconds);
      } finally {
        await context.close();
      }
    },
    async close() {
      await browser.close();
      whole.stop();
      site.stop();
    },
  };
}
