// Pages that are not isolated have shared memory for WebAssembly, but no name for its buffers; Emscripten's code asks by the name.
globalThis.SharedArrayBuffer ??= new WebAssembly.Memory({ initial: 0, maximum: 0, shared: true }).buffer.constructor;
