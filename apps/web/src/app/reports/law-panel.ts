import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { FullQualityReport, SeriesFeatureQuality } from '@gan-dashboard/shared-types';
import { formatCount } from '../design/format';
import { FactTable } from './fact-table';
import { LawCurve } from './law-curve';
import { quantityText, scoreText, shareText } from './report-text';

const lawNames = {
  spread: $localize`Spread`,
  mid_return: $localize`Change of the mid price`,
  imbalance: $localize`Imbalance`,
  bid_depth: $localize`Bid depth`,
  ask_depth: $localize`Ask depth`,
} as const;

/** What sequences and order books have to keep, where the report measured it. */
@Component({
  selector: 'gd-law-panel',
  imports: [FactTable, LawCurve],
  template: `
    @if (quality().series; as series) {
      <section class="gd-card" aria-labelledby="series-title" data-testid="report-series">
        <div class="gd-card-head"><h2 id="series-title" i18n>Sequences</h2></div>
        <div class="body">
          <p>{{ seriesText() }}</p>
          @for (feature of series.features; track feature.column) {
            <h3>
              {{ feature.column }} (
              @if (feature.changes === 'log_returns') {
                <ng-container i18n>log returns</ng-container>
              } @else {
                <ng-container i18n>differences</ng-container>
              }
              )
            </h3>
            <div class="grid">
              <gd-law-curve title="Autocorrelation" i18n-title [curve]="feature.acf" />
              <gd-law-curve title="Autocorrelation of the size" i18n-title [curve]="feature.acf_absolute" />
              <gd-law-curve title="Leverage" i18n-title [curve]="feature.leverage" />
              <gd-fact-table [headings]="['Tails', 'real', 'synthetic']" [rows]="tailsOf(feature)" />
              <gd-fact-table [headings]="['Steps', 'EMD', 'real halves']" [rows]="aggregatedOf(feature)" />
            </div>
          }
        </div>
      </section>
    }
    @if (quality().order_book; as book) {
      <section class="gd-card" aria-labelledby="book-title" data-testid="report-order-book">
        <div class="gd-card-head">
          <h2 id="book-title" i18n>Order book</h2>
          <span class="gd-muted gd-small" i18n>{{ book.levels }} levels</span>
        </div>
        <div class="body">
          <gd-fact-table [headings]="['Fault', 'real', 'synthetic']" [rows]="faults()" />
          <gd-fact-table
            [headings]="['Law', 'KS complement', 'ceiling', 'mean, real', 'mean, synthetic']"
            [rows]="laws()"
          />
        </div>
      </section>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 12px;
    }
    .body {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 10px;
      padding: 10px 12px;
    }
    .grid {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(280px, 100%), 1fr));
      gap: 14px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LawPanel {
  readonly quality = input.required<FullQualityReport>();

  protected readonly seriesText = computed(() => {
    const { series } = this.quality();
    if (!series) return '';
    const { sequences, discriminative, predictive, window } = series;
    return [
      $localize`${formatCount(sequences.real)} real and ${formatCount(sequences.synthetic)} synthetic sequences.`,
      ...(discriminative
        ? [
            $localize`Discriminative score ${scoreText(discriminative.score)} over ${window ?? '?'} steps; 0 cannot tell them apart.`,
          ]
        : []),
      ...(predictive
        ? [
            $localize`Predictive score ${scoreText(predictive.synthetic)}, with real rows ${scoreText(predictive.real)}.`,
          ]
        : []),
    ].join(' ');
  });

  protected readonly faults = computed(() => {
    const { real, synthetic } = this.quality().order_book?.validity ?? {};
    return [
      [$localize`Crossed rows`, shareText(real?.crossed), shareText(synthetic?.crossed)],
      [$localize`Rows with misordered levels`, shareText(real?.misordered), shareText(synthetic?.misordered)],
      [
        $localize`Rows with a size of 0 or less`,
        shareText(real?.non_positive_sizes),
        shareText(synthetic?.non_positive_sizes),
      ],
      [$localize`Prices off the tick`, shareText(real?.off_tick), shareText(synthetic?.off_tick)],
    ];
  });

  protected readonly laws = computed(() =>
    (this.quality().order_book?.laws ?? []).map(({ law, level, score, ceiling, mean }) => [
      `${lawNames[law]}${level === undefined ? '' : $localize`, level ${level}`}`,
      scoreText(score),
      scoreText(ceiling),
      quantityText(mean.real),
      quantityText(mean.synthetic),
    ]),
  );

  protected tailsOf({ tails }: SeriesFeatureQuality): string[][] {
    const row = (label: string, { real, synthetic }: typeof tails.hill) => [
      label,
      quantityText(real),
      quantityText(synthetic),
    ];
    return [
      row('skewness', tails.skewness),
      row($localize`excess kurtosis`, tails.excess_kurtosis),
      row($localize`tail index (Hill)`, tails.hill),
    ];
  }

  protected aggregatedOf({ aggregated }: SeriesFeatureQuality): string[][] {
    return aggregated.map(({ steps, emd, emd_ceiling: ceiling }) => [
      String(steps),
      quantityText(emd),
      quantityText(ceiling),
    ]);
  }
}
