import type { BookFaults, BookPicture } from '@gan-dashboard/shared-types';
import type { ChartLine } from '../../charts/line-chart';
import { formatCount } from '../../design/format';

const colors = { first: 'var(--gd-series-1)', second: 'var(--gd-series-2)', third: 'var(--gd-series-3)' };

/** What stands below the places of a depth chart: bids from the deepest to the best, then asks outwards. */
export function depthLabels({ depth }: BookPicture): string[] {
  const bids = depth.bid.map((_, index) => $localize`bid ${index + 1}`).reverse();
  return [...bids, ...depth.ask.map((_, index) => $localize`ask ${index + 1}`)];
}

/** Sizes from the deepest bid to the deepest ask. */
function depthOf({ depth }: BookPicture, of: 'median' | 'p25' | 'p75'): number[] {
  return [...depth.bid.map((level) => level[of]).reverse(), ...depth.ask.map((level) => level[of])];
}

/** The size that half of the rows have at each level, and the range of the middle half. */
export function depthLines(picture: BookPicture): ChartLine[] {
  const line = (label: string, color: string, y: number[]) => ({ label, color, x: y.map((_, index) => index), y });
  return [
    line($localize`median size`, colors.first, depthOf(picture, 'median')),
    line($localize`upper quarter from`, colors.second, depthOf(picture, 'p75')),
    line($localize`lower quarter to`, colors.third, depthOf(picture, 'p25')),
  ];
}

export function pathLine({ path }: BookPicture, of: 'mid' | 'spread'): ChartLine[] {
  const x = path[of].map((_, index) => index);
  return [{ label: of === 'mid' ? $localize`mid price` : 'spread', color: colors.first, x, y: path[of] }];
}

/** A real and a synthetic picture as lines of one chart; without the real one, the synthetic alone. */
export interface BookPair {
  real: BookPicture | null;
  synthetic: BookPicture;
}

function lines(
  { real, synthetic }: BookPair,
  lineOf: (picture: BookPicture) => { x: number[]; y: number[] },
): ChartLine[] {
  return [
    ...(real ? [{ label: 'real', color: colors.first, ...lineOf(real) }] : []),
    { label: 'synthetic', color: colors.second, ...lineOf(synthetic) },
  ];
}

export function depthBeside(pair: BookPair): ChartLine[] {
  return lines(pair, (picture) => {
    const y = depthOf(picture, 'median');
    return { x: y.map((_, index) => index), y };
  });
}

/** Share of the rows whose spread is at most so many ticks. */
export function spreadLaws(pair: BookPair): ChartLine[] {
  return lines(pair, ({ spreads }) => ({
    x: spreads.map(({ ticks }) => ticks),
    y: spreads.map(({ share }) => share),
  }));
}

/** The mid prices of evenly spaced rows, in ascending order, along the share of the rows below them. */
export function midLaws(pair: BookPair): ChartLine[] {
  return lines(pair, ({ path }) => {
    const y = [...path.mid].sort((a, b) => a - b);
    return { x: y.map((_, index) => Math.round((1000 * index) / Math.max(1, y.length - 1)) / 10), y };
  });
}

/** What is wrong with rows, in words; empty where nothing is. */
export function faultsText(faults: BookFaults, rows: number | null): string {
  if (faults.faulty === 0) return '';
  const kinds = [
    [faults.crossed, 'crossed'],
    [faults.misordered, $localize`with levels out of order`],
    [faults.non_positive_size, $localize`with a size that is not positive`],
    [faults.off_tick, $localize`off the tick`],
    [faults.missing, $localize`with empty cells`],
  ] as const;
  const told = kinds.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  const of = rows === null ? '' : $localize` of ${formatCount(rows)}`;
  return $localize`${formatCount(faults.faulty)}${of} rows are no valid books: ${told.join(', ')}.`;
}
