// tests/golden/*.bin in JavaScript: the format of tests/golden/README.md.
import { readFile } from 'node:fs/promises';

/** name -> { shape, numbers } or { text }. */
export async function read_golden(name) {
  const bytes = await readFile(new URL(`../../golden/${name}.bin`, import.meta.url));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.toString('latin1', 0, 7) !== 'CRGOLD\0') throw new Error(`${name}.bin is no golden file`);
  const count = view.getUint32(8, true);
  const records = new Map();
  let at = 16 + view.getUint32(12, true);
  for (let i = 0; i < count; ++i) {
    const length = view.getUint16(at, true);
    const [kind, rank] = [view.getUint8(at + 2), view.getUint8(at + 3)];
    const shape = Array.from({ length: rank }, (_, axis) => view.getInt32(at + 4 + 4 * axis, true));
    at += 4 + 4 * rank;
    const size = view.getUint32(at, true);
    const label = bytes.toString('utf8', at + 4, at + 4 + length);
    at += 4 + length;
    if (kind === 2) records.set(label, { text: bytes.toString('utf8', at, at + size) });
    else {
      const width = kind === 0 ? 4 : 8;
      const numbers = Array.from({ length: size / width }, (_, k) => (kind === 0 ? view.getFloat32(at + 4 * k, true) : view.getFloat64(at + 8 * k, true)));
      records.set(label, { shape, numbers });
    }
    at += size;
  }
  return records;
}
