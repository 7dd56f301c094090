// The table of contents: beside the lesson where there is room, else a drawer over it. By topic or by deck, with search;
// at its foot the language, and on a phone what the header has no room for.
import { build, tr } from './text.js';

const fold = (text) => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
const fetched = new Map();

function fetchJson(address) {
  if (!fetched.has(address)) {
    const loaded = fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`${address}: ${answer.status}`))));
    fetched.set(address, loaded);
    loaded.catch(() => fetched.delete(address));
  }
  return fetched.get(address);
}

export async function createPart(host) {
  return new Contents(host, await fetchJson('lessons.json'));
}

class Contents {
  constructor(host, list) {
    this.host = host;
    this.list = list;
    this.words = {}; // slug -> what search reads of its words
    this.byDeck = host.text('preference', 'grouping') === 'deck';
    this.query = '';
    this.data = null;
    this.nav = build('nav', { class: 'contents', 'aria-label': 'Lessons' });
    this.dock = build('div', { class: 'part', hidden: true });
    this.drawer = build('dialog', { class: 'drawer' });
    host.canvas.before(this.dock);
    document.body.append(this.drawer);
    this.drawer.addEventListener('close', () => {
      if (!this.hiding) host.pageEvent('contents', 'close');
      host.canvas.focus({ preventScroll: true });
    });
    this.drawer.addEventListener('click', (event) => {
      if (event.target === this.drawer) this.drawer.close();
    });
  }

