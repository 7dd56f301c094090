// Pointers over the twin's elements mean the canvas below: mouse, wheel and touch events that hit an element are sent on
// to it, so that hovering, dragging and scrolling work as if nothing lay above. Two fingers scale the interface, or the plot that
// they are on.

const kTap = 8;        // pixels that a tapping finger may move
const kPinch = 1.18;   // two fingers that far apart, or together, are one step of the interface's scale

const kPlotPinch = 1.08; // the same for a plot, which has finer steps

const isField = (element) => element.localName === 'input' && element.type === 'text';

export function forwardPointers(canvas, twin, host) {
  const { root } = twin;
  const wake = () => host.wake();
  for (const type of ['pointermove', 'pointerdown', 'pointerup', 'pointerleave', 'wheel', 'touchstart', 'touchmove', 'touchend', 'keydown', 'keyup'])
    root.addEventListener(type, wake, { passive: true });
  forwardMouse(canvas, root, twin, host);
  forwardTouch(canvas, root);
  pinch(canvas, root, twin);
  new MutationObserver(() => { root.style.cursor = canvas.style.cursor; }).observe(canvas, { attributes: true, attributeFilter: ['style'] });
}

function forwardMouse(canvas, root, twin, host) {
  root.addEventListener('pointerdown', (event) => {
    host.touch = event.pointerType === 'touch';
    // A press leaves the keyboard at the canvas, as everywhere on it.
    if (!isField(event.target)) canvas.focus({ preventScroll: true });
  });
  for (const type of ['mousemove', 'mousedown']) {
    root.addEventListener(type, (event) => {
      canvas.dispatchEvent(new MouseEvent(type, event));
      if (type === 'mousedown' && !isField(event.target)) event.preventDefault();
    });
  }
  root.addEventListener('wheel', (event) => {
    if (event.ctrlKey) { // the browser's zoom, or two fingers on a touchpad
      const plot = twin.plotAt(event.target);
      if (plot === undefined) return;
      twin.tell(plot, 'key', event.deltaY < 0 ? 'Pinch+' : 'Pinch-');
      event.preventDefault();
      return;
    }
    if (!canvas.dispatchEvent(new WheelEvent('wheel', event))) event.preventDefault();
  }, { passive: false });
  root.addEventListener('contextmenu', (event) => {
    if (!isField(event.target)) event.preventDefault();
  });
  // To the canvas the pointer is still on it while it is over an element of the twin.
  for (const type of ['mouseleave', 'mouseenter']) {
    window.addEventListener(type, (event) => {
      if (event.isTrusted && event.target === canvas && root.contains(event.relatedTarget)) event.stopImmediatePropagation();
    }, { capture: true });
  }
  const crossing = (type, sent) => root.addEventListener(type, (event) => {
    if (event.relatedTarget !== canvas && !root.contains(event.relatedTarget)) canvas.dispatchEvent(new MouseEvent(sent, event));
  });
  crossing('mouseout', 'mouseleave');
  crossing('mouseover', 'mouseenter');
}

function sendTouch(canvas, event, type = event.type) {
  const { touches, targetTouches, changedTouches } = event;
  return canvas.dispatchEvent(new TouchEvent(type, {
    bubbles: true, cancelable: true, touches: [...touches], targetTouches: [...targetTouches], changedTouches: [...changedTouches],
  }));
}

/** A touch belongs to the element where it began, to its end, even if that element is gone by then. */
function forwardTouch(canvas, root) {
  root.addEventListener('touchstart', (start) => {
    const element = start.target;
    const from = start.changedTouches[0];
    const field = isField(element);
    const follow = (event) => {
      if (!sendTouch(canvas, event) && event.cancelable) event.preventDefault();
      if (event.type === 'touchmove') return;
      const to = event.changedTouches[0];
      const tapped = event.type === 'touchend' && Math.hypot(to.clientX - from.clientX, to.clientY - from.clientY) < kTap;
      if (field && tapped) element.focus({ preventScroll: true }); // within the gesture, so that the keyboard comes
      if (event.touches.length > 0) return;
      for (const type of kFollowed) element.removeEventListener(type, follow);
    };
    if (start.touches.length === 1)
      for (const type of kFollowed) element.addEventListener(type, follow, { passive: false });
    if (!sendTouch(canvas, start) && start.cancelable) start.preventDefault();
  }, { passive: false });
}

const kFollowed = ['touchmove', 'touchend', 'touchcancel'];

function pinch(canvas, root, twin) {
  let apart = 0; // how far the fingers were at the last step; 0: no pinch
  let plot;      // the plot that they are on
  const inside = (event) => event.target === canvas || root.contains(event.target);
  const distance = ({ touches }) => Math.hypot(touches[0].clientX - touches[1].clientX, touches[0].clientY - touches[1].clientY);
  const take = (event) => {
    event.stopImmediatePropagation();
    if (event.cancelable) event.preventDefault();
  };
  window.addEventListener('touchstart', (event) => {
    if (!event.isTrusted || !inside(event) || event.touches.length !== 2) return;
    apart = distance(event);
    plot = twin.plotAt(event.target);
    take(event);
    // The first finger presses nothing any more: to the canvas it is lifted where nothing is.
    const [first] = event.touches;
    const away = new Touch({ identifier: first.identifier, target: first.target, clientX: -1e4, clientY: -1e4 });
    for (const type of ['touchmove', 'touchend'])
      canvas.dispatchEvent(new TouchEvent(type, { bubbles: false, cancelable: true, touches: type === 'touchmove' ? [away] : [], targetTouches: [], changedTouches: [away] }));
  }, { capture: true, passive: false });
  window.addEventListener('touchmove', (event) => {
    if (!event.isTrusted || apart === 0 || !inside(event)) return;
    take(event);
    if (event.touches.length < 2) return;
    const now = distance(event);
    const step = plot === undefined ? kPinch : kPlotPinch;
    if (now <= apart * step && now >= apart / step) return;
    if (plot === undefined) twin.tell(0, 'scale', now > apart ? '1' : '-1');
    else twin.tell(plot, 'key', now > apart ? 'Pinch+' : 'Pinch-');
    apart = now;
  }, { capture: true, passive: false });
  for (const type of ['touchend', 'touchcancel']) {
    window.addEventListener(type, (event) => {
      if (!event.isTrusted || apart === 0) return;
      take(event);
      if (event.touches.length === 0) apart = 0;
    }, { capture: true, passive: false });
  }
}
