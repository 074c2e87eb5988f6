import { fromWireNumber } from '@gan-dashboard/shared-types';
import type { HealthAlert, HealthVerdict } from '@gan-dashboard/shared-types';
import { formatMetric } from '../../design/format';

export const verdictTitles: Readonly<Record<HealthVerdict, string>> = {
  balanced: 'balanced',
  discriminator_wins: $localize`discriminator wins`,
  generator_wins: $localize`generator wins`,
  oscillating: 'oscillating',
  mode_collapse: $localize`mode collapse`,
  diverging: 'diverging',
  not_finite: $localize`not finite`,
  memorising: 'memorising',
};

/** The numbers behind a verdict, by what they measure. */
export function healthNumbers({ numbers }: HealthAlert): { name: string; value: string }[] {
  return Object.entries(numbers).map(([name, value]) => ({
    name: name.replaceAll('_', ' '),
    value: formatMetric(fromWireNumber(value)),
  }));
}
