// The twin of the canvas: a real element over each control that is drawn there, for the keyboard, for screen readers, for
// phone keyboards and for scripts. They show nothing themselves, but for the field that is being typed into; the canvas
// draws the ring around what has the focus. web/widgets/twin.h says what is there, in changes only.
import { forwardPointers } from './pointer.js';

const kSayAfter = 150; // milliseconds that a cursor rests before its place is read out

const kDescriptions = { cells: 'grid of numbers', plot: 'plot', drawing: 'drawing' };
const kOwnKeys = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'Enter', ' ']);
const kPlotKeys = new Set(['PageUp', 'PageDown']);

export class Twin {
  constructor(canvas, host) {
    this.canvas = canvas;
    this.host = host;
    this.nodes = new Map(); // id -> { element, control, state }
    this.updates = 0;       // and the milliseconds that they took
    this.milliseconds = 0;
    this.root = document.createElement('div');
    this.root.id = 'twin';
    this.root.twin = this;
    this.status = document.createElement('p');
    this.status.className = 'unseen';
    this.status.setAttribute('role', 'status');
    canvas.after(this.root, this.status);
    this.listen();
    forwardPointers(canvas, this, host);
  }

  // ------------------------------------------------------------------------------------------------- from the program
  update(text) {
    const start = performance.now();
    const { changed = [], moved = [], tree, say } = JSON.parse(text);
    for (const state of changed) this.change(state);
    for (const box of moved) this.move(box);
    if (tree) this.arrange(tree);
    if (say) this.say(say);
    ++this.updates;
    this.milliseconds += performance.now() - start;
  }

  change(state) {
    let node = this.nodes.get(state.id);
    if (node && node.state.role !== state.role) {
      node.element.remove();
      node = undefined;
    }
    if (!node) {
      node = { element: create(state), state: {} };
      node.element.dataset.id = state.id;
      this.nodes.set(state.id, node);
    }
    apply(node.element, state, node.state);
    node.element.style.zIndex = state.over ? 1 : '';
    node.state = state;
  }

  move([id, left, top, right, bottom, clipLeft, clipTop, clipRight, clipBottom]) {
    const node = this.nodes.get(id);
    if (!node || isGroup(node.state.role)) return;
    const style = node.element.style;
    style.left = `${left}px`;
    style.top = `${top}px`;
    style.width = `${Math.max(right - left, 1)}px`;
    style.height = `${Math.max(bottom - top, 1)}px`;
    const cut = [clipTop - top, right - clipRight, bottom - clipBottom, clipLeft - left].map((edge) => Math.max(edge, 0));
    const unseen = cut[0] + cut[2] >= bottom - top || cut[1] + cut[3] >= right - left;
    style.clipPath = cut.some((edge) => edge > 0) ? `inset(${cut.map((edge) => `${edge}px`).join(' ')})` : '';
    node.element.classList.toggle('out-of-view', unseen);
  }

  /** tree: id, parent, id, parent ... in reading order; elements that are in their places already are not touched. */
  arrange(tree) {
    const present = new Set();
    const last = new Map(); // parent element -> its last arranged child
    for (let i = 0; i < tree.length; i += 2) {
      const node = this.nodes.get(tree[i]);
      if (!node) continue;
      present.add(tree[i]);
      const parent = this.nodes.get(tree[i + 1])?.element ?? this.root;
      const before = last.get(parent);
      const place = before ? before.nextSibling : parent.firstChild;
      if (place !== node.element) this.insert(parent, node.element, place);
      last.set(parent, node.element);
    }
    for (const [id, { element }] of this.nodes) {
      if (present.has(id)) continue;
      const focused = element === document.activeElement;
      element.remove();
      this.nodes.delete(id);
      if (focused) this.canvas.focus({ preventScroll: true });
    }
    for (const group of this.root.querySelectorAll('[role=tablist], [role=radiogroup]')) oneStop(group);
  }

  /** Moving an element takes the focus from it. */
  insert(parent, element, place) {
    const focused = element === document.activeElement;
    parent.insertBefore(element, place);
    if (focused) element.focus({ preventScroll: true });
  }

  say(text) {
    clearTimeout(this.sayTimer);
    this.sayTimer = setTimeout(() => { this.status.textContent = text; }, kSayAfter);
  }

  // --------------------------------------------------------------------------------------------------- to the program
  tell(id, kind, text = '') {
    this.host.call('chainrule_twin_event', null, ['number', 'string', 'string'], [id, kind, text]);
  }

  /** The id of the plot that an event is over, or undefined. */
  plotAt(target) {
    const node = this.nodeOf(target);
    return node?.state.role === 'plot' ? node.state.id : undefined;
  }

  nodeOf(target) {
    const element = target.closest?.('[data-id]');
    return element && this.nodes.get(Number(element.dataset.id));
  }

  listen() {
    const on = (type, act) => this.root.addEventListener(type, (event) => {
      const node = this.nodeOf(event.target);
      if (node) act(node, event);
    });
    on('focusin', (node) => this.focusIn(node));
    on('focusout', (node) => {
      if (isField(node.state.role)) this.commit(node);
      this.tell(node.state.id, 'blur');
    });
    // Presses of a pointer go through the canvas (web/pointer.js); what is left are the keyboard and assistive technology.
    on('click', (node, event) => {
      if (event.detail === 0 && !node.state.disabled && isPressed(node.state.role)) this.tell(node.state.id, 'click');
    });
    on('input', (node) => {
      if (node.state.role === 'slider') this.tell(node.state.id, 'set', node.element.value);
    });
    on('change', (node) => {
      if (node.state.role === 'choice') this.tell(node.state.id, 'set', String(node.element.selectedIndex));
    });
    on('keydown', (node, event) => this.keyDown(node, event));
  }

