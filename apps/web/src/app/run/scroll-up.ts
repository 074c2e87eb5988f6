const upKeys = new Set(['ArrowUp', 'PageUp', $localize`Home`]);

/**
 * Calls back when a wheel, a finger or a key begins to scroll an element up, before it has moved. Passive: the
 * scrolling itself does not wait for it.
 *
 * @returns ends it
 */
export function onScrollUp(element: HTMLElement, scrollsUp: () => void): () => void {
  const ended = new AbortController();
  const options = { passive: true, signal: ended.signal };
  let touchedAt = 0;
  const touched = (event: TouchEvent) => (touchedAt = event.touches[0]?.clientY ?? 0);
  const dragged = (event: TouchEvent) => {
    // The content follows the finger: down is up.
    if ((event.touches[0]?.clientY ?? 0) > touchedAt) scrollsUp();
    touched(event);
  };
  element.addEventListener('wheel', (event) => event.deltaY < 0 && scrollsUp(), options);
  element.addEventListener('touchstart', touched, options);
  element.addEventListener('touchmove', dragged, options);
  element.addEventListener('keydown', (event) => upKeys.has(event.key) && scrollsUp(), options);
  return () => ended.abort();
}
