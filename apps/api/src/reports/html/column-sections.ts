import type { ColumnQuality, FullQualityReport } from '@gan-dashboard/shared-types';
import { categoryChart, cellText, histogramChart } from './charts';
import { html } from './markup';
import type { Markup } from './markup';
import { percentText, quantityText, scoreText, timeText } from './numbers';

const drawnCategories = 8;
const drawnColumns = 200;

/** A card for each column, the least alike first, and the tables of categories. */
export function columnSections({ columns = [] }: Pick<FullQualityReport, 'columns'>): Markup {
  if (columns.length === 0) return html``;
  const ordered = columns.toSorted((a, b) => (a.score ?? 2) - (b.score ?? 2));
  const drawn = ordered.slice(0, drawnColumns);
  const tables = drawn.filter(({ categories }) => (categories?.length ?? 0) > drawnCategories);
  return html`<section>
      <h2>Columns</h2>
      <p class="muted">
        The least alike
        first.${ordered.length > drawn.length ? ` The ${drawn.length} least alike of ${ordered.length}.` : ''}
      </p>
      <div class="grid">${drawn.map(columnCard)}</div>
    </section>
    ${
      tables.length > 0
        ? html`<section>
            <h2>Categories</h2>
            <div class="grid">${tables.map(categoryTable)}</div>
          </section>`
        : undefined
    }`;
}

function columnCard(column: ColumnQuality): Markup {
  const { score, ceiling, metric, missing, histogram, categories, coverage, role } = column;
  const text = role === 'datetime' ? timeText : quantityText;
  const facts = [
    `${metric === 'KSComplement' ? 'KS' : 'TV'} complement ${scoreText(score)}${typeof ceiling === 'number' ? `, ceiling ${scoreText(ceiling)}` : ''}`,
    ...(missing.real + missing.synthetic > 0
      ? [`missing ${percentText(missing.real)} real, ${percentText(missing.synthetic)} synthetic`]
      : []),
    ...(coverage === null ? [] : [`covers ${percentText(coverage)} of the ${categories ? 'categories' : 'range'}`]),
  ];
  return html`<div class="card">
    <h3>${column.column}</h3>
    <p class="muted">${facts.join(' · ')}</p>
    ${histogram ? histogramChart(histogram, text) : categories ? categoryChart(categories.slice(0, drawnCategories)) : undefined}${summaryTable(column, text)}
  </div>`;
}

function summaryTable({ summary }: ColumnQuality, text: (value: number | null) => string): Markup | undefined {
  if (!summary) return undefined;
  const row = (label: string, of: typeof summary.real) =>
    html`<tr>
      <td>${label}</td>
      <td class="number">${text(of.minimum)}</td>
      <td class="number">${text(of.median)}</td>
      <td class="number">${text(of.mean)}</td>
      <td class="number">${text(of.maximum)}</td>
    </tr>`;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th></th>
          <th class="number">min</th>
          <th class="number">median</th>
          <th class="number">mean</th>
          <th class="number">max</th>
        </tr>
      </thead>
      <tbody>
        ${row('real', summary.real)}${row('synthetic', summary.synthetic)}
      </tbody>
    </table>
  </div>`;
}

function categoryTable({ column, categories = [], other_categories: others }: ColumnQuality): Markup {
  const rows = categories.map(
    ({ value, real, synthetic }) =>
      html`<tr>
        <td>${cellText(value)}</td>
        <td class="number">${percentText(real)}</td>
        <td class="number">${percentText(synthetic)}</td>
      </tr>`,
  );
  const rest = others
    ? html`<tr>
        <td>${others.count} others</td>
        <td class="number">${percentText(others.real)}</td>
        <td class="number">${percentText(others.synthetic)}</td>
      </tr>`
    : undefined;
  return html`<div class="card">
    <h3>${column}</h3>
    <table>
      <thead>
        <tr>
          <th>value</th>
          <th class="number">real</th>
          <th class="number">synthetic</th>
        </tr>
      </thead>
      <tbody>
        ${rows}${rest}
      </tbody>
    </table>
  </div>`;
}
