// Our engine in node, in a process of its own: node bench/node.mjs SECONDS THREADS WORK... A line of JSON for each work.
import { first_step, session } from './session.mjs';

const [seconds, threads, ...works] = process.argv.slice(2);
const load = (name) => import(`./contenders/${name}.mjs`);
if (works[0] === 'first-step') {
  console.log(JSON.stringify({ milliseconds: await first_step(load, 'chainrule') }));
} else {
  const bench = session(load);
  const opened = await bench.open('chainrule', { threads: Number(threads) });
  console.log(JSON.stringify({ ...opened, peak: bench.peak() }));
  for (const id of works) console.log(JSON.stringify({ id, ...(await bench.run(id, Number(seconds))) }));
}
process.exit(0); // threads that rest keep no program alive
