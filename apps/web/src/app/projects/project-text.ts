import type { Project, UserRole } from '@gan-dashboard/shared-types';
import { formatCount } from '../design/format';

export const roleChoices: readonly { role: UserRole; label: string }[] = [
  { role: 'viewer', label: $localize`viewer` },
  { role: 'trainer', label: $localize`trainer` },
  { role: 'administrator', label: $localize`administrator` },
];

/** What is in a project, in one line. */
export function contentText({ runs, datasets }: Pick<Project, 'runs' | 'datasets'>): string {
  const runText = runs === 1 ? $localize`1 run` : $localize`${formatCount(runs)} runs`;
  const dataText = datasets === 1 ? $localize`1 data set` : $localize`${formatCount(datasets)} data sets`;
  return `${runText}, ${dataText}`;
}
