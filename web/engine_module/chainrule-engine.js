// Chainrule's engine without the app: matrix products, convolutions and networks that train, on typed arrays, in pages and in
// node. docs/ENGINE_API.md documents what is exported here.
import createEngineCore from './engine-core.js';
import { chosen, fail, integer, list_of, numbers, real, sizes_of, yes_or_no } from './arguments.js';

const kMostSteps = 100_000_000; // losses of one call stay below half a gigabyte

/**
 * An engine with memory of its own. Options: threads, 1 unless more are asked for; wasmBinary, the bytes of engine-core.wasm where a
 * program has them already.
 */
export async function createEngine(options = {}) {
  if (options === null || typeof options !== 'object') fail(`createEngine takes an object of options, not ${options}. Leave it out, or say {}.`);
  const messages = [];
  const core = await createEngineCore({
    ...(options.wasmBinary ? { wasmBinary: options.wasmBinary } : {}),
    printErr: (text) => messages.push(text),
  });
  return new Engine(core, messages, options.threads ?? 1);
}

/** The calls into the core, with its memory. */
class Memory {
  constructor(core, messages) {
    this.core = core;
    this.messages = messages;
    this.buffers = new WeakSet(); // of arrays that live here; growing makes another buffer of the same bytes
  }

  /** What `name` returns. A core that stopped (a broken promise of its own) says why. */
  call(name, ...values) {
    try {
      return this.core[`_${name}`](...values);
    } catch (error) {
      throw new Error(`The engine stopped: ${this.messages.at(-1) ?? error.message}. Create another engine, and report this.`, { cause: error });
    }
  }

  /** As call; a result below `least` is an error of the core. */
  checked(name, least, ...values) {
    const result = this.call(name, ...values);
    if (result < least) fail(this.text(this.call('engine_error')));
    return result;
  }

  text(place) {
    return this.core.UTF8ToString(place);
  }

  floats(place, count) {
    return new Float32Array(this.core.wasmMemory.buffer, place, count);
  }

  allocate(count) {
    const place = this.call('malloc', Math.max(4, 4 * count));
    if (place === 0) fail(`There is no room for ${count} numbers more in the engine's memory of 2 GB. Hand over fewer at a time.`);
    return place;
  }

  /** Is it in this memory already? */
  holds(block) {
    return block instanceof Float32Array && this.buffers.has(block.buffer);
  }

  /** Runs act(places...) with a place for each of `blocks`: an array, copied in if it is not here yet, or a number of floats. */
  with(blocks, act) {
    const lent = [];
    try {
      return act(...blocks.map((block) => {
        if (this.holds(block)) return block.byteOffset;
        const count = typeof block === 'number' ? block : block.length;
        const place = this.allocate(count);
        lent.push(place);
        if (typeof block !== 'number') this.floats(place, count).set(block);
        return place;
      }));
    } finally {
      for (const place of lent) this.call('free', place);
    }
  }

  /** As with, for act(..., place of the result) that makes `count` floats: in `out`, or in an array of their own. */
  result(blocks, count, out, act) {
    if (this.holds(out)) {
      this.with(blocks, (...places) => act(...places, out.byteOffset));
      return out;
    }
    return this.with([...blocks, count], (...places) => {
      act(...places);
      return this.copy(places.at(-1), count, out);
    });
  }

  with_text(text, act) {
    const place = this.core.stringToNewUTF8(text);
    try {
      return act(place);
    } finally {
      this.call('free', place);
    }
  }

  /** A copy of `count` floats, into `out` where there is one. */
  copy(place, count, out) {
    const values = this.floats(place, count);
    if (!out) return values.slice();
    out.set(values);
    return out;
  }
}

class Engine {
  #memory;

