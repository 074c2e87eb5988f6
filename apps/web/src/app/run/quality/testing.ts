import type { HealthAlert, QualityUpdate } from '@gan-dashboard/shared-types';

/** A measurement of two columns; `shares` are those of the values of `side`: bid (60 %), ask (30 %), rare (10 %). */
export function aMeasurement(
  epoch: number,
  shares: [number, number, number] = [0.6, 0.3, 0.1],
  partial: Partial<QualityUpdate> = {},
): QualityUpdate {
  const real = [0.6, 0.3, 0.1];
  const parts = ['bid', 'ask', 'rare'].map((label, i) => ({
    label,
    real: real[i] ?? 0,
    synthetic: shares[i] ?? 0,
    is_judged: true,
  }));
  return {
    state: 'measured',
    epoch,
    total_epochs: 10,
    step: epoch * 10,
    scores: {
      overall: { value: 0.8, floor: 0.7, ceiling: 0.95 },
      shapes: { value: 0.9, floor: 0.95, ceiling: 0.97 },
    },
    columns: [
      { name: 'side', kind: 'category', coverage: shares.filter((share) => share > 0).length / 3, parts },
      { name: 'price', kind: 'quantity', coverage: 1, parts: [] },
    ],
    is_best: false,
    ...partial,
  };
}

export function anAlert(partial: Partial<HealthAlert> = {}): HealthAlert {
  return {
    verdict: 'mode_collapse',
    severity: 'warning',
    message: 'Modes collapse: only 40 % of the values occur.',
    rule: 'coverage below 60 %',
    numbers: { coverage: 0.4, repeated: 0.9 },
    advice: ['Lower generator_learning_rate (now 0.1).', 'Raise pac (now 1).'],
    epoch: 4,
    step: 40,
    ...partial,
  };
}
