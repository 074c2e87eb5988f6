import type { FullQualityReport, QualityScore, SeriesCurve } from '@gan-dashboard/shared-types';
import { html } from './markup';
import type { Markup } from './markup';
import { percentText, scoreText } from './numbers';

type ColumnQuality = NonNullable<FullQualityReport['columns']>[number];
type Histogram = NonNullable<ColumnQuality['histogram']>;
type Category = NonNullable<ColumnQuality['categories']>[number];

/** Two decimals are a hundredth of a pixel: more only makes the file larger. */
function at(value: number): string {
  return String(Math.round(value * 100) / 100);
}

const width = 320;
const height = 96;

/** Both distributions of a quantity as steps over the same bins, each filled faintly. */
export function histogramChart({ edges, real, synthetic }: Histogram, label: (value: number) => string): Markup {
  const top = Math.max(...real, ...synthetic, 1e-12);
  const steps = (shares: readonly number[]): string => {
    const x = (bin: number) => at((bin / shares.length) * width);
    const y = (share: number) => at(height - (share / top) * (height - 6));
    const line = shares.map((share, bin) => `L${x(bin)} ${y(share)}L${x(bin + 1)} ${y(share)}`).join('');
    return `M0 ${height}${line}L${width} ${height}Z`;
  };
  return html`<svg
    class="chart"
    viewBox="0 0 ${width} ${height + 16}"
    role="img"
    aria-label="Distribution of the real and of the synthetic values"
  >
    <path class="area real" d="${steps(real)}" />
    <path class="area synthetic" d="${steps(synthetic)}" />
    <line class="axis" x1="0" y1="${height}" x2="${width}" y2="${height}" />
    <text x="0" y="${height + 12}">${label(edges[0] ?? 0)}</text>
    <text x="${width}" y="${height + 12}" text-anchor="end">${label(edges.at(-1) ?? 0)}</text>
  </svg>`;
}

const barRow = 20;
const labelWidth = 118;

/** A pair of bars for each category. */
export function categoryChart(categories: readonly Category[]): Markup {
  const top = Math.max(...categories.flatMap(({ real, synthetic }) => [real, synthetic]), 1e-12);
  const length = (share: number) => at((share / top) * (width - labelWidth - 8));
  const rows = categories.map(
    ({ value, real, synthetic }, row) =>
      html`<g
        ><title>${cellText(value)}: real ${percentText(real)}, synthetic ${percentText(synthetic)}</title>
        <text x="${labelWidth - 6}" y="${row * barRow + 13}" text-anchor="end">${shortened(cellText(value), 18)}</text>
        <rect class="bar real" x="${labelWidth}" y="${row * barRow + 3}" width="${length(real)}" height="6" />
        <rect class="bar synthetic" x="${labelWidth}" y="${row * barRow + 10}" width="${length(synthetic)}" height="6"
      /></g>`,
  );
  return html`<svg
    class="chart"
    viewBox="0 0 ${width} ${categories.length * barRow + 4}"
    role="img"
    aria-label="Shares of the categories"
  >
    ${rows}
  </svg>`;
}

/** The value of a score on a line from the worst to the best, with marks for floor and ceiling. */
export function scoreScale({ value, floor, ceiling, better, is_above_ceiling: isAbove }: QualityScore): Markup {
  const known = [value, floor, ceiling].filter((each) => typeof each === 'number');
  const largest = Math.max(1, ...known);
  const smallest = Math.min(0, ...known);
  const length = 180;
  const place = (each: number) => {
    const share = (each - smallest) / (largest - smallest);
    return at(6 + (better === 'higher' ? share : 1 - share) * (length - 12));
  };
  const mark = (name: string, each: number | null | undefined) =>
    typeof each === 'number'
      ? html`<line class="${name}" x1="${place(each)}" y1="3" x2="${place(each)}" y2="15"
          ><title>${name} ${scoreText(each)}</title></line
        >`
      : undefined;
  const band =
    typeof floor === 'number' && typeof ceiling === 'number'
      ? html`<line class="band" x1="${place(floor)}" y1="9" x2="${place(ceiling)}" y2="9" />`
      : undefined;
  return html`<svg class="scale" viewBox="0 0 ${length} 18" role="img" aria-label="Value between floor and ceiling">
    <line class="track" x1="6" y1="9" x2="${length - 6}" y2="9" />
    ${band}${mark('floor', floor)}${mark('ceiling', ceiling)}
    ${typeof value === 'number' ? html`<circle class="${isAbove ? 'value copying' : 'value'}" cx="${place(value)}" cy="9" r="5" />` : undefined}
  </svg>`;
}

