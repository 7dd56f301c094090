// What bench/gpu.mjs and bench/gpu_node.mjs share: whom they compare, on what, and the table of ratios.
import { summary } from './measure.mjs';
import { kGpuWorks } from './works.mjs';

export const kGpuPeers = ['jax-webgpu', 'tfjs-webgpu'];

/** The value after `name` on the command line. */
export const option = (name, otherwise) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise);

/** Works whose name contains WORD of `--only WORD`; products of 4096 only where they are asked for. */
export function wanted_works({ huge }) {
  const word = option('--only', '');
  return kGpuWorks.filter(({ id }) => id.includes(word) && (huge || id !== 'matmul-4096' || word === id));
}

/** What tests/shaders calls a work of ours, but for the form. */
function name_of_ours({ id, trains }) {
  const [name, number = '32'] = id.split('-');
  if (trains) return `speed of training ${name} ${number}, `;
  return name === 'matmul' ? `speed of matmul ${number}, ` : `speed of ${id}, `;
}

/**
 * The rate of ours, with what the app takes (forms_for of engine/backend/webgpu/form_race.cpp): the best of a race on a GPU; in software
 * quads, or registers where there are no subgroups. rate_of(name) measures one form.
 */
export async function rate_of_ours(work, hardware, rate_of) {
  let best = 0;
  for (const form of hardware ? ['tiled', 'registers', 'large'] : ['quads', 'registers']) {
    best = Math.max(best, await rate_of(`${name_of_ours(work)}${form}`));
    if (!hardware && best > 0) break;
  }
  return best;
}

/** Images or GFLOP a second in a line that tests/shaders says; 0: none. */
export const figure_in = (line) => Number(/([\d.]+) (?:images\/s|GFLOP\/s)/.exec(line)?.[1] ?? 0);

/** Rates by work and name, a median of rounds; `row` is a line of the table. */
export class Rates {
  #rates = new Map();

  add(work, name, rate) {
    const key = `${work.id} ${name}`;
    this.#rates.set(key, [...(this.#rates.get(key) ?? []), rate]);
  }

  median(work, name) {
    return summary(this.#rates.get(`${work.id} ${name}`) ?? [0]).median;
  }

  /** `ours`: the better of our forms, which is what the app takes. */
  row(work, names) {
    const ours = this.median(work, 'ours');
    const beside = names.map((name) => {
      const rate = this.median(work, name);
      return `${name} ${rate > 0 ? `${digits(rate)} (${(ours / rate).toFixed(1)}x)` : '-'}`;
    });
    return `${work.title.padEnd(42)} ours ${digits(ours)} ${work.unit}; ${beside.join(', ')}`;
  }
}

const digits = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
