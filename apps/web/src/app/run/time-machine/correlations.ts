import { scoreText } from '@gan-dashboard/shared-types';
import type { LiveCorrelations } from '@gan-dashboard/shared-types';
import { notMeasured } from '../../design/format';
import type { PairAssociation } from '../../reports/report-geometry';

/** The pairs of a measurement, in the order of the event: row by row above the diagonal. */
export function pairsOf({ columns, real, synthetic }: LiveCorrelations): PairAssociation[] {
  return columns
    .flatMap((first, i) => columns.slice(i + 1).map((second) => [first, second] as const))
    .map((pair, index) => ({ columns: pair, real: real[index] ?? null, synthetic: synthetic[index] ?? null }));
}

/** Synthetic less real, -2 to 2; null where one of them was not measured. */
export function gapOf({ real, synthetic }: PairAssociation): number | null {
  return real === null || synthetic === null ? null : synthetic - real;
}

/** The pairs that were measured on both sides, the furthest apart first. */
export function furthestApart(pairs: readonly PairAssociation[]): PairAssociation[] {
  const size = (pair: PairAssociation) => Math.abs(gapOf(pair) ?? 0);
  return pairs.filter((pair) => gapOf(pair) !== null).toSorted((a, b) => size(b) - size(a));
}

/** `+0.12`, `−0.12`. */
export function gapText(gap: number | null): string {
  if (gap === null) return notMeasured;
  const text = scoreText(gap);
  return gap > 0 ? `+${text}` : text;
}

export function pairText(pair: PairAssociation): string {
  const [first, second] = pair.columns;
  return $localize`${first} and ${second}\: real ${scoreText(pair.real)}, synthetic ${scoreText(pair.synthetic)}, difference ${gapText(gapOf(pair))}`;
}

/** The correlations of an epoch in a sentence. */
export function correlationText(epoch: number, pairs: readonly PairAssociation[]): string {
  const judged = furthestApart(pairs);
  const [worst] = judged;
  if (!worst)
    return $localize`At epoch ${epoch} no pair of columns has a correlation both in the real and in the synthetic rows.`;
  const mean = judged.reduce((sum, pair) => sum + Math.abs(gapOf(pair) ?? 0), 0) / judged.length;
  return (
    $localize`At epoch ${epoch}, correlations of ${judged.length} pairs are ${scoreText(mean)} apart on average; ` +
    $localize`furthest are ${pairText(worst)}.`
  );
}
