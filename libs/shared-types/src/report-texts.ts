import type { QualitySection } from './quality';

/* How a report reads, the same on the page and in its file. */

const score = new Intl.NumberFormat('en', { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const tenths = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const hundredths = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

/** What stands where a value was not measured. */
export const notMeasured = '–';

export const sectionTitles: Readonly<Record<QualitySection, string>> = {
  fidelity: 'Fidelity',
  diagnostic: 'Validity',
  distance: 'Distance of the distributions',
  detection: 'Detection',
  utility: 'Utility',
  privacy: 'Privacy',
  series: 'Sequences',
  order_book: 'Order book',
};

export function scoreText(value: number | null | undefined): string {
  if (value === null || value === undefined) return notMeasured;
  const isTiny = value !== 0 && Math.abs(value) < 5e-4;
  return (isTiny ? value.toExponential(1) : score.format(value)).replaceAll('-', '−');
}

export function quantityText(value: number | null | undefined): string {
  if (value === null || value === undefined) return notMeasured;
  const size = Math.abs(value);
  const text = value !== 0 && (size < 1e-4 || size >= 1e9) ? value.toExponential(3) : significant.format(value);
  return text.replaceAll('-', '−');
}

/** @param share of 1 */
export function percentText(share: number | null | undefined): string {
  if (share === null || share === undefined) return notMeasured;
  if (share === 0) return '0 %';
  return `${(share < 0.01 ? hundredths : tenths).format(100 * share)} %`;
}
