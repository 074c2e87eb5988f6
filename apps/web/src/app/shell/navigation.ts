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
  { path: '', label: $localize`Overview`, icon: 'overview', key: 'o', words: $localize`home start` },
  {
    path: 'workspace',
    label: $localize`Workbench`,
    icon: 'workbench',
    key: 'w',
    words: $localize`pick train watch workspace`,
  },
  { path: 'runs', label: $localize`Runs`, icon: 'runs', key: 'r', words: $localize`trainings experiments` },
  { path: 'compare', label: $localize`Compare`, icon: 'compare', key: 'c', words: $localize`diff overlay` },
  { path: 'datasets', label: $localize`Data sets`, icon: 'data', key: 'd', words: $localize`csv tables upload` },
  {
    path: 'samples',
    label: $localize`Models and samples`,
    icon: 'sample',
    key: 'm',
    words: $localize`checkpoints synthetic rows`,
  },
  { path: 'reports', label: $localize`Reports`, icon: 'report', key: 'q', words: $localize`quality fidelity privacy` },
  {
    path: 'sse-test',
    label: $localize`Stream inspector`,
    icon: 'pulse',
    key: 'i',
    words: $localize`events sse websocket`,
  },
  {
    path: 'settings',
    label: $localize`Settings`,
    icon: 'settings',
    key: 's',
    words: $localize`theme density connection server`,
  },
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