  place({ x, y, width, height, data }) {
    const before = this.data;
    this.data = data;
    const holder = data.docked ? this.dock : this.drawer;
    Object.assign(holder.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
    const moved = this.nav.parentElement !== holder;
    if (moved) holder.append(this.nav);
    if (JSON.stringify(before) !== JSON.stringify(data)) this.draw(before);
    this.dock.hidden = !data.docked;
    if (data.docked) this.closeDrawer();
    else if (!this.drawer.open) {
      this.drawer.showModal();
      this.nav.querySelector('[aria-current]')?.focus();
    }
  }

  hide() {
    this.closeDrawer();
    if (this.dock.contains(document.activeElement)) this.host.canvas.focus({ preventScroll: true });
    this.dock.hidden = true;
  }

  closeDrawer() {
    if (!this.drawer.open) return;
    this.hiding = true; // by the app, so it knows
    this.drawer.close();
    setTimeout(() => { this.hiding = false; }); // close is told later
  }

  // ------------------------------------------------------------------------------------------------------------ drawing
  draw(before) {
    const focused = this.nav.contains(document.activeElement) ? document.activeElement.dataset.name : undefined;
    if (before?.language !== this.data.language) this.words = {};
    this.nav.setAttribute('aria-label', tr('Lessons'));
    this.drawer.setAttribute('aria-label', tr('Lessons'));
    this.status = build('p', { class: 'hits', role: 'status' });
    this.lessons = build('div', { class: 'lessons' });
    this.nav.replaceChildren(this.head(), this.search(), this.grouping(), this.status, this.lessons, this.foot());
    this.fill();
    if (focused) this.nav.querySelector(`[data-name="${focused}"]`)?.focus();
  }

  button(name, label, act, properties = {}, ...content) {
    const button = build('button', { type: 'button', 'data-name': name, ...properties }, ...(content.length > 0 ? content : [label]));
    if (content.length > 0) button.setAttribute('aria-label', label);
    button.addEventListener('click', act);
    return button;
  }

  head() {
    const head = build('header', {}, build('div', {}, build('p', { class: 'name' }, 'Chainrule'),
      build('p', { class: 'motto' }, tr('Deep learning, down to the arithmetic'))));
    if (!this.data.docked) head.append(this.button('close', tr('Close contents'), () => this.drawer.close(), { class: 'quiet icon' }, '✕'));
    return head;
  }

  search() {
    const box = build('input', { type: 'search', 'data-name': 'search', placeholder: tr('Search'), 'aria-label': tr('Search the lessons'),
      autocomplete: 'off', spellcheck: 'false' });
    box.value = this.query;
    box.addEventListener('focus', () => this.loadWords());
    box.addEventListener('input', () => {
      this.query = box.value;
      this.fill();
    });
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || box.value === '') return;
      event.preventDefault(); // the first Escape empties the field, the next one closes
      event.stopPropagation();
      box.value = this.query = '';
      this.fill();
    });
    return box;
  }

  async loadWords() {
    const { language } = this.data;
    try {
      const words = await fetchJson(`lessons/words.${language}.json`);
      if (language !== this.data.language) return;
      this.words = Object.fromEntries(Object.entries(words).map(([slug, text]) => [slug, fold(text)]));
      if (this.query !== '') this.fill();
    } catch {
      // search goes without the words, and asks again at the next focus
    }
  }

  grouping() {
    const choose = (byDeck) => () => {
      this.byDeck = byDeck;
      this.host.tell('preference', 'grouping', byDeck ? 'deck' : 'topic');
      this.draw(this.data);
    };
    return build('div', { class: 'segments', role: 'group', 'aria-label': tr('Order of the lessons') },
      this.button('topics', tr('By topic'), choose(false), { 'aria-pressed': String(!this.byDeck) }),
      this.button('decks', tr('By deck'), choose(true), { 'aria-pressed': String(this.byDeck) }));
  }

  foot() {
    const { host, data } = this;
    const foot = build('footer', {});
    const send = (name, value) => () => host.pageEvent(name, value);
    if (data.narrow) {
      const leave = (name, value) => () => {
        this.drawer.close();
        host.pageEvent(name, value);
      };
      foot.append(build('div', { class: 'tools' },
        this.button('share', tr('Share'), leave('share', 'open'), { class: 'quiet' }),
        this.button('keys', tr('Keys'), leave('keys', ''), { class: 'quiet' }),
        this.button('theme', data.dark ? tr('Light') : tr('Dark'), send('theme', ''), { class: 'quiet' }),
        this.button('full-screen', tr('Full screen'), send('full-screen', ''), { class: 'quiet' }),
        this.button('smaller', tr('Smaller'), send('scale', '-1'), { class: 'quiet' }),
        this.button('larger', tr('Larger'), send('scale', '1'), { class: 'quiet' })));
    }
    const names = { en: 'English', de: 'Deutsch' };
    foot.append(build('div', { class: 'segments', role: 'group', 'aria-label': tr('Language') },
      ...this.list.languages.map((language) => this.button(language, names[language], send('language', language),
        { lang: language, 'aria-pressed': String(language === data.language) }))));
    return foot;
  }

  // ------------------------------------------------------------------------------------------------------------ lessons
  matches(lesson) {
    const { title, summary, topic } = lesson[this.data.language];
    const decks = lesson.decks.map((number) => `${number} ${this.deckTitle(number)}`);
    const text = fold([title, summary, topic, ...decks].join(' ')) + (this.words[lesson.slug] ?? '');
    return fold(this.query).split(/\s+/).every((word) => text.includes(word));
  }

  deckTitle(number) {
    return this.list.decks.find((deck) => deck.number === number)?.title ?? '';
  }

  /** [heading, lessons] in order; a lesson of two decks stands under both. */
  groups(found) {
    if (this.byDeck) {
      return this.list.decks.map(({ number, title }) => [tr('Deck {0}: {1}', number, title), found.filter((lesson) => lesson.decks.includes(number))])
        .filter(([, lessons]) => lessons.length > 0);
    }
    const groups = new Map();
    for (const lesson of found) {
      const { topic } = lesson[this.data.language];
      groups.set(topic, [...(groups.get(topic) ?? []), lesson]);
    }
    return [...groups];
  }

  fill() {
    const found = this.list.lessons.filter((lesson) => this.matches(lesson));
    const searching = this.query.trim() !== '';
    const hits = found.length === 0 ? tr('No lesson has this') : found.length === 1 ? tr('1 lesson') : tr('{0} lessons', found.length);
    this.status.textContent = searching ? hits : '';
    this.lessons.replaceChildren(...this.groups(found).map(([heading, lessons]) => build('section', {}, build('h3', {}, heading),
      build('ul', {}, ...lessons.map((lesson) => build('li', {}, this.link(lesson)))))));
  }

  link(lesson) {
    const { title, summary } = lesson[this.data.language];
    const current = lesson.slug === this.data.slug;
    const link = build('a', { href: `#/${lesson.slug}`, 'data-name': lesson.slug }, build('strong', {}, title), build('span', {}, summary));
    if (current) link.setAttribute('aria-current', 'page');
    link.addEventListener('click', (event) => {
      if (current) event.preventDefault(); // what was done there stays
      if (!this.data.docked) this.drawer.close();
    });
    return link;
  }
}
