// Runs the checks of gpu_tests.js: in a page, or in node with another gpu and other digits.
export async function runChecks(createTests, { word = '', gpu, pixels, labels, say, print = console.log }) {
  const module = await createTests({ gpu, print, printErr: print });
  const digits = module._malloc(pixels.length + labels.length);
  module.HEAPU8.set(pixels, digits);
  module.HEAPU8.set(labels, digits + pixels.length);
  module.ccall('checks_start', null, ['string', 'number', 'number'], [word, digits, labels.length]);
  for (;;) {
    const said = module.ccall('checks_tick', 'string', [], []);
    if (said === 'done' || said.startsWith('none: ')) return said;
    if (said !== '') say(said);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
