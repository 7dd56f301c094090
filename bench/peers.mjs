// Whom bench/run --peers compares with in Chromium: a module of bench/contenders each, the threads it runs with by itself.
export const kPeers = [
  { name: 'tfjs-wasm', title: 'tfjs-wasm', threads: 2 },
  { name: 'tfjs-cpu', title: 'tfjs-cpu', threads: 1 },
  { name: 'jax', title: 'jax-js wasm', threads: 2 },
  { name: 'convnetjs', title: 'ConvNetJS', threads: 1 },
  { name: 'brain', title: 'brain.js', threads: 1 },
  { name: 'onnxruntime', title: 'onnxruntime-web', threads: 2 },
];
