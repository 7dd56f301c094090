// The words of a lesson, beside what it draws: text to read, select, search and translate.
import { build, tr } from './text.js';

const fragments = new Map(); // address -> promise of HTML

/** The HTML of web/lessons/SLUG.LANGUAGE.md, as tools/words.py made it: a file of the site's own, without raw HTML of its author. */
export function loadWords(slug, language) {
  const address = `lessons/${encodeURIComponent(slug)}.${language}.html`;
  if (!fragments.has(address)) {
    const loaded = fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      return answer.text();
    });
    fragments.set(address, loaded);
    loaded.catch(() => fragments.delete(address));
  }
  return fragments.get(address);
}

/** Puts the words into an element, or says that they did not come. */
export async function showWords(element, slug, language) {
  const key = `${slug}.${language}`;
  element.dataset.shown = key;
  let made;
  try {
    made = await loadWords(slug, language);
  } catch {
    made = null;
  }
  if (element.dataset.shown !== key) return; // another lesson was asked for meanwhile
  if (made === null) {
    const again = build('button', { type: 'button' }, tr('Try again'));
    again.addEventListener('click', () => showWords(element, slug, language));
    element.replaceChildren(build('p', {}, tr('The words of this lesson could not be loaded.')), again);
    return;
  }
  element.innerHTML = made;
  element.lang = language;
  element.scrollTop = 0;
}

export function createPart(host) {
  const region = build('section', { class: 'part words', tabindex: '0', hidden: true });
  host.canvas.parentElement.append(region);
  return {
    place({ x, y, width, height, data: { slug, language } }) {
      Object.assign(region.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
      region.hidden = false;
      if (region.dataset.shown === `${slug}.${language}`) return;
      region.setAttribute('aria-label', tr('About this lesson'));
      showWords(region, slug, language);
    },
    hide() {
      if (region.contains(document.activeElement)) host.canvas.focus({ preventScroll: true });
      region.hidden = true;
    },
  };
}
