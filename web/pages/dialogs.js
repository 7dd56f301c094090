// Dialogs over the canvas: sharing, the list of keys, and the question before a long replay.
import { drawQr } from './qr.js';
import { build, tr } from './text.js';

const kDialogs = { share: shareDialog, keys: keysDialog, replay: replayDialog };

/** Opens a dialog; what is pressed in it goes to host.pageEvent. One at a time: another one replaces it. */
export function openDialog(host, name, data) {
  for (const open of document.querySelectorAll('dialog[open]')) open.close();
  const before = document.activeElement;
  const title = build('h2', { id: 'dialog-title' });
  const close = build('button', { type: 'button', class: 'quiet', 'aria-label': tr('Close') }, '✕');
  const dialog = build('dialog', { class: `dialog ${name}`, 'aria-labelledby': 'dialog-title' });
  dialog.append(build('header', {}, title, close));
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close(); // the backdrop: the dialog itself has no padding
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    (before?.isConnected ? before : host.canvas).focus({ preventScroll: true });
    host.wake();
  });
  kDialogs[name](dialog, title, data, host);
  document.body.append(dialog);
  dialog.showModal();
}

// --------------------------------------------------------------------------------------------------------------- share

function copyButton(field, what) {
  const button = build('button', { type: 'button', 'aria-label': tr('Copy {0}', what) }, tr('Copy'));
  button.addEventListener('click', async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = tr('Copied');
    } catch {
      button.textContent = tr('Press Ctrl+C'); // it is selected already
    }
    setTimeout(() => { button.textContent = tr('Copy'); }, 2500);
  });
  return button;
}

function field(kind, id, label, value, hidden = false) {
  const box = build(kind, { id, readOnly: true, spellcheck: 'false' });
  box.value = value;
  box.addEventListener('focus', () => box.select());
  const name = build('label', hidden ? { for: id, class: 'unseen' } : { for: id }, label);
  return { box, parts: [name, build('div', { class: 'row' }, box, copyButton(box, label))] };
}

/** "about 4 s", "about 3 min". */
function duration(seconds) {
  return seconds < 100 ? tr('about {0} s', Math.max(1, Math.round(seconds))) : tr('about {0} min', Math.round(seconds / 60));
}

function shareDialog(dialog, title, data, host) {
  title.textContent = tr('Share');
  const body = build('div', { class: 'body' });
  if (!data.exact) body.append(build('p', { class: 'warning', role: 'note' }, data.note, ' ', tr('The run file holds everything.')));
  const link = field('input', 'share-link', tr('Link'), data.link);
  body.append(...link.parts, build('p', { class: 'small' }, linkSentence(data)));
  body.append(qrPart(data));
  const embed = field('textarea', 'share-embed', tr('HTML that shows this in another page'), data.embed, true);
  embed.box.rows = 3;
  body.append(build('details', {}, build('summary', {}, tr('Put it into a page of yours')), ...embed.parts));
  const save = build('button', { type: 'button', class: data.exact ? 'quiet' : '' }, tr('Save run file'));
  const open = build('button', { type: 'button', class: 'quiet' }, tr('Open run file'));
  save.addEventListener('click', () => host.pageEvent('share', 'save-run'));
  open.addEventListener('click', () => {
    host.pageEvent('share', 'open-run');
    dialog.close();
  });
  const explained = tr('A run file holds the weights, the optimizer’s state and all that was done, and opens at once.');
  body.append(build('h3', {}, tr('Run file')), build('p', { class: 'small' }, explained), build('div', { class: 'row' }, save, open));
  dialog.append(body);
}

function linkSentence({ steps, seconds }) {
  if (steps === 0) return tr('Leads to step 0, with these settings and these first weights.');
  return tr('Leads to step {0}: whoever opens it runs these steps, {1} on a computer like this one.', steps, duration(seconds));
}

function qrPart({ link }) {
  const picture = drawQr(link);
  if (picture === null) return build('p', { class: 'small' }, tr('The link is too long for a QR code.'));
  const button = build('button', { type: 'button', class: 'qr', 'aria-label': tr('QR code of the link. Press to enlarge it.') }, picture);
  button.addEventListener('click', () => button.classList.toggle('large'));
  const part = build('div', { class: 'qr-part' }, button, build('p', { class: 'small' }, tr('For phones in the room: press the code to fill the screen.')));
  if (/^https?:\/\/(localhost|127\.|\[::1\])/.test(link)) {
    part.lastChild.append(' ', tr('This address is one of this computer alone; others need the address of a server.'));
  }
  return part;
}

// ---------------------------------------------------------------------------------------------------------------- keys

const keys = () => [
  [['Space'], tr('Play, pause')],
  [['→', 'Page ↓'], tr('One step on')],
  [['←', 'Page ↑'], tr('One step back')],
  [['J'], tr('To the next phase')],
  [['U'], tr('To the end of the update')],
  [['A'], tr('All digits, or fewer')],
  [['R'], tr('Back to step 0, same first weights')],
  [['N'], tr('New first weights')],
  [['Ctrl Z'], tr('Undo')],
  [['Ctrl Shift Z'], tr('Redo')],
  [['L'], tr('Share')],
  [['C'], tr('Lessons')],
  [['S'], tr('Panel: lesson, settings, derivation')],
  [['P'], tr('Presentation')],
  [['D'], tr('Light or dark')],
  [['+', '−'], tr('Larger, smaller')],
  [['F'], tr('Full screen')],
  [['Tab'], tr('Next control; then arrows, Enter and Space work it')],
  [['Esc'], tr('Back to the picture; closes what is open')],
  [['?'], tr('This list')],
];

function keysDialog(dialog, title) {
  title.textContent = tr('Keys');
  const list = build('dl', { class: 'body keys' });
  for (const [names, meaning] of keys()) {
    list.append(build('div', {}, build('dt', {}, ...names.map((name) => build('kbd', {}, name))), build('dd', {}, meaning)));
  }
  dialog.append(list);
}

// -------------------------------------------------------------------------------------------------------------- replay

function replayDialog(dialog, title, { steps, seconds }, host) {
  title.textContent = tr('A long way to go');
  const text = tr('This link leads to step {0}. Running the steps before it takes {1} here.', steps, duration(seconds));
  const run = build('button', { type: 'button' }, tr('Run them'));
  const stay = build('button', { type: 'button', class: 'quiet' }, tr('Stay at step 0'));
  let answer = 'no';
  run.addEventListener('click', () => {
    answer = 'yes';
    dialog.close();
  });
  stay.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => host.pageEvent('replay', answer));
  dialog.append(build('div', { class: 'body' }, build('p', {}, text), build('div', { class: 'row' }, run, stay)));
}
