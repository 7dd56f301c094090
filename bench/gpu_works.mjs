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
export function name_of_ours({ id, trains }) {
  const [name, number = '32'] = id.split('-');
  if (trains) return `speed of training ${name} ${number}, `;
  return name === 'matmul' ? `speed of matmul ${number}, ` : `speed of ${id}, `;
}

/** The forms of sums of products that are worth measuring: as forms_for of engine/backend/webgpu/form_race.cpp has them. */
export const forms_for = (hardware) => (hardware ? ['tiled', 'registers', 'large'] : ['quads']);

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
