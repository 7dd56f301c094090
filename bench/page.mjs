// One contender in one page. bench/chromium.mjs calls window.bench.
import { first_step, session } from './session.mjs';

const load = (name) => import(`./contenders/${name}.mjs`);
window.bench = { ...session(load), first_step: (name) => first_step(load, name) };
