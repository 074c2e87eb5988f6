import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Checkpoint, Run, Sample } from '@gan-dashboard/shared-types';
import { DatasetsStore } from '../datasets/datasets-store';
import { formatCount } from '../design/format';
import { Icon } from '../design/icon';
import { AriaLabel } from '../design/aria-label';

/** Where rows come from: data set, run, checkpoint, sample. */
@Component({
  selector: 'gd-lineage',
  imports: [AriaLabel, Icon, RouterLink],
  template: `
    <ol gdLabel="Lineage of {{ text() }}" i18n-gdLabel data-testid="lineage">
      <li>
        @if (run()?.dataset_id; as id) {
          <a [routerLink]="['/datasets', id]">{{ datasetName() }}</a>
        } @else {
          <span i18n>data set deleted</span>
        }
      </li>
      <li>
        <gd-icon name="chevron" />
        <a [routerLink]="['/runs', sample().run_id]">
          @if (run()?.name; as said) {
            <ng-container>{{ said }}</ng-container>
          } @else {
            <ng-container i18n>run</ng-container>
          }
        </a>
        <span class="gd-muted">{{ run()?.model }}</span>
      </li>
      <li>
        <gd-icon name="chevron" /><span>{{ checkpointText() }}</span>
      </li>
      <li>
        <gd-icon name="chevron" /><span>{{ text() }}</span>
      </li>
    </ol>
  `,
  styles: `
    ol {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 6px;
    }
    li {
      display: flex;
      align-items: center;
      gap: 6px;
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Lineage {
  readonly sample = input.required<Sample>();
  readonly run = input.required<Run | undefined>();
  readonly checkpoint = input.required<Checkpoint | undefined>();

  private readonly datasets = inject(DatasetsStore);
  protected readonly datasetName = computed(() => this.datasets.nameOf(this.run()?.dataset_id ?? null));
  protected readonly checkpointText = computed(() => {
    const checkpoint = this.checkpoint();
    if (checkpoint) return $localize`epoch ${formatCount(checkpoint.epoch)}`;
    return $localize`checkpoint ${this.sample().checkpoint_id.slice(0, 8)}`;
  });
  protected readonly text = computed(() => {
    const { rows, seed, format } = this.sample();
    return $localize`${formatCount(rows)} rows, seed ${seed}, ${format}`;
  });
}
