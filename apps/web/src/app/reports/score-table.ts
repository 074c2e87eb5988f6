import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { QualityScore, ReportContent } from '@gan-dashboard/shared-types';
import { flagOf, scoreText, sectionTitles } from './report-text';

const length = 200;

/** Every score between its floor and its ceiling; one above is flagged, not praised. */
@Component({
  selector: 'gd-score-table',
  template: `
    @for (group of groups(); track group.title) {
      <h3>{{ group.title }}</h3>
      <ul>
        @for (row of group.rows; track row.score.name) {
          <li data-testid="report-score" [attr.data-name]="row.score.name">
            <div class="what">
              <strong>{{ row.title }}</strong>
              @if (row.flag === 'above') {
                <span class="flag above" i18n>above the ceiling: copies?</span>
              } @else if (row.flag === 'below') {
                <span class="flag below" i18n>below the floor</span>
              }
              <p class="gd-muted gd-small">{{ row.meaning }}</p>
            </div>
            <strong class="value" data-testid="report-score-value">{{ scoreText(row.score.value) }}</strong>
            <svg [attr.viewBox]="'0 0 ' + length + ' 18'" aria-hidden="true">
              <line class="track" x1="6" y1="9" [attr.x2]="length - 6" y2="9" />
              @if (row.floor !== null && row.ceiling !== null) {
                <line class="band" [attr.x1]="row.floor" y1="9" [attr.x2]="row.ceiling" y2="9" />
              }
              @for (mark of [row.floor, row.ceiling]; track $index) {
                @if (mark !== null) {
                  <line class="mark" [attr.x1]="mark" y1="3" [attr.x2]="mark" y2="15" />
                }
              }
              @if (row.value !== null) {
                <circle [class.copying]="row.flag === 'above'" [attr.cx]="row.value" cy="9" r="5" />
              }
            </svg>
            <span class="gd-muted gd-small reference" i18n
              >floor {{ scoreText(row.score.floor) }} · ceiling {{ scoreText(row.score.ceiling) }}</span
            >
          </li>
        }
      </ul>
    }
  `,
  styles: `
    :host {
      display: block;
      padding: 0 12px 8px;
    }
    h3 {
      padding: 12px 0 4px;
      color: var(--gd-muted);
    }
    li {
      display: grid;
      grid-template-columns: minmax(0, 1fr) 60px 200px 170px;
      align-items: center;
      gap: 2px 14px;
      padding: 7px 0;
      border-top: 1px solid var(--gd-border);
    }
    .value {
      text-align: right;
      font-size: 14px;
    }
    .flag {
      margin-left: 8px;
      font-size: 12px;
      font-weight: 650;
    }
    .flag.above {
      color: var(--gd-danger);
    }
    .flag.below {
      color: var(--gd-warning);
    }
    svg {
      width: 100%;
      max-width: 260px;
    }
    .track {
      stroke: var(--gd-border);
      stroke-width: 2;
    }
    .band {
      stroke: var(--gd-muted);
      stroke-width: 5;
      stroke-opacity: 0.35;
    }
    .mark {
      stroke: var(--gd-muted);
      stroke-width: 2;
    }
    circle {
      fill: var(--gd-ink);
    }
    .copying {
      fill: var(--gd-danger);
    }
    @media (max-width: 760px) {
      li {
        grid-template-columns: minmax(0, 1fr) auto;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ScoreTable {
  readonly content = input.required<ReportContent>();
  protected readonly length = length;
  protected readonly scoreText = scoreText;

  protected readonly groups = computed(() => {
    const { quality, score_texts: texts } = this.content();
    const groups = new Map<string, ReturnType<typeof rowOf>[]>();
    for (const score of quality.scores) {
      const title = sectionTitles[score.section];
      groups.set(title, [...(groups.get(title) ?? []), rowOf(score, texts[score.name])]);
    }
    return [...groups].map(([title, rows]) => ({ title, rows }));
  });
}

function rowOf(score: QualityScore, text: { title: string; meaning: string } | undefined) {
  const known = [score.value, score.floor, score.ceiling].filter((each) => typeof each === 'number');
  const [low, high] = [Math.min(0, ...known), Math.max(1, ...known)];
  const place = (value: number | null | undefined): number | null => {
    if (typeof value !== 'number') return null;
    const share = (value - low) / (high - low);
    return 6 + (score.better === 'higher' ? share : 1 - share) * (length - 12);
  };
  return {
    score,
    title: text?.title ?? score.name,
    meaning: text?.meaning ?? '',
    flag: flagOf(score),
    value: place(score.value),
    floor: place(score.floor),
    ceiling: place(score.ceiling),
  };
}