const mapSize = 210;
const axisSize = 16;

/** A square of cells, columns and rows numbered from 1. `difference` is drawn on a scale of its own. */
export function heatMap(
  title: string,
  matrix: readonly (readonly (number | null)[])[],
  kind: 'association' | 'difference',
): Markup {
  const cell = (mapSize - axisSize) / Math.max(1, matrix.length);
  const every = Math.ceil(matrix.length / 16);
  const numbers = matrix.flatMap((_, index) =>
    index % every === 0
      ? [
          html`<text x="${axisSize - 3}" y="${at(axisSize + (index + 0.5) * cell + 3)}" text-anchor="end"
              >${index + 1}</text
            >
            <text x="${at(axisSize + (index + 0.5) * cell)}" y="${axisSize - 4}" text-anchor="middle"
              >${index + 1}</text
            >`,
        ]
      : [],
  );
  const cells = matrix.flatMap((row, y) =>
    row.map(
      (value, x) =>
        html`<rect
          x="${at(axisSize + x * cell)}"
          y="${at(axisSize + y * cell)}"
          width="${at(cell)}"
          height="${at(cell)}"
          fill="${colourOf(value, kind)}"
          ><title>${y + 1} and ${x + 1}: ${scoreText(value)}</title></rect
        >`,
    ),
  );
  return html`<figure>
    <figcaption>${title}</figcaption>
    <svg class="map" viewBox="0 0 ${mapSize} ${mapSize}" role="img" aria-label="${title}">${cells}${numbers}</svg>
  </figure>`;
}

/** Blue above 0, orange below; a difference is the darker the larger. Grey: not measured. */
function colourOf(value: number | null, kind: 'association' | 'difference'): string {
  if (value === null) return '#c4c9d1';
  const strength = Math.min(1, Math.abs(value) * (kind === 'difference' ? 2 : 1));
  const [red, green, blue] = kind === 'difference' ? [109, 53, 217] : value >= 0 ? [29, 99, 216] : [194, 65, 12];
  const mix = (channel: number) => Math.round(250 + (channel - 250) * strength);
  return `rgb(${mix(red)},${mix(green)},${mix(blue)})`;
}

/** A law over its lags, real and synthetic. */
export function curveChart(
  title: string,
  { lags, real, synthetic }: Pick<SeriesCurve, 'lags' | 'real' | 'synthetic'>,
): Markup {
  const values = [...real, ...synthetic].filter((value) => value !== null);
  const [low, high] = [Math.min(0, ...values), Math.max(1e-9, ...values)];
  // Above the lines there is room for their greatest value.
  const top = 14;
  const y = (value: number) => at(top + 4 + (1 - (value - low) / (high - low)) * (height - 8));
  const x = (index: number) => at((index / Math.max(1, lags.length - 1)) * width);
  const line = (curve: readonly (number | null)[]) => {
    let isDrawn = false;
    return curve
      .map((value, index) => {
        const command = value === null ? '' : `${isDrawn ? 'L' : 'M'}${x(index)} ${y(value)}`;
        isDrawn = value !== null;
        return command;
      })
      .join('');
  };
  return html`<figure>
    <figcaption>${title}</figcaption>
    <svg class="chart" viewBox="0 0 ${width} ${top + height + 16}" role="img" aria-label="${title}">
      <line class="axis" x1="0" y1="${y(0)}" x2="${width}" y2="${y(0)}" />
      <path class="line real" d="${line(real)}" />
      <path class="line synthetic" d="${line(synthetic)}" />
      <text x="0" y="${top + height + 12}">lag ${lags[0] ?? 0}</text>
      <text x="${width}" y="${top + height + 12}" text-anchor="end">${lags.at(-1) ?? 0}</text>
      <text x="${width}" y="10" text-anchor="end">${scoreText(high)}</text>
    </svg>
  </figure>`;
}

export function cellText(value: Category['value']): string {
  return value === null ? 'missing' : String(value);
}

export function shortened(text: string, length: number): string {
  const letters = Array.from(text);
  return letters.length <= length ? text : `${letters.slice(0, length - 1).join('')}…`;
}
