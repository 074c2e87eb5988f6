import type {
  FullQualityReport,
  OrderBookQuality,
  SeriesFeatureQuality,
  SeriesQuality,
} from '@gan-dashboard/shared-types';
import { curveChart } from './charts';
import { html } from './markup';
import type { Markup } from './markup';
import { countText, percentText, quantityText, scoreText } from './numbers';

/** What sequences and order books have to keep, where the report measured it. */
export function lawSections({ series, order_book: book }: FullQualityReport): Markup {
  return html`${series ? seriesSection(series) : undefined}${book ? bookSection(book) : undefined}`;
}

function seriesSection({ sequences, features, discriminative, predictive, window }: SeriesQuality): Markup {
  const lines = [
    `${countText(sequences.real)} real and ${countText(sequences.synthetic)} synthetic sequences.`,
    ...(discriminative
      ? [
          `Discriminative score ${scoreText(discriminative.score)} over windows of ${window ?? '?'} steps: 0 cannot tell them apart, 0.5 always can.`,
        ]
      : []),
    ...(predictive
      ? [
          `Predictive score ${scoreText(predictive.synthetic)}${predictive.real === undefined ? '' : `; trained on real rows ${scoreText(predictive.real)}`}: mean absolute error on real windows.`,
        ]
      : []),
  ];
  return html`<section>
    <h2>Sequences</h2>
    ${lines.map((line) => html`<p>${line}</p>`)}${features.map(featureBlock)}
  </section>`;
}

function featureBlock({
  column,
  changes,
  acf,
  acf_absolute: absolute,
  leverage,
  tails,
  aggregated,
}: SeriesFeatureQuality): Markup {
  const pair = (label: string, { real, synthetic }: { real: number | null; synthetic: number | null }) =>
    html`<tr>
      <td>${label}</td>
      <td class="number">${quantityText(real)}</td>
      <td class="number">${quantityText(synthetic)}</td>
    </tr>`;
  return html`<h3>${column} (${changes === 'log_returns' ? 'log returns' : 'differences'})</h3>
    <div class="grid">
      ${curveChart('Autocorrelation', acf)}${curveChart('Autocorrelation of the size', absolute)}${curveChart('Leverage', leverage)}
      <table>
        <thead>
          <tr>
            <th></th>
            <th class="number">real</th>
            <th class="number">synthetic</th>
          </tr>
        </thead>
        <tbody>
          ${pair('skewness', tails.skewness)}${pair('excess kurtosis', tails.excess_kurtosis)}${pair('tail index (Hill)', tails.hill)}
        </tbody>
      </table>
      <table>
        <thead>
          <tr>
            <th>steps</th>
            <th class="number">EMD</th>
            <th class="number">real halves</th>
          </tr>
        </thead>
        <tbody>
          ${aggregated.map(
            ({ steps, emd, emd_ceiling: ceiling }) =>
              html`<tr>
                <td>${steps}</td>
                <td class="number">${quantityText(emd)}</td>
                <td class="number">${quantityText(ceiling)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

const lawNames = {
  spread: 'Spread',
  mid_return: 'Change of the mid price',
  imbalance: 'Imbalance',
  bid_depth: 'Bid depth',
  ask_depth: 'Ask depth',
};

function bookSection({ levels, tick, validity, laws }: OrderBookQuality): Markup {
  const faults = [
    ['crossed', 'Crossed rows'],
    ['misordered', 'Rows with misordered levels'],
    ['non_positive_sizes', 'Rows with a size of 0 or less'],
    ['off_tick', 'Prices off the tick'],
  ] as const;
  return html`<section>
    <h2>Order book</h2>
    <p>${levels} levels${tick === null ? '' : `, tick ${quantityText(tick)}`}.</p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>fault</th>
            <th class="number">real</th>
            <th class="number">synthetic</th>
          </tr>
        </thead>
        <tbody>
          ${faults.map(
            ([name, label]) =>
              html`<tr>
                <td>${label}</td>
                <td class="number">${percentText(validity.real[name])}</td>
                <td class="number">${percentText(validity.synthetic[name])}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>law</th>
            <th class="number">KS complement</th>
            <th class="number">ceiling</th>
            <th class="number">mean, real</th>
            <th class="number">mean, synthetic</th>
          </tr>
        </thead>
        <tbody>
          ${laws.map(
            ({ law, level, score, ceiling, mean }) =>
              html`<tr>
                <td>${lawNames[law]}${level === undefined ? '' : `, level ${level}`}</td>
                <td class="number">${scoreText(score)}</td>
                <td class="number">${scoreText(ceiling)}</td>
                <td class="number">${quantityText(mean.real)}</td>
                <td class="number">${quantityText(mean.synthetic)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
