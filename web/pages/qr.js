// A text as a QR code, drawn as one path: sharp at every size.
import qrcode from '../qrcode.mjs';

const kQuiet = 4; // modules of white around the code: ISO/IEC 18004, 6.3.8

/** An SVG element, dark on white in every theme because cameras expect that; null when the text is too long. */
export function drawQr(text) {
  const code = encode(text);
  if (code === null) return null;
  const count = code.getModuleCount();
  let path = '';
  for (let row = 0; row < count; ++row) {
    for (let column = 0; column < count; ++column) {
      if (code.isDark(row, column)) path += `M${column + kQuiet} ${row + kQuiet}h1v1h-1z`;
    }
  }
  const side = count + 2 * kQuiet;
  const svg = element('svg', { viewBox: `0 0 ${side} ${side}`, 'aria-hidden': 'true', 'shape-rendering': 'crispEdges' });
  svg.append(element('rect', { width: side, height: side, fill: '#fff' }), element('path', { d: path, fill: '#000' }));
  return svg;
}

function encode(text) {
  for (const correction of ['M', 'L']) {
    try {
      const code = qrcode(0, correction); // 0: the smallest size that holds it
      code.addData(text, 'Byte');
      code.make();
      return code;
    } catch {
      // too long for this level of correction
    }
  }
  return null;
}

function element(tag, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
