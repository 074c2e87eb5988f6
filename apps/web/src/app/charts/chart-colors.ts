/** A canvas can't follow CSS: resolves a colour such as `var(--gd-generator)` to what it is in the theme of `host`. */
export function resolveColor(host: HTMLElement, color: string): string {
  const probe = document.createElement('span');
  probe.style.color = color;
  host.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}
