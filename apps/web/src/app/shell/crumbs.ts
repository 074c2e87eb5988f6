import { pathOf, placeOf } from './navigation';

export interface Crumb {
  readonly label: string;
  /** Absent for the page itself. */
  readonly link?: string;
}

/** Pages that stand beside the rail. */
const otherPages: Readonly<Record<string, string>> = {
  account: $localize`Account`,
  users: $localize`Users`,
  new: $localize`New run`,
  notifications: $localize`Notifications`,
  projects: $localize`Projects`,
};

/**
 * The way to a page. `nameOf` gives what the thing with an id is called, as far as that is known; until then its id is
 * shortened.
 */
export function crumbsOf(url: string, nameOf: (id: string) => string | undefined): Crumb[] {
  const [first = '', ...rest] = pathOf(url);
  const label = placeOf(url)?.label ?? otherPages[first] ?? first;
  if (rest.length === 0) return [{ label }];
  const inner = rest.map((part) => ({ label: nameOf(part) ?? shortId(part) }));
  return [{ label, link: `/${first}` }, ...inner];
}

function shortId(id: string): string {
  return /^[0-9a-f]{8}-/.test(id) ? id.slice(0, 8) : id;
}
