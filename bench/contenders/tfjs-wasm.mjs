// TensorFlow.js with its WebAssembly backend (XNNPACK), and as many threads as asked for.
import { package_url, run_script } from './support.mjs';
import { open_tfjs } from './tfjs.mjs';

export async function open({ threads }) {
  const opened = await open_tfjs('wasm', async (tf) => {
    await run_script('@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js');
    tf.wasm.setWasmPaths(package_url('@tensorflow/tfjs-backend-wasm/dist/'));
    tf.wasm.setThreadsCount(threads);
  });
  return { ...opened, threads: globalThis.tf.wasm.getThreadsCount() };
}
