import type { IconName } from '../design/icon';

export interface Place {
  /** Below the base href, without a slash in front. */
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
  /** Pressed after `g`. */
  readonly key: string;
  /** What else people call it, for the search. */
  readonly words?: string;
}

/** The places of the dashboard, in the order of the rail. */
export const places: readonly Place[] = [
  { path: '', label: 'Overview', icon: 'overview', key: 'o', words: 'home start' },
  { path: 'workspace', label: 'Workbench', icon: 'workbench', key: 'w', words: 'pick train watch workspace' },
  { path: 'runs', label: 'Runs', icon: 'runs', key: 'r', words: 'trainings experiments' },
  { path: 'compare', label: 'Compare', icon: 'compare', key: 'c', words: 'diff overlay' },
  { path: 'datasets', label: 'Data sets', icon: 'data', key: 'd', words: 'csv tables upload' },
  { path: 'samples', label: 'Models and samples', icon: 'sample', key: 'm', words: 'checkpoints synthetic rows' },
  { path: 'reports', label: 'Reports', icon: 'report', key: 'q', words: 'quality fidelity privacy' },
  { path: 'sse-test', label: 'Stream inspector', icon: 'pulse', key: 'i', words: 'events sse websocket' },
  { path: 'settings', label: 'Settings', icon: 'settings', key: 's', words: 'theme density connection server' },
];

/** What stands in the bar at the bottom of a narrow screen; the rest is one press further. */
export const barPaths: readonly string[] = ['', 'runs', 'workspace', 'datasets'];

/** The place that an address belongs to: its first part decides. */
export function placeOf(url: string): Place | undefined {
  const first = pathOf(url)[0] ?? '';
  return places.find(({ path }) => path === first);
}

/** The parts of an address, without query and fragment. */
export function pathOf(url: string): string[] {
  const path = url.split(/[?#]/)[0] ?? '';
  return path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => decodeURIComponent(part));
}
