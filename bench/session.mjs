// What is done with a contender, wherever it runs.
import { measure } from './measure.mjs';
import { work_of } from './works.mjs';

/** load(name) imports a contender. */
export function session(load) {
  let contender = null;
  return {
    async open(name, options) {
      contender = await (await load(name)).open(options);
      return { threads: contender.threads ?? 1, about: contender.about ?? '' };
    },
    /** { rate: { median, low, high, samples }, losses }, or { reason } where the contender cannot do this work. */
    async run(id, seconds) {
      let made;
      try {
        made = await contender.make(id);
        const rate = await measure(made.run, made.amount, seconds);
        return { rate: work_of(id).unit === 'ms' ? in_milliseconds(rate) : rate, losses: made.losses ?? null };
      } catch (error) {
        return { reason: String(error?.message ?? error).split('\n')[0] };
      } finally {
        await made?.done?.();
      }
    },
    peak: () => contender.peak(),
  };
}

const in_milliseconds = ({ median, low, high, samples }) => ({ median: 1000 / median, low: 1000 / high, high: 1000 / low, samples });

/** Milliseconds from asking for a library until it has trained one step of 2-4-2-1 with a batch of 10. */
export async function first_step(load, name) {
  const begin = performance.now();
  const contender = await (await load(name)).open({ threads: 1 });
  await contender.make('small-10', 1);
  return performance.now() - begin;
}
