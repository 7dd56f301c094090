// What the other libraries' modules share: scripts that are no modules, other layouts of weights, works that cannot be done.

export const package_url = (file) => new URL(`node_modules/${file}`, import.meta.url).href;

/** Runs a classic script of a package in this page; in node, where there are none, its package instead, with its name as a global. */
export function run_script(file, name) {
  if (typeof document === 'undefined') return run_package(file, name);
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = package_url(file);
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${file} could not be loaded`));
    document.head.append(script);
  });
}

async function run_package(file, name) {
  const { createRequire } = await import('node:module');
  const made = createRequire(import.meta.url)(file.slice(0, file.indexOf('/dist/')));
  if (name) globalThis[name] = made;
}

export function cannot(reason) {
  throw new Error(reason);
}

/** `values` of axes in the order of `shape`, with the axes in the order that `order` names. */
export function transposed(values, shape, order) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const sizes = order.map((axis) => shape[axis]);
  const out = new Float32Array(values.length);
  const place = new Array(order.length).fill(0);
  for (let i = 0; i < out.length; ++i) {
    out[i] = values[place.reduce((sum, index, axis) => sum + index * strides[order[axis]], 0)];
    for (let axis = order.length - 1; axis >= 0 && ++place[axis] === sizes[axis]; --axis) place[axis] = 0;
  }
  return out;
}

/** LeNet's first dense weights [500, 50·4·4] where pictures are rows, columns, maps. */
export const dense_after_pictures = (values) => transposed(values, [500, 50, 4, 4], [0, 2, 3, 1]);
