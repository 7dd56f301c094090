// window.chainrule: drive the app from the browser's console or from a test. Documented in docs/SCRIPT_API.md.

export function createScriptApi() {
  let module = null;
  let host = null;
  let resolveReady;
  let rejectReady;
  const ready = new Promise((resolve, reject) => {
    resolveReady = resolve;
    rejectReady = reject;
  });
  ready.catch(() => {}); // whoever waits for it gets the error; nobody need wait

  /** One call into the program. Its answer is JSON: {"ok": …} or {"error": "a sentence"}. Draws no frame. */
  function ask(name, types, values) {
    const answer = JSON.parse(host.call(name, 'string', types, values));
    if ('error' in answer) throw new Error(answer.error);
    return answer.ok;
  }

  /** A call that changes something, and so must be seen. */
  function tell(name, types, values) {
    const answer = ask(name, types, values);
    host.wake();
    return answer;
  }

  /** Resolves when nothing that was asked for is under way any more. */
  async function settled() {
    for (;;) {
      const { busy, error } = ask('chainrule_script_progress', [], []);
      if (error) throw new Error(error);
      if (!busy) return ask('chainrule_script_state', [], []);
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
  }

  function withFloats(data, use) {
    const floats = Float32Array.from(data);
    const at = module._malloc(Math.max(floats.byteLength, 4));
    if (at === 0) throw new Error(`There is no memory for ${floats.length} numbers.`);
    try {
      module.HEAPF32.set(floats, at >> 2);
      return use(at, floats.length);
    } finally {
      module._free(at);
    }
  }

  const call = (method) => async (...args) => {
    await ready;
    return method(...args);
  };

  const surface = {
    ready,
    state: call(() => ask('chainrule_script_state', [], [])),
    open: call((link) => {
      tell('chainrule_script_open', ['string'], [String(link).replace(/^.*#/, '')]);
      return settled();
    }),
    play: call(() => tell('chainrule_script_play', ['number'], [1])),
    pause: call(() => tell('chainrule_script_play', ['number'], [0])),
    step: call((n = 1) => {
      tell('chainrule_script_step', ['number'], [whole(n)]);
      return settled();
    }),
    seek: call((n) => {
      tell('chainrule_script_seek', ['number'], [whole(n)]);
      return settled();
    }),
    reset: call(() => {
      tell('chainrule_script_reset', [], []);
      return settled();
    }),
    params: call(() => ask('chainrule_script_params', [], [])),
    set: call((name, value) => {
      const text = value === true ? 'on' : value === false ? 'off' : String(value);
      tell('chainrule_script_set', ['string', 'string'], [String(name), text]);
      return settled();
    }),
    tensors: call(() => ask('chainrule_script_tensors', [], [])),
    tensor: call((name) => {
      const { shape, step, address, count } = ask('chainrule_script_tensor', ['string'], [String(name)]);
      return { shape, step, data: module.HEAPF32.slice(address >> 2, (address >> 2) + count) };
    }),
    assign: call((name, data) => {
      withFloats(data, (at, count) =>
        tell('chainrule_script_assign', ['string', 'number', 'number'], [String(name), at, count]));
      return settled();
    }),
    runFile: call(() => {
      const { address, count } = ask('chainrule_script_run_file', [], []);
      return module.HEAPU8.slice(address, address + count);
    }),
    edit: call((name, index, value) => {
      tell('chainrule_script_edit', ['string', 'number', 'number'], [String(name), whole(index), Number(value)]);
      return settled();
    }),
    nextPhase: call(() => {
      tell('chainrule_script_next_phase', [], []);
      return settled();
    }),
    undo: call(async () => {
      const what = tell('chainrule_script_undo', [], []);
      await settled();
      return what;
    }),
    redo: call(async () => {
      const what = tell('chainrule_script_redo', [], []);
      await settled();
      return what;
    }),
    cancel: call(() => tell('chainrule_script_cancel', [], [])),
    newWeights: call((seed) => {
      tell('chainrule_script_new_weights', ['number'], [whole(seed)]);
      return settled();
    }),
    command: call((name, number = 0, data = []) => {
      withFloats(data, (at, count) =>
        tell('chainrule_script_command', ['string', 'number', 'number', 'number'], [String(name), number, at, count]));
      return settled();
    }),
    explain: call((name, index, { offset = 0, limit = 100, step = -1 } = {}) =>
      ask('chainrule_script_explain', ['string', 'number', 'number', 'number', 'number'],
        [String(name), whole(index), whole(offset), whole(limit), whole(step)])),
  };

  return {
    surface: Object.freeze(surface),
    connect(program, its_host) {
      module = program;
      host = its_host;
      resolveReady();
    },
    fail: (error) => rejectReady(error instanceof Error ? error : new Error(String(error))),
  };
}

function whole(n) {
  if (!Number.isSafeInteger(n)) throw new Error(`${n} is not a whole number.`);
  return n;
}
