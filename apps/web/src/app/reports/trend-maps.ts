import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { FullQualityReport } from '@gan-dashboard/shared-types';
import { colourOf, mapsOf } from './report-geometry';
import { scoreText } from './report-text';
import { AriaLabel } from '../design/aria-label';

const size = 210;
const worstPairs = 12;

/** Associations of all pairs: real, synthetic and their difference; and the pairs that are least alike. */
@Component({
  selector: 'gd-trend-maps',
  imports: [AriaLabel],
  template: `
    @if (maps(); as drawn) {
      <p class="gd-muted gd-small" i18n>
        Pearson’s correlation of two quantities, else Cramér’s V. Blue is positive, orange negative, grey was not
        measured.
        @if (drawn.leftOut > 0) {
          The first {{ drawn.columns.length }} columns; {{ drawn.leftOut }} more are not drawn.
        }
      </p>
      <div class="maps">
        @for (map of drawn.maps; track map.title) {
          <figure>
            <figcaption class="gd-muted gd-small">{{ map.title }}</figcaption>
            <svg
              [attr.viewBox]="'0 0 ' + size + ' ' + size"
              role="img"
              gdLabel="{{ map.title }}, all pairs"
              i18n-gdLabel
            >
              @for (cell of map.cells; track $index) {
                <rect
                  [attr.x]="cell.x"
                  [attr.y]="cell.y"
                  [attr.width]="cell.size"
                  [attr.height]="cell.size"
                  [style.fill]="cell.colour"
                >
                  <title>{{ cell.title }}</title>
                </rect>
              }
            </svg>
          </figure>
        }
      </div>
      <ol class="gd-muted gd-small">
        @for (name of drawn.columns; track $index) {
          <li>{{ name }}</li>
        }
      </ol>
      <h3 i18n>Pairs that are least alike</h3>
      <table class="gd-table">
        <thead>
          <tr>
            <th scope="col" i18n>columns</th>
            <th scope="col" class="number" i18n>score</th>
            <th scope="col" class="number" i18n>real</th>
            <th scope="col" class="number" i18n>synthetic</th>
          </tr>
        </thead>
        <tbody>
          @for (pair of worst(); track $index) {
            <tr>
              <td class="names">{{ pair.columns[0] }} × {{ pair.columns[1] }}</td>
              <td class="number">{{ scoreText(pair.score) }}</td>
              <td class="number">{{ scoreText(pair.association.real) }}</td>
              <td class="number">{{ scoreText(pair.association.synthetic) }}</td>
            </tr>
          }
        </tbody>
      </table>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 8px;
      padding: 10px 12px;
    }
    .maps {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(220px, 100%), 1fr));
      gap: 14px;
    }
    figure {
      margin: 0;
      max-width: 420px;
    }
    svg {
      display: block;
      width: 100%;
    }
    ol {
      list-style: decimal inside;
      columns: 4 130px;
      overflow-wrap: anywhere;
    }
    .names {
      white-space: normal;
      overflow-wrap: anywhere;
    }
    .gd-table th,
    .gd-table td {
      position: static;
      padding: 3px 4px 3px 0;
      background: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TrendMaps {
  readonly quality = input.required<FullQualityReport>();
  protected readonly size = size;
  protected readonly scoreText = scoreText;

  protected readonly maps = computed(() => {
    const found = mapsOf(this.quality());
    if (!found) return undefined;
    const { columns, leftOut } = found;
    const cell = size / columns.length;
    const maps = found.maps.map(({ title, kind, cells }) => ({
      title,
      cells: cells.flatMap((row, y) =>
        row.map((value, x) => ({
          x: x * cell,
          y: y * cell,
          size: cell,
          colour: colourOf(value, kind),
          title: $localize`${columns[y]} and ${columns[x]}\: ${scoreText(value)}`,
        })),
      ),
    }));
    return { columns, leftOut, maps };
  });

  protected readonly worst = computed(() =>
    (this.quality().pairs ?? [])
      .filter(({ score }) => score !== null)
      .toSorted((a, b) => (a.score ?? 0) - (b.score ?? 0))
      .slice(0, worstPairs),
  );
}
