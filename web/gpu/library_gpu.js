// The browser's side of engine/backend/webgpu/device.h: a small library of our own over navigator.gpu, so that any Emscripten
// will do. Objects are kept in a map, known to the program by number. One device for the page.
//
// In node Module.gpu stands for navigator.gpu.
addToLibrary({
  $gpu: {
    // 0 not asked for, 1 asked for, 2 ready, 3 there is none, 4 lost, 5 out of memory, 6 failed
    state: 0,
    message: '',
    device: null,
    adapter: null,
    objects: null, // by number; maps are made when a device is asked for: what stands here is written out as text
    lastObject: 0, // numbers are not used twice: a program may let go of what a lost device made
    encoder: null,
    pass: null,
    reads: null,
    nextRead: 0,

    keep: (object) => {
      gpu.objects.set(++gpu.lastObject, object);
      return gpu.lastObject;
    },
    fail: (state, message) => {
      if (gpu.state > 2) return; // what happened first is the reason
      gpu.state = state;
      gpu.message = message;
      gpu.reads.clear();
    },
    request: async () => {
      const source = Module['gpu'] ?? globalThis.navigator?.gpu;
      if (!source) return gpu.fail(3, 'This browser has no WebGPU.');
      try {
        gpu.adapter = await source.requestAdapter({ powerPreference: 'high-performance' });
        if (!gpu.adapter) return gpu.fail(3, 'WebGPU finds no graphics adapter here.');
        const { maxBufferSize, maxStorageBufferBindingSize } = gpu.adapter.limits;
        const requiredFeatures = ['subgroups'].filter((feature) => gpu.adapter.features.has(feature));
        const requiredLimits = { maxBufferSize, maxStorageBufferBindingSize };
        const device = await gpu.adapter.requestDevice({ requiredFeatures, requiredLimits });
        gpu.device = device;
        device.lost.then((info) => {
          if (gpu.device === device) gpu.fail(4, info.message || info.reason || 'The graphics device is gone.');
        });
        device.onuncapturederror = ({ error }) => {
          const memory = error.constructor.name === 'GPUOutOfMemoryError';
          gpu.fail(memory ? 5 : 6, error.message);
        };
        gpu.state = 2;
      } catch (error) {
        gpu.fail(3, String(error.message ?? error));
      }
    },
    flush: () => {
      gpu.pass?.end();
      gpu.pass = null;
      if (gpu.encoder) gpu.device.queue.submit([gpu.encoder.finish()]);
      gpu.encoder = null;
    },
    map: async (ticket, staging) => {
      try {
        await staging.mapAsync(1 /* GPUMapMode.READ */);
        if (gpu.reads.has(ticket)) gpu.reads.set(ticket, new Uint8Array(staging.getMappedRange()).slice());
        staging.destroy();
      } catch (error) {
        gpu.fail(4, String(error.message ?? error));
      }
    },
  },

  // Asks for a device, anew after one was lost.
  gpu_request__deps: ['$gpu'],
  gpu_request: () => {
    if (gpu.state === 1 || gpu.state === 2) return;
    Object.assign(gpu, { state: 1, message: '', device: null, encoder: null, pass: null });
    Object.assign(gpu, { objects: new Map(), reads: new Map() });
    gpu.request();
  },
  gpu_state__deps: ['$gpu'],
  gpu_state: () => gpu.state,
  gpu_message__deps: ['$gpu', '$stringToNewUTF8'],
  gpu_message: () => stringToNewUTF8(gpu.message),
  gpu_adapter_name__deps: ['$gpu', '$stringToNewUTF8'],
  gpu_adapter_name: () => {
    const info = gpu.adapter.info ?? {};
    return stringToNewUTF8([info.vendor, info.architecture, info.description].filter(Boolean).join(' '));
  },
  gpu_is_fallback__deps: ['$gpu'],
  gpu_is_fallback: () => {
    const info = gpu.adapter.info ?? {};
    const software = /swiftshader|llvmpipe|software/i.test(`${info.vendor} ${info.architecture} ${info.description}`);
    return (info.isFallbackAdapter ?? gpu.adapter.isFallbackAdapter ?? false) || software ? 1 : 0;
  },
  gpu_has_subgroups__deps: ['$gpu'],
  gpu_has_subgroups: () => (gpu.device.features.has('subgroups') ? 1 : 0),
  // 0: bytes of a buffer, 1: of a binding
  gpu_limit__deps: ['$gpu'],
  gpu_limit: (which) => gpu.device.limits[which === 0 ? 'maxBufferSize' : 'maxStorageBufferBindingSize'],
  // As a driver's reset would, for tests.
  gpu_destroy_device__deps: ['$gpu'],
  gpu_destroy_device: () => gpu.device?.destroy(),

  gpu_create_buffer__deps: ['$gpu'],
  gpu_create_buffer: (bytes) => {
    if (gpu.state !== 2) return 0;
    // STORAGE | UNIFORM | COPY_SRC | COPY_DST
    return gpu.keep(gpu.device.createBuffer({ size: bytes, usage: 0x80 | 0x40 | 0x4 | 0x8 }));
  },
  gpu_destroy_buffer__deps: ['$gpu'],
  gpu_destroy_buffer: (buffer) => {
    gpu.objects.get(buffer)?.destroy();
    gpu.objects.delete(buffer);
  },
  gpu_write__deps: ['$gpu'],
  gpu_write: (buffer, offset, from, bytes) => {
    // slice: the program's memory is shared between threads, which not every implementation takes.
    if (gpu.state === 2) gpu.device.queue.writeBuffer(gpu.objects.get(buffer), offset, HEAPU8.slice(from, from + bytes));
  },
  gpu_create_pipeline__deps: ['$gpu', '$UTF8ToString'],
  gpu_create_pipeline: (wgsl, entry, inputs, outputs) => {
    if (gpu.state !== 2) return 0;
    const types = ['uniform', 'storage', ...Array(inputs).fill('read-only-storage'), ...Array(outputs - 1).fill('storage')];
    const layout = gpu.device.createBindGroupLayout({
      entries: types.map((type, binding) => ({ binding, visibility: 4 /* COMPUTE */, buffer: { type } })),
    });
    const pipeline = gpu.device.createComputePipeline({
      layout: gpu.device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module: gpu.device.createShaderModule({ code: UTF8ToString(wgsl) }), entryPoint: UTF8ToString(entry) },
    });
    return gpu.keep({ pipeline, layout });
  },
  gpu_create_group__deps: ['$gpu'],
  gpu_create_group: (pipeline, constants, offset, size, buffers, count) => {
    if (gpu.state !== 2) return 0;
    const entries = [{ binding: 0, resource: { buffer: gpu.objects.get(constants), offset, size } }];
    for (let i = 0; i < count; ++i) entries.push({ binding: i + 1, resource: { buffer: gpu.objects.get(HEAPU32[(buffers >> 2) + i]) } });
    return gpu.keep(gpu.device.createBindGroup({ layout: gpu.objects.get(pipeline).layout, entries }));
  },
  gpu_destroy_group__deps: ['$gpu'],
  gpu_destroy_group: (group) => gpu.objects.delete(group),
  gpu_dispatch__deps: ['$gpu'],
  gpu_dispatch: (pipeline, group, x, y, z) => {
    if (gpu.state !== 2) return;
    gpu.encoder ??= gpu.device.createCommandEncoder();
    gpu.pass ??= gpu.encoder.beginComputePass();
    gpu.pass.setPipeline(gpu.objects.get(pipeline).pipeline);
    gpu.pass.setBindGroup(0, gpu.objects.get(group));
    gpu.pass.dispatchWorkgroups(x, y, z);
  },
  gpu_submit__deps: ['$gpu'],
  gpu_submit: () => {
    if (gpu.state === 2) gpu.flush();
  },
  gpu_read__deps: ['$gpu'],
  gpu_read: (buffer, offset, bytes) => {
    if (gpu.state !== 2) return 0;
    gpu.flush();
    const staging = gpu.device.createBuffer({ size: bytes, usage: 0x1 | 0x8 /* MAP_READ | COPY_DST */ });
    const encoder = gpu.device.createCommandEncoder();
    encoder.copyBufferToBuffer(gpu.objects.get(buffer), offset, staging, 0, bytes);
    gpu.device.queue.submit([encoder.finish()]);
    const ticket = ++gpu.nextRead;
    gpu.reads.set(ticket, null);
    gpu.map(ticket, staging);
    return ticket;
  },
  // How many bytes have come, 0 while none have.
  gpu_read_size__deps: ['$gpu'],
  gpu_read_size: (ticket) => gpu.reads.get(ticket)?.length ?? 0,
  gpu_take_read__deps: ['$gpu'],
  gpu_take_read: (ticket, to) => {
    HEAPU8.set(gpu.reads.get(ticket), to);
    gpu.reads.delete(ticket);
  },
});
