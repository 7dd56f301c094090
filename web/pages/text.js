// The text that people read in HTML, in the language of their choice. The tables are those of web/text (see web/text/tr.h).

const kLanguages = ['en', 'de']; // those of tr.h

let table = new Map();

/** From now on texts are those of a table: a line of English, a line of translation, an empty line. "" is English. */
export function setTable(text) {
  table = new Map();
  const lines = text.split('\n');
  for (let i = 0; i + 1 < lines.length; ++i) {
    if (lines[i] !== '') table.set(lines[i], lines[++i]);
  }
}

/** The text in the chosen language, with {0}, {1} … replaced by values. */
export function tr(english, ...values) {
  return (table.get(english) ?? english).replace(/\{(\d)\}/g, (whole, index) => values[index] ?? whole);
}

/** An element with properties and children; children are elements or texts. */
export function build(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && typeof value !== 'string') element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** The language that a person chose, else the browser's. */
export function preferredLanguage(chosen, languages = navigator.languages ?? [navigator.language ?? 'en']) {
  if (kLanguages.includes(chosen)) return chosen;
  return languages.map((name) => name.slice(0, 2).toLowerCase()).find((name) => kLanguages.includes(name)) ?? kLanguages[0];
}

const originals = new WeakMap(); // element -> English

/** Translates what is marked in index.html: the text of data-tr, the aria-label of data-tr-label. */
export function translatePage(language) {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll('[data-tr], [data-tr-label]')) {
    const label = 'trLabel' in element.dataset;
    if (!originals.has(element)) originals.set(element, (label ? element.getAttribute('aria-label') : element.textContent).trim().replace(/\s+/g, ' '));
    const text = tr(originals.get(element));
    if (label) element.setAttribute('aria-label', text);
    else element.textContent = text;
  }
}
