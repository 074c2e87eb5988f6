import { ChangeDetectionStrategy, Component, computed, inject, input, linkedSignal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import type { QualityUpdate } from '@gan-dashboard/shared-types';
import { measuredOf } from '../quality/quality-points';
import type { CheckpointInfo } from '../run-picture';
import { CorrelationMaps } from './correlation-maps';
import { distanceOf, frameAt, frameText, placeOfStep } from './frames';
import { PathCharts } from './path-charts';

/** How the values of each column came to be like those of the table, epoch by epoch under a slider. */
@Component({
  selector: 'gd-time-machine',
  imports: [CorrelationMaps, PathCharts],
  template: `
    <div class="gd-card-head">
      <h2 id="time-machine-title" i18n>Distributions over time</h2>
      <span class="gd-muted gd-small key" i18n
        ><span class="swatch real"></span>real <span class="swatch fake"></span>synthetic</span
      >
    </div>
    @if (frame(); as shown) {
      <div class="slider">
        <label for="time-machine-slider" i18n>Epoch {{ shown.epoch }}</label>
        <input
          #slider
          id="time-machine-slider"
          type="range"
          min="0"
          step="0.05"
          data-testid="time-machine-slider"
          [max]="measured().length - 1"
          [value]="place()"
          [attr.aria-valuetext]="'epoch ' + shown.epoch"
          (input)="place.set(+slider.value)"
          (change)="settle()"
        />
        @if (checkpoints().length > 0) {
          <select
            #checkpoint
            class="gd-input"
            aria-label="Go to a checkpoint"
            i18n-aria-label
            (change)="toCheckpoint(+checkpoint.value)"
          >
            <option value="-1" i18n>Checkpoint…</option>
            @for (each of checkpoints(); track each.id) {
              <option [value]="each.step" i18n>epoch {{ each.epoch }}, step {{ each.step }}</option>
            }
          </select>
        }
      </div>
      <p class="text" data-testid="time-machine-text">{{ text() }}</p>
      <ul aria-labelledby="time-machine-title">
        @for (column of columns(); track column.name) {
          <li>
            <h3>
              {{ column.name }} <span class="gd-muted gd-small" i18n>{{ column.off }} % off</span>
            </h3>
            <svg viewBox="0 0 100 40" preserveAspectRatio="none" role="img" [attr.aria-label]="column.words">
              @for (bar of column.bars; track $index) {
                <rect
                  class="real"
                  [attr.x]="bar.x"
                  [attr.width]="bar.width"
                  [attr.y]="40 - bar.real"
                  [attr.height]="bar.real"
                />
                <rect
                  class="fake"
                  [attr.x]="bar.x"
                  [attr.width]="bar.width"
                  [attr.y]="40 - bar.synthetic"
                  [attr.height]="bar.synthetic"
                />
              }
            </svg>
          </li>
        }
      </ul>
      <gd-correlation-maps [epoch]="shown.epoch" [correlations]="shown.correlations" />
      @if (hasPaths()) {
        <gd-path-charts [epoch]="shown.epoch" [paths]="shown.paths" />
      }
    } @else {
      <p class="text" data-testid="time-machine-note" i18n>
        Nothing was measured yet: the distributions are taken each time the quality is measured, first at the end of the
        first epoch.
      </p>
    }
  `,
  styles: `
    .slider {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 6px 12px;
      padding: 8px 12px 0;
    }
    .slider label {
      min-width: 80px;
      font-weight: 600;
    }
    .slider input {
      flex: 1 1 160px;
    }
    .slider select {
      width: auto;
    }
    .text {
      padding: 8px 12px;
    }
    ul {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 190px), 1fr));
      gap: 10px 14px;
      padding: 4px 12px 12px;
    }
    li {
      min-width: 0;
    }
    h3 {
      overflow-wrap: anywhere;
    }
    svg {
      width: 100%;
      height: 64px;
      border-bottom: 1px solid var(--gd-border-strong);
    }
    rect.real {
      fill: var(--gd-real);
      opacity: 0.35;
    }
    rect.fake {
      fill: none;
      stroke: var(--gd-fake);
      stroke-width: 1.5;
      vector-effect: non-scaling-stroke;
    }
    .swatch {
      display: inline-block;
      width: 10px;
      height: 8px;
      margin-left: 8px;
      border: 1.5px solid var(--gd-fake);
    }
    .swatch.real {
      border-color: transparent;
      background: var(--gd-real);
      opacity: 0.5;
    }
  `,
  host: { class: 'gd-card', 'data-testid': 'time-machine' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TimeMachine {
  readonly quality = input.required<readonly QualityUpdate[]>();
  readonly checkpoints = input<readonly CheckpointInfo[]>([]);

  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly query = toSignal(this.route.queryParamMap, { initialValue: this.route.snapshot.queryParamMap });
  protected readonly measured = computed(() => measuredOf(this.quality()));
  private readonly askedStep = computed(() => this.query().get('at'));
  /** Stays where it was put while measurements come; untouched, it is at the newest. */
  protected readonly place = linkedSignal<{ count: number; at: string | null }, number>({
    source: () => ({ count: this.measured().length, at: this.askedStep() }),
    computation: ({ count, at }, previous) => {
      if (at !== null) return placeOfStep(this.measured(), Number(at));
      const wasAtEnd = !previous || previous.value >= previous.source.count - 1;
      return wasAtEnd ? Math.max(0, count - 1) : previous.value;
    },
  });
  protected readonly frame = computed(() => frameAt(this.measured(), this.place()));
  /** Models of single rows have none. */
  protected readonly hasPaths = computed(() => this.measured().some(({ paths }) => paths !== undefined));
  protected readonly text = computed(() => {
    const frame = this.frame();
    return frame ? frameText(frame) : '';
  });
  protected readonly columns = computed(() =>
    (this.frame()?.columns ?? [])
      .filter(({ parts }) => parts.length > 0)
      .map((column) => {
        const most = Math.max(...column.parts.flatMap(({ real, synthetic }) => [real, synthetic]), 1e-9);
        const width = 100 / column.parts.length;
        const off = (distanceOf(column) * 100).toFixed(0);
        return {
          name: column.name,
          off,
          words: $localize`${column.name}\: real and synthetic shares of ${column.parts.length} values, ${off} % off`,
          bars: column.parts.map(({ real, synthetic }, index) => ({
            x: index * width + width * 0.08,
            width: width * 0.84,
            real: (real / most) * 38,
            synthetic: (synthetic / most) * 38,
          })),
        };
      }),
  );

  /** The address says the step of the nearest measurement; the newest needs no saying. */
  protected settle(): void {
    const index = Math.round(this.place());
    const isNewest = index >= this.measured().length - 1;
    this.go(isNewest ? null : String(this.measured()[index]?.step ?? ''));
  }

  protected toCheckpoint(step: number): void {
    if (step < 0) return;
    this.place.set(placeOfStep(this.measured(), step));
    this.settle();
  }

  private go(at: string | null): void {
    this.router
      .navigate([], { relativeTo: this.route, queryParams: { at }, queryParamsHandling: 'merge', replaceUrl: true })
      .catch((error: unknown) => console.error('The address could not be changed', error));
  }
}
