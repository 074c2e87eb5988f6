/** The parts of the page of a run, in their order. */
export const runTabs = [
  { id: 'overview', label: 'Overview' },
  { id: 'charts', label: 'Charts' },
  { id: 'quality', label: 'Quality' },
  { id: 'privacy', label: 'Privacy' },
  { id: 'samples', label: 'Samples' },
  { id: 'checkpoints', label: 'Checkpoints' },
  { id: 'logs', label: 'Logs' },
  { id: 'system', label: 'System' },
  { id: 'events', label: 'Events and audit' },
] as const;
export type RunTab = (typeof runTabs)[number]['id'];

/** The tab that an address asks for; the charts where it names none, the overview where it names one there is not. */
export function tabOf(asked: string | null): RunTab {
  if (asked === null) return 'charts';
  return runTabs.find(({ id }) => id === asked)?.id ?? 'overview';
}
