/** A canvas can't follow CSS: resolves a colour such as `var(--gd-generator)` to what it is in the theme of `host`. */
export function resolveColor(host: HTMLElement, color: string): string {
  const probe = document.createElement('span');
  probe.style.color = color;
  host.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

/** Many at once, for one computation of styles instead of one for each. */
export function resolveColors(host: HTMLElement, colors: Iterable<string>): ReadonlyMap<string, string> {
  const probes = [...new Set(colors)].map((color) => {
    const probe = document.createElement('span');
    probe.style.color = color;
    return { color, probe };
  });
  const group = document.createElement('span');
  group.append(...probes.map(({ probe }) => probe));
  host.append(group);
  const resolved = new Map(probes.map(({ color, probe }) => [color, getComputedStyle(probe).color]));
  group.remove();
  return resolved;
}
