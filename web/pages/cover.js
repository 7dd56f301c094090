// Where the program cannot run, its lessons can still be read: the list on the cover leads to their words.
import { showWords } from './words.js';

let started = false;

export function showLessonsOnCover(language) {
  if (started) return;
  started = true;
  const article = document.getElementById('cover-words');
  const titles = new Map([...document.querySelectorAll('#contents a')].map((link) => [link.hash, link]));
  const show = async () => {
    const address = location.hash.replace(/\?.*/s, '');
    const link = titles.get(address);
    article.hidden = link === undefined;
    if (link === undefined) return;
    for (const other of titles.values()) other.removeAttribute('aria-current');
    link.setAttribute('aria-current', 'page');
    await showWords(article, address.slice('#/'.length), language);
    const title = document.createElement('h2');
    title.textContent = link.textContent;
    article.prepend(title);
  };
  window.addEventListener('hashchange', () => show().then(() => article.scrollIntoView()));
  translateList(titles, language);
  show();
}

// index.html lists the lessons in English.
async function translateList(titles, language) {
  if (language === 'en') return;
  const { lessons } = await (await fetch('lessons.json')).json();
  let topic = '';
  for (const lesson of lessons) {
    const link = titles.get(`#/${lesson.slug}`);
    const words = lesson[language];
    link.textContent = words.title;
    link.nextSibling.textContent = ` ${words.summary}`;
    if (words.topic !== topic) link.closest('ul').previousElementSibling.textContent = words.topic;
    topic = words.topic;
  }
}