  constructor(core, messages, threads) {
    this.#memory = new Memory(core, messages);
    integer('threads', threads, 1, this.#memory.call('engine_most_threads'));
    // A page that is not isolated has no threads to give.
    this.threads = globalThis.crossOriginIsolated === false ? 1 : threads;
    this.#memory.call('engine_set_threads', this.threads);
    /** Names that options choose from: { layer, loss, activation, optimizer, initializer }. */
    this.names = JSON.parse(this.#memory.text(this.#memory.call('engine_names')));
  }

  /** C = A·B, row-major. A is m x k (k x m with transposeA), B is k x n (n x k with transposeB), C is m x n. */
  matmul(a, b, { m, n, k, transposeA = false, transposeB = false, out } = {}) {
    for (const [name, size] of Object.entries({ m, n, k })) integer(name, size, 1, 1 << 20);
    const flags = [yes_or_no('transposeA', transposeA), yes_or_no('transposeB', transposeB)];
    const blocks = [numbers('a', a, m * k, `m·k = ${m}·${k}`), numbers('b', b, k * n, `k·n = ${k}·${n}`)];
    if (out !== undefined) numbers('out', out, m * n, `m·n = ${m}·${n}`, Float32Array);
    return this.#memory.result(blocks, m * n, out, (x, y, to) => this.#memory.call('engine_matmul', x, y, to, m, n, k, ...flags));
  }

  /** Cross-correlation, as deep learning says convolution: x [N,C,H,W], w [K,C,R,S] -> { values, shape: [N,K,P,Q] }. */
  conv2d(x, w, { shape, kernel, stride = 1, pad = 0, dilation = 1, out } = {}) {
    const [n, c, h, width] = sizes_of('shape', shape, ['N', 'C', 'H', 'W']);
    const [k, channels, r, s] = sizes_of('kernel', kernel, ['K', 'C', 'R', 'S']);
    if (channels !== c) fail(`The kernels have ${channels} channels and the pictures ${c}. Both need the same number.`);
    integer('stride', stride, 1, 1024);
    integer('pad', pad, 0, 1024);
    integer('dilation', dilation, 1, 1024);
    const positions = (extent, reach) => {
      if (dilation * (reach - 1) + 1 > extent + 2 * pad) {
        fail(`A window that reaches over ${dilation * (reach - 1) + 1} pixels does not fit into ${extent + 2 * pad} with their padding. ` +
          'Take a smaller kernel, or more padding.');
      }
      return Math.floor((extent + 2 * pad - dilation * (reach - 1) - 1) / stride) + 1;
    };
    const result = [n, k, positions(h, r), positions(width, s)];
    const count = result.reduce((product, size) => product * size, 1);
    const blocks = [numbers('x', x, n * c * h * width, `N·C·H·W = ${n}·${c}·${h}·${width}`),
      numbers('w', w, k * c * r * s, `K·C·R·S = ${k}·${c}·${r}·${s}`)];
    if (out !== undefined) numbers('out', out, count, `N·K·P·Q = ${result.join('·')}`, Float32Array);
    const values = this.#memory.result(blocks, count, out,
      (from, by, to) => this.#memory.call('engine_conv2d', from, by, to, n, c, h, width, k, r, s, stride, pad, dilation));
    return { values, shape: result };
  }

  /** A Float32Array of `length` zeros in the engine's own memory: what goes in or out as such an array is not copied. */
  array(length) {
    const place = this.#memory.allocate(integer('length', length, 1, 1 << 28));
    const values = this.#memory.floats(place, length).fill(0);
    this.#memory.buffers.add(values.buffer);
    return values;
  }

  /** Gives an array of array() back; it must not be used any more. */
  release(array) {
    if (!this.#memory.holds(array)) fail('release takes an array that array() of this engine gave.');
    this.#memory.call('free', array.byteOffset);
  }

  /** A network that is ready to train. */
  network(description) {
    return new Network(this.#memory, this.names, description);
  }

  /** Floating-point operations a second that one core's vector units do at most here, with multiplications and additions apart. */
  multiplyAddPeak(seconds = 0.2) {
    real('seconds', seconds, 0.01, 10);
    let rounds = 100_000;
    let best = 0;
    for (let spent = 0; spent < seconds;) {
      const begin = performance.now();
      this.#memory.call('engine_multiply_add_rounds', rounds);
      const elapsed = (performance.now() - begin) / 1000;
      spent += elapsed;
      if (elapsed > 0.01) best = Math.max(best, (rounds * this.#memory.call('engine_operations_per_round')) / elapsed);
      else rounds *= 2;
    }
    return best;
  }
}

class Network {
  #memory;
  #network;
  #about;

  constructor(memory, names, { input, layers, loss = 'cross-entropy', batch = 32, optimizer = 'sgd', seed = 1, ...rest } = {}) {
    if (Object.keys(rest).length > 0) {
      fail(`A network has no '${Object.keys(rest)[0]}'; it has input, layers, loss, batch, optimizer and seed.`);
    }
    this.#memory = memory;
    this.#network = memory.call('network_new');
    try {
      const sizes = list_of('input', typeof input === 'number' ? [input] : input);
      for (const size of sizes) integer('A size of the input', size, 1, 1 << 20);
      memory.checked('network_input', 1, this.#network, sizes.length, sizes[0] ?? 0, sizes[1] ?? 0, sizes[2] ?? 0);
      for (const layer of list_of('layers', layers)) this.#add(names, layer);
      const { name, ...rates } = typeof optimizer === 'string' ? { name: optimizer } : (optimizer ?? {});
      const kind = chosen('optimizer', name, names.optimizer);
      memory.checked('network_build', 1, this.#network, chosen('loss', loss, names.loss), integer('batch', batch, 1, 65536), kind,
        'weight_decay' in rates ? 1 : 0, integer('seed', seed, 0, Number.MAX_SAFE_INTEGER));
      this.#about = JSON.parse(memory.text(memory.call('network_about', this.#network)));
      for (const [rate, value] of Object.entries(rates)) this.set(rate, value);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  #add(names, layer) {
    if (layer === null || typeof layer !== 'object') fail(`A layer is an object such as { type: 'dense', units: 10 }, not ${layer}.`);
    const { type, name = '', units, maps, window, kernel = 0, stride = 0, pad = 0, dilation = 1, activation = 'identity',
      initializer = activation === 'relu' || activation === 'leaky-relu' ? 'he-normal' : 'glorot-uniform', initialValue = 0.05, bias = true,
      ...rest } = layer;
    if (Object.keys(rest).length > 0) fail(`A layer has no '${Object.keys(rest)[0]}'. docs/ENGINE_API.md lists what each type has.`);
    const kind = chosen('type of a layer', type, names.layer);
    const own = { dense: ['units', units], conv: ['maps', maps], 'max-pool': ['window', window], 'average-pool': ['window', window] }[type];
    const size = own ? integer(`${own[0]} of a ${type} layer`, own[1], 1, 1 << 20) : 0;
    const small = Object.entries({ kernel, stride, pad, dilation }).map(([what, value]) => integer(what, value, 0, 1024));
    if (!/^[A-Za-z0-9_-]{0,40}$/.test(name)) fail(`A layer's name is up to 40 letters, digits, _ and -, not '${name}'.`);
    this.#memory.with_text(name, (text) => this.#memory.checked('network_layer', 1, this.#network, kind, text, size, ...small,
      chosen('activation', activation, names.activation), chosen('initializer', initializer, names.initializer),
      real('initialValue', initialValue, -1e6, 1e6), yes_or_no('bias', bias)));
  }

  #alive() {
    if (!this.#network) fail('This network has been disposed of. Make another one with engine.network().');
  }

  #tensor(name, kinds) {
    this.#alive();
    const found = this.#about.tensors.find((tensor) => tensor.name === name && (!kinds || kinds.includes(tensor.kind)));
    if (!found) {
      const there = this.#about.tensors.filter((tensor) => !kinds || kinds.includes(tensor.kind)).map((tensor) => tensor.name);
      fail(`There is no ${kinds ? kinds.join(' or ') : 'tensor'} '${name}'; there are: ${there.join(', ')}.`);
    }
    return { ...found, size: found.shape.reduce((product, size) => product * size, 1) };
  }

  #rows(name, values, width) {
    numbers(name, values);
    if (values.length === 0 || values.length % width !== 0) {
      fail(`${name} has ${values.length} numbers, which is no whole number of samples of ${width}.`);
    }
    return values.length / width;
  }

  /** Numbers of one sample, of one answer and of one target; samples a step. */
  get inputs() { return this.#about.inputs; }
  get outputs() { return this.#about.outputs; }
  get batch() { return this.#about.batch; }
  /** Updates so far. */
  get step() {
    this.#alive();
    return this.#memory.call('network_step', this.#network);
  }
  /** [{ name, kind, shape }] of everything that a training step computes. */
  get tensors() { return structuredClone(this.#about.tensors); }
  /** Numbers in all parameters. */
  get parameters() {
    return this.#about.tensors.filter(({ kind }) => kind === 'parameter')
      .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  }

  /** Makes `steps` updates on batches of x [samples, inputs] and y, and returns the loss of each: a Float32Array. */
  train(x, y, { steps, epochs, shuffle = false } = {}) {
    this.#alive();
    const count = this.#rows('x', x, this.#about.inputs);
    numbers('y', y, count * this.#about.targets, this.#about.targets === 1 ? `one for each of ${count} samples` : `${count}·${this.#about.targets}`);
    if (steps !== undefined && epochs !== undefined) fail('train takes steps or epochs, not both.');
    const wanted = epochs === undefined ? integer('steps', steps ?? 1, 1, kMostSteps)
      : integer('steps of all epochs', Math.ceil((real('epochs', epochs, 0, 1e6) * count) / this.batch), 1, kMostSteps);
    return this.#memory.with([x, y, wanted], (from, targets, losses) => {
      const done = this.#memory.checked('network_train', 0, this.#network, from, targets, count, wanted, yes_or_no('shuffle', shuffle), losses);
      return this.#memory.copy(losses, done);
    });
  }

  /** The sentence that says which number was not finite first, or null. Training stops there. */
  get divergence() {
    this.#alive();
    return this.#memory.text(this.#memory.call('network_divergence', this.#network)) || null;
  }

  /** The answers to x [samples, inputs]: [samples, outputs]; probabilities with cross-entropy. */
  predict(x, { out } = {}) {
    this.#alive();
    const count = this.#rows('x', x, this.#about.inputs);
    const size = count * this.#about.outputs;
    if (out !== undefined) numbers('out', out, size, `${count}·${this.#about.outputs}`, Float32Array);
    return this.#memory.result([x], size, out, (from, to) => this.#memory.checked('network_predict', 1, this.#network, from, count, to));
  }

  /** A copy of a tensor's numbers: weights as they are now, everything else as the last step computed it. */
  tensor(name) {
    const { shape, kind, size } = this.#tensor(name);
    const place = this.#memory.with_text(name, (text) => this.#memory.call('network_values', this.#network, text));
    return { name, kind, shape, values: this.#memory.copy(place, size) };
  }

  /** [{ name, shape, values }] of all parameters. */
  weights() {
    this.#alive();
    return this.#about.tensors.filter(({ kind }) => kind === 'parameter').map(({ name }) => this.tensor(name));
  }

  /** Replaces the numbers of a parameter, or of what the optimizer remembers. */
  setWeights(name, values) {
    const { size, shape } = this.#tensor(name, ['parameter', 'state']);
    numbers('values', values, size, `${name} is ${shape.join('·')}`);
    this.#memory.with([values], (place) => this.#memory.with_text(name, (text) => this.#memory.call('network_assign', this.#network, text, place)));
  }

  /** Sets a rate of the optimizer: lr, momentum, beta1, ... */
  set(name, value) {
    this.#tensor(name, ['hyper']);
    real(name, value, -1e9, 1e9);
    this.#memory.with([[value]], (place) => this.#memory.with_text(name, (text) => this.#memory.call('network_assign', this.#network, text, place)));
  }

  /** Back to step 0, with the first weights of `seed`. */
  restart(seed = 1) {
    this.#alive();
    this.#memory.call('network_restart', this.#network, integer('seed', seed, 0, Number.MAX_SAFE_INTEGER));
  }

  /** Gives its memory back to the engine. */
  dispose() {
    if (this.#network) this.#memory.call('network_free', this.#network);
    this.#network = 0;
  }
}
