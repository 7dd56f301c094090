// How long a work takes: many short samples, of which the median counts and the middle 80 % are the spread.

const kSample = 25; // milliseconds of one sample, at least: clocks of pages tick in steps

/** run() does `amount` of the work. Answers with rates, in amounts a second: { median, low, high, samples }. */
export async function measure(run, amount, seconds) {
  const now = () => performance.now();
  let calls = 1;
  const timed = async () => {
    const begin = now();
    for (let i = 0; i < calls; ++i) {
      const pending = run();
      if (pending instanceof Promise) await pending;
    }
    return now() - begin;
  };
  for (const end = now() + Math.max(150, 200 * seconds); now() < end;) { // compilers improve hot code on the way
    if ((await timed()) < kSample) calls = Math.min(2 * calls, 1 << 20);
    await new Promise((resolve) => setTimeout(resolve, 0)); // threads come up when the page is idle for a moment
  }
  const rates = [];
  for (const end = now() + 1000 * seconds; rates.length < 3 || now() < end;) {
    const elapsed = await timed();
    if (elapsed < kSample && rates.length === 0) calls *= 2;
    else rates.push((1000 * calls * amount) / elapsed);
  }
  return summary(rates);
}

export function summary(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { median: at(0.5), low: at(0.1), high: at(0.9), samples: sorted.length };
}
