// Arguments of the engine module, checked before they reach the core: an error names value, limit and remedy.

export function fail(sentence) {
  throw new Error(sentence);
}

const shown = (value) => (typeof value === 'string' ? `'${value}'` : String(value));

export function integer(name, value, least, most) {
  if (!Number.isInteger(value) || value < least || value > most) {
    fail(`${name} is ${shown(value)}; it has to be a whole number from ${least} to ${most}.`);
  }
  return value;
}

export function real(name, value, least, most) {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    fail(`${name} is ${shown(value)}; it has to be a number from ${least} to ${most}.`);
  }
  return value;
}

export function yes_or_no(name, value) {
  if (typeof value !== 'boolean') fail(`${name} is ${shown(value)}; it has to be true or false.`);
  return value ? 1 : 0;
}

/** The place of `value` in a list of names. */
export function chosen(name, value, names) {
  const place = names.indexOf(value);
  if (place < 0) fail(`The ${name} is ${shown(value)}; there are: ${names.join(', ')}.`);
  return place;
}

export function list_of(name, value) {
  if (!Array.isArray(value)) fail(`${name} is ${shown(value)}; it has to be a list.`);
  return value;
}

/** A list of as many sizes as there are axes. */
export function sizes_of(name, value, axes) {
  if (!Array.isArray(value) || value.length !== axes.length) fail(`${name} is ${shown(value)}; it has to be [${axes.join(', ')}].`);
  value.forEach((size, axis) => integer(`${axes[axis]} of ${name}`, size, 1, 1 << 20));
  return value;
}

const kArrays = [Float32Array, Float64Array, Uint8Array, Uint8ClampedArray, Int8Array, Int16Array, Uint16Array, Int32Array, Uint32Array];

/** An array of numbers, of `count` of them where that is known; `why` says where the count comes from. */
export function numbers(name, value, count, why, type) {
  const right = type ? value instanceof type : Array.isArray(value) || kArrays.some((kind) => value instanceof kind);
  if (!right) fail(`${name} is ${value === undefined ? 'missing' : shown(value?.constructor?.name ?? value)}; it has to be a ${type?.name ?? 'Float32Array or another array of numbers'}.`);
  if (count !== undefined && value.length !== count) fail(`${name} has ${value.length} numbers; it has to have ${count} (${why}).`);
  return value;
}
