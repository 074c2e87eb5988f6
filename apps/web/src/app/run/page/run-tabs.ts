/** The parts of the page of a run, in their order. */
export const runTabs = [
  { id: 'overview', label: $localize`Overview` },
  { id: 'charts', label: $localize`Charts` },
  { id: 'quality', label: $localize`Quality` },
  { id: 'privacy', label: $localize`Privacy` },
  { id: 'samples', label: $localize`Samples` },
  { id: 'checkpoints', label: $localize`Checkpoints` },
  { id: 'logs', label: $localize`Logs` },
  { id: 'system', label: $localize`System` },
  { id: 'events', label: $localize`Events and audit` },
] as const;
export type RunTab = (typeof runTabs)[number]['id'];

/** The tab that an address asks for; the charts where it names none, the overview where it names one there is not. */
export function tabOf(asked: string | null): RunTab {
  if (asked === null) return 'charts';
  return runTabs.find(({ id }) => id === asked)?.id ?? 'overview';
}
