// The script API that teachers embed and tests use: docs/SCRIPT_API.md.
import { check, open_app, rejection } from './harness.mjs';

const api = (page, body) => page.evaluate(`(async () => { const c = window.chainrule; ${body} })()`);

export async function steps_seeks_and_resets_to_the_same_hash(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist`);
  const hashes = await api(page, `
    const hashes = [(await c.state()).hash];
    for (let i = 0; i < 4; ++i) { await c.step(); hashes.push((await c.state()).hash); }
    return hashes;`);
  check(new Set(hashes).size === 5, `five states, ${new Set(hashes).size} hashes`);
  for (const target of [2, 4, 1, 0, 3]) {
    const state = await api(page, `await c.seek(${target}); return c.state();`);
    check(state.step === target && state.hash === hashes[target], `seek ${target} leads to step ${state.step}, ${state.hash}`);
  }
  const again = await api(page, `await c.reset(); const s = await c.state(); await c.step(4); return [s.step, s.hash, (await c.state()).hash];`);
  check(again[0] === 0 && again[1] === hashes[0] && again[2] === hashes[4], 'reset does not lead to the same run');
}

export async function set_and_params_agree(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist`);
  const params = await api(page, `await c.set('lr', 0.05); await c.set('optimizer', 'adam'); return c.params();`);
  const find = (name) => params.find((param) => param.name === name);
  check(Math.abs(find('lr').value - 0.05) < 1e-8 && find('lr').min < find('lr').max, `lr is ${JSON.stringify(find('lr'))}`);
  check(find('optimizer').value === 'adam', `optimizer is ${find('optimizer').value}`);
  const state = await api(page, `await c.step(2); return c.state();`);
  check(state.step === 2 && Number.isFinite(state.loss), `state is ${JSON.stringify(state)}`);
}

export async function links_set_params_seed_and_step(browser, url) {
  const { page } = await open_app(browser, url);
  const state = await api(page, `await c.open('#/lenet-mnist?network=linear&lr=0.1&seed=7&step=12'); return c.state();`);
  check(state.lesson === 'lenet-mnist' && state.step === 12, `the link leads to ${state.lesson}, step ${state.step}`);
  check(state.params.network === 'linear' && Math.abs(state.params.lr - 0.1) < 1e-8, JSON.stringify(state.params));
  const other = await api(page, `await c.open('#/lenet-mnist?network=linear&lr=0.1&seed=8&step=12'); return c.state();`);
  check(other.hash !== state.hash, 'another seed gives the same hash');
  const same = await api(page, `await c.open('#/lenet-mnist?network=linear&lr=0.1&seed=7&step=12'); return c.state();`);
  check(same.hash === state.hash, 'the same link gives another hash');
}

export async function tensors_and_assign(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist`);
  const seen = await api(page, `
    await c.step(1);
    const list = await c.tensors();
    const w = await c.tensor('conv1.w');
    const g = await c.tensor('conv1.w.grad');
    await c.assign('conv1.w', new Float32Array(w.data.length).fill(0.25));
    const after = await c.tensor('conv1.w');
    return { kinds: [...new Set(list.map((t) => t.kind))], names: list.map((t) => t.name), shape: w.shape, length: w.data.length,
             type: w.data.constructor.name, step: w.step, gradient: g.data.some((v) => v !== 0), all: after.data.every((v) => v === 0.25) };`);
  check(seen.shape.join() === '20,1,5,5' && seen.length === 500 && seen.type === 'Float32Array', JSON.stringify(seen));
  for (const kind of ['input', 'activation', 'parameter', 'gradient', 'state', 'loss']) check(seen.kinds.includes(kind), `no tensor is of kind ${kind}`);
  check(seen.step === 1 && seen.gradient && seen.all, JSON.stringify({ ...seen, names: undefined }));
}

/** value = sum of value·factor, in float32 and in order. */
const kExplainAll = `
  const checked = [];
  for (const { name, shape } of await c.tensors()) {
    const size = shape.reduce((a, b) => a * b, 1);
    const index = Math.floor(size * 0.37);
    const e = await c.explain(name, index, { offset: 0, limit: 20000 });
    const tensor = await c.tensor(name);
    const same = Object.is(e.value, tensor.data[index]) || Math.fround(e.value) === tensor.data[index];
    let sum = null;
    if (e.op === 'conv2d' || e.op === 'matmul' || e.op === 'conv2d kernel gradient') {
      sum = 0;
      for (const term of e.terms) sum = Math.fround(sum + Math.fround(Math.fround(term.value) * Math.fround(term.factor)));
    }
    checked.push({ name, op: e.op, same, total: e.total, terms: e.terms.length, exact: sum === null || sum === tensor.data[index] });
  }
  return checked;`;

export async function explains_every_tensor_exactly(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist?optimizer=adam`);
  const checked = await api(page, `await c.step(2); ${kExplainAll}`);
  check(checked.length > 60, `only ${checked.length} tensors`);
  for (const one of checked) {
    check(one.same, `${one.name}: the explanation's value is not the number shown`);
    check(one.exact, `${one.name}: the terms do not add up to the number, bit for bit`);
  }
  const kernel = checked.find((one) => one.name === 'conv1.w.grad');
  check(kernel.total === 18432 && kernel.terms === 18432, `conv1's kernel gradient has ${kernel.total} terms`);
}

export async function operands_lead_down_to_leaves_across_steps(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist`);
  const path = await api(page, `
    await c.step(2);
    let [name, index, step] = ['conv1.w', 123, 2];
    const path = [];
    for (let depth = 0; depth < 12; ++depth) {
      const e = await c.explain(name, index, { step });
      path.push([name, index, step, e.op, e.formula, e.value, e.terms[0]?.value]);
      if (e.terms.length === 0) break;
      const weight = e.terms.find((t) => t.name === 'conv1.w') ?? e.terms[0];
      const factor = weight.factors?.find((f) => f.name === 'conv1.w') ?? weight;
      [name, index, step] = [factor.name, factor.index, factor.step];
    }
    return path;`);
  const steps = path.map((entry) => entry[2]);
  check(steps[0] === 2 && steps.at(-1) === 0, `the way down goes through steps ${steps}`);
  check(path.at(-1)[4].includes('initial weight'), `it ends with: ${path.at(-1)[4]}`);
}

export async function refusals_are_sentences(browser, url) {
  const { page } = await open_app(browser, `${url}#/lenet-mnist`);
  const expected = {
    "window.chainrule.set('lr', 1e300)": /lr|[Ll]earning rate/,
    "window.chainrule.set('lr', 'fast')": /fast/,
    "window.chainrule.set('speed', 1)": /speed/,
    "window.chainrule.set('optimizer', 'magic')": /magic.*adam|adam.*magic/s,
    "window.chainrule.open('#/no-such-lesson')": /no-such-lesson/,
    "window.chainrule.tensor('conv9.w')": /conv9\.w/,
    "window.chainrule.explain('conv1.w', 500)": /500/,
    "window.chainrule.assign('conv1.w', new Float32Array(3))": /500/,
    "window.chainrule.seek(-1)": /-1|−1/,
    "window.chainrule.step('x')": /x/,
  };
  for (const [expression, pattern] of Object.entries(expected)) {
    const message = await rejection(page, expression);
    check(pattern.test(message) && message.length > 20 && /[.!]$/.test(message.trim()), `${expression} says: ${message}`);
  }
  const state = await page.evaluate(() => window.chainrule.step(1).then(() => window.chainrule.state()));
  check(state.step === 1, 'after refusals the app does not go on');
}
