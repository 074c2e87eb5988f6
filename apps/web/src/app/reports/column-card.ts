import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import type { ColumnQuality } from '@gan-dashboard/shared-types';
import { chartHeight, chartWidth, stepPath } from './report-geometry';
import { quantityText, scoreText, shareText, timeText } from './report-text';

const shownCategories = 8;

/** One column: real and synthetic values over each other, and its figures. */
@Component({
  selector: 'gd-column-card',
  template: `
    <h3>{{ column().column }}</h3>
    <p class="gd-muted gd-small">{{ facts() }}</p>
    @if (histogram(); as drawn) {
      <svg [attr.viewBox]="'0 0 ' + chartWidth + ' ' + chartHeight" role="img" [attr.aria-label]="drawn.label">
        <path class="real" [attr.d]="drawn.real" />
        <path class="synthetic" [attr.d]="drawn.synthetic" />
        <line class="axis" x1="0" [attr.y1]="chartHeight" [attr.x2]="chartWidth" [attr.y2]="chartHeight" />
      </svg>
      <p class="ends gd-muted gd-small">
        <span>{{ drawn.from }}</span><span>{{ drawn.to }}</span>
      </p>
    }
    @if (column().summary; as summary) {
      <table class="gd-table">
        <thead>
          <tr>
            <th scope="col"><span class="visually-hidden" i18n>Table</span></th>
            <th scope="col" class="number" i18n>min</th>
            <th scope="col" class="number" i18n>median</th>
            <th scope="col" class="number" i18n>mean</th>
            <th scope="col" class="number" i18n>max</th>
          </tr>
        </thead>
        <tbody>
          @for (side of sides; track side) {
            <tr>
              <th scope="row">{{ side }}</th>
              <td class="number">{{ text()(summary[side].minimum) }}</td>
              <td class="number">{{ text()(summary[side].median) }}</td>
              <td class="number">{{ text()(summary[side].mean) }}</td>
              <td class="number">{{ text()(summary[side].maximum) }}</td>
            </tr>
          }
        </tbody>
      </table>
    }
    @if (categories(); as rows) {
      <table class="gd-table categories">
        <thead>
          <tr>
            <th scope="col" i18n>value</th>
            <th scope="col" class="number" i18n>real</th>
            <th scope="col" class="number" i18n>synthetic</th>
          </tr>
        </thead>
        <tbody>
          @for (row of rows; track $index) {
            <tr>
              <th scope="row">
                {{ row.label }}
                <span class="bar real" [style.width.%]="row.realWidth"></span>
                <span class="bar synthetic" [style.width.%]="row.syntheticWidth"></span>
              </th>
              <td class="number">{{ shareText(row.real) }}</td>
              <td class="number">{{ shareText(row.synthetic) }}</td>
            </tr>
          }
        </tbody>
      </table>
      @if (moreCategories() > 0) {
        <button type="button" class="gd-tool" (click)="isOpen.set(!isOpen())">
          @if (isOpen()) {
            <ng-container i18n>Show fewer</ng-container>
          } @else {
            <ng-container i18n>Show {{ moreCategories() }} more</ng-container>
          }
        </button>
      }
      @if (column().other_categories; as others) {
        <p class="gd-muted gd-small" i18n>
          {{ others.count }} others: {{ shareText(others.real) }} real, {{ shareText(others.synthetic) }} synthetic
        </p>
      }
    }
  `,
  styleUrl: './column-card.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ColumnCard {
  readonly column = input.required<ColumnQuality>();
  protected readonly chartWidth = chartWidth;
  protected readonly chartHeight = chartHeight;
  protected readonly shareText = shareText;
  protected readonly sides = ['real', 'synthetic'] as const;
  protected readonly isOpen = signal(false);
  protected readonly text = computed(() => (this.column().role === 'datetime' ? timeText : quantityText));

  protected readonly facts = computed(() => {
    const { metric, score, ceiling, missing, coverage, categories } = this.column();
    return [
      `${metric === 'KSComplement' ? 'KS' : 'TV'} complement ${scoreText(score)}`,
      ...(typeof ceiling === 'number' ? [$localize`ceiling ${scoreText(ceiling)}`] : []),
      ...(missing.real + missing.synthetic > 0
        ? [$localize`missing ${shareText(missing.real)} real, ${shareText(missing.synthetic)} synthetic`]
        : []),
      ...(coverage === null
        ? []
        : [$localize`covers ${shareText(coverage)} of the ${categories ? 'categories' : 'range'}`]),
    ].join(' · ');
  });

  protected readonly histogram = computed(() => {
    const { histogram, column } = this.column();
    if (!histogram) return undefined;
    const { edges, real, synthetic } = histogram;
    const top = Math.max(...real, ...synthetic, 1e-12);
    return {
      real: stepPath(real, top),
      synthetic: stepPath(synthetic, top),
      from: this.text()(edges[0]),
      to: this.text()(edges.at(-1)),
      label: $localize`Distribution of ${column}, real and synthetic`,
    };
  });

  protected readonly categories = computed(() => {
    const all = this.column().categories;
    if (!all) return undefined;
    const top = Math.max(...all.flatMap(({ real, synthetic }) => [real, synthetic]), 1e-12);
    return (this.isOpen() ? all : all.slice(0, shownCategories)).map(({ value, real, synthetic }) => ({
      label: value === null ? 'missing' : String(value),
      real,
      synthetic,
      realWidth: (100 * real) / top,
      syntheticWidth: (100 * synthetic) / top,
    }));
  });
  protected readonly moreCategories = computed(() => (this.column().categories?.length ?? 0) - shownCategories);
}