  focusIn(node) {
    this.tell(node.state.id, 'focus', node.element.matches(':focus-visible') ? 'visible' : '');
    if (isField(node.state.role)) node.element.select();
  }

  /** Sends what was typed; the field shows the present value until the program says another one. */
  commit(node) {
    const typed = node.element.value.trim();
    const present = node.state.value ?? '';
    node.element.value = present;
    if (typed !== present) this.tell(node.state.id, 'set', typed);
  }

  keyDown(node, event) {
    const { role, id } = node.state;
    if (event.altKey || event.metaKey) return;
    if (event.key === 'Escape') {
      if (isField(role)) node.element.value = node.state.value ?? '';
      this.canvas.focus({ preventScroll: true });
      event.preventDefault();
      return;
    }
    if (isField(role)) {
      if (event.key === 'Enter') this.commit(node), node.element.select();
      else if (role === 'number' && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
        this.commit(node);
        this.tell(id, 'key', event.key);
      } else return;
    } else if (role in kDescriptions && (kOwnKeys.has(event.key) || (role === 'plot' && kPlotKeys.has(event.key)))) {
      this.tell(id, 'key', (event.ctrlKey ? 'Ctrl+' : '') + event.key);
    } else if ((role === 'tab' || role === 'radio') && /^Arrow|^Home$|^End$/.test(event.key)) {
      walkGroup(node.element, event.key);
    } else return;
    event.preventDefault();
  }
}

const isGroup = (role) => role === 'region' || role === 'tabs' || role === 'radios';
const isField = (role) => role === 'number' || role === 'field';
const isPressed = (role) => ['button', 'switch', 'tab', 'radio'].includes(role);

/** Arrow keys go from one of a group to the next and choose it. */
function walkGroup(element, key) {
  const all = [...element.parentElement.children];
  const at = all.indexOf(element);
  const by = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1;
  const next = key === 'Home' ? 0 : key === 'End' ? all.length - 1 : (at + by + all.length) % all.length;
  all[next].focus({ preventScroll: true });
  all[next].click();
}

/** Of a group Tab reaches the chosen one only. */
function oneStop(group) {
  const all = [...group.children];
  const stop = all.find((element) => element.getAttribute('aria-checked') === 'true' || element.getAttribute('aria-selected') === 'true') ?? all[0];
  for (const element of all) element.tabIndex = element === stop ? 0 : -1;
}

const kTags = { region: 'section', slider: 'input', number: 'input', field: 'input', choice: 'select', text: 'p', button: 'button', switch: 'button', tab: 'button', radio: 'button' };
const kRoles = { tabs: 'tablist', radios: 'radiogroup', switch: 'switch', tab: 'tab', radio: 'radio', number: 'spinbutton', progress: 'progressbar',
  cells: 'application', plot: 'application', drawing: 'application' };

function create({ role, whole }) {
  const element = document.createElement(kTags[role] ?? 'div');
  if (kRoles[role]) element.setAttribute('role', kRoles[role]);
  if (element.localName === 'button') element.type = 'button';
  if (role === 'slider') element.type = 'range';
  if (isField(role)) {
    element.type = 'text';
    element.inputMode = role === 'field' ? 'text' : whole ? 'numeric' : 'decimal';
    element.autocapitalize = 'off';
    element.autocomplete = 'off';
    element.spellcheck = false;
    element.enterKeyHint = 'done';
  }
  if (kDescriptions[role]) {
    element.tabIndex = 0;
    element.setAttribute('aria-roledescription', kDescriptions[role]);
  }
  return element;
}

function set(element, name, value) {
  if (value === undefined || value === '') element.removeAttribute(name);
  else element.setAttribute(name, value);
}

function apply(element, state, before) {
  const { role } = state;
  if (role === 'text') {
    element.textContent = state.name;
    return;
  }
  set(element, 'aria-label', state.name);
  set(element, 'aria-description', state.help);
  set(element, 'aria-disabled', state.disabled ? 'true' : undefined);
  set(element, 'aria-expanded', state.expanded);
  if (role === 'switch' || role === 'radio') element.setAttribute('aria-checked', state.on);
  else if (role === 'tab') element.setAttribute('aria-selected', state.on);
  else set(element, 'aria-pressed', state.on);
  if ((role === 'tab' || role === 'radio') && before.on !== state.on && element.parentElement) oneStop(element.parentElement);
  if (role === 'slider') {
    element.min = state.low;
    element.max = state.high;
    element.step = 1;
    if (Number(element.value) !== state.now) element.value = state.now;
    set(element, 'aria-valuetext', state.value);
    element.disabled = state.disabled === true;
  }
  if (isField(role)) applyField(element, state, before);
  if (role === 'progress') {
    element.setAttribute('aria-valuemin', 0);
    element.setAttribute('aria-valuemax', 1);
    element.setAttribute('aria-valuenow', state.now);
  }
  if (role === 'choice') {
    if (String(before.options) !== String(state.options)) element.replaceChildren(...state.options.map((text) => new Option(text)));
    element.selectedIndex = state.chosen;
  }
}

/** What a person is typing stays, whatever the program says meanwhile. */
function applyField(element, state, before) {
  if (state.role === 'number') {
    element.setAttribute('aria-valuenow', state.now);
    element.setAttribute('aria-valuemin', state.low);
    element.setAttribute('aria-valuemax', state.high);
  }
  const typing = element === document.activeElement && element.value !== (before.value ?? '');
  if (!typing) element.value = state.value ?? '';
}
