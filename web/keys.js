// Who gets a key. The program hears those that are typed at the canvas, or at nothing, or at an element of the page that
// does not use the key itself. Tab and the browser's shortcuts stay the browser's.

const kPressing = new Set([' ', 'Enter']);
const kMoving = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End']);

const isBrowsers = (event) => event.ctrlKey || event.metaKey || event.key === 'Tab' || (event.altKey && event.key.length > 1) || /^F\d+$/.test(event.key);

/** Does the element act on the key? */
function uses(element, event) {
  if (element.isContentEditable || element.localName === 'textarea' || element.closest('dialog')) return true;
  if (element.localName === 'input') {
    if (element.type === 'range') return kMoving.has(event.key);
    return !['checkbox', 'radio', 'button'].includes(element.type) || kPressing.has(event.key);
  }
  if (element.localName === 'select') return kPressing.has(event.key) || kMoving.has(event.key) || event.key.length === 1; // a letter chooses an option
  const role = element.getAttribute('role');
  if (role === 'application') return kPressing.has(event.key) || kMoving.has(event.key);
  if (role === 'tab' || role === 'radio') return kPressing.has(event.key) || kMoving.has(event.key);
  if (element.matches('a[href], button, summary, [role=button], [role=switch], [role=link]')) return kPressing.has(event.key);
  // Words that scroll use the keys that scroll.
  return element !== document.body && element.tabIndex >= 0 && (kMoving.has(event.key) || event.key === ' ');
}

export function routeKeys(canvas) {
  for (const type of ['keydown', 'keyup', 'keypress']) {
    window.addEventListener(type, (event) => {
      if (isBrowsers(event)) {
        if (event.target === canvas) event.stopImmediatePropagation(); // what SDL sees, it takes from the browser
        return;
      }
      const { target } = event;
      if (!event.isTrusted || target === canvas || !(target instanceof Element)) return;
      // A key that went down elsewhere comes up for everybody; SDL does not mind.
      if (type !== 'keyup' && uses(target, event)) return;
      const sent = new KeyboardEvent(type, { ...legacyCodes(event), key: event.key, code: event.code, location: event.location, repeat: event.repeat,
        shiftKey: event.shiftKey, altKey: event.altKey, bubbles: true, cancelable: true });
      if (!canvas.dispatchEvent(sent) && type === 'keydown' && event.key !== 'Escape') event.preventDefault();
    }, { capture: true });
  }
}

// SDL reads these.
const legacyCodes = ({ keyCode, charCode, which }) => ({ keyCode, charCode, which });
