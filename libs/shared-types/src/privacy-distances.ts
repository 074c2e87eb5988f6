import type { PrivacyQuality } from './quality';

export interface PrivacyDistances {
  label: string;
  /** Medians and fifth percentiles: of the DCR, then of the NNDR. */
  values: (number | null)[];
}

/** How far rows are from the rows beside them, a line for each pair of tables that was measured. */
export function privacyDistances({ dcr, nndr }: PrivacyQuality): PrivacyDistances[] {
  const labels = {
    training: 'synthetic, training',
    holdout: 'synthetic, held out',
    reference: 'held out, training',
  } as const;
  return (Object.keys(labels) as (keyof typeof labels)[]).flatMap((name) => {
    const [distance, ratio] = [dcr[name], nndr[name]];
    if (!distance || !ratio) return [];
    const values = [distance.median, distance.fifth_percentile, ratio.median, ratio.fifth_percentile];
    return [{ label: labels[name], values }];
  });
}
