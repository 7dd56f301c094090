// jax-js on its WebGPU backend.
import { open as open_jax } from './jax.mjs';

export const open = () => open_jax({ backend: 'webgpu' });
