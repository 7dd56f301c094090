// TensorFlow.js with its plain JavaScript backend.
import { open_tfjs } from './tfjs.mjs';

export const open = () => open_tfjs('cpu');
