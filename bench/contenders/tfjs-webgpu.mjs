// TensorFlow.js with its WebGPU backend.
import { run_script } from './support.mjs';
import { open_tfjs } from './tfjs.mjs';

export async function open() {
  const opened = await open_tfjs('webgpu', () => run_script('@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js'));
  const { tf } = globalThis;
  // Its calls return before the GPU is done, and it gathers several before it submits them: what is measured is done when all is
  // submitted and the queue is empty.
  const make = async (id) => {
    const work = await opened.make(id, 0);
    return {
      ...work,
      run: async () => {
        work.run();
        const backend = tf.backend();
        if (backend.commandEncoder) {
          backend.endComputePassEncoder();
          backend.submitQueue();
        }
        await backend.queue.onSubmittedWorkDone();
      },
    };
  };
  return { ...opened, make };
}
