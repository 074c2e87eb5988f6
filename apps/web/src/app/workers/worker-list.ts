import { ChangeDetectionStrategy, Component, DestroyRef, computed, inject } from '@angular/core';
import { MatProgressBar } from '@angular/material/progress-bar';
import type { Worker } from '@gan-dashboard/shared-types';
import { formatBytes } from '../design/format';
import { Skeleton } from '../design/skeleton';
import { ProblemNotice } from '../problems/problem-notice';
import { WorkersStore } from './workers-store';
import { AriaLabel } from '../design/aria-label';

/** The processes that train: places, load of the machine, whether they are there. */
@Component({
  selector: 'gd-worker-list',
  imports: [AriaLabel, MatProgressBar, ProblemNotice, Skeleton],
  template: `
    <div class="gd-card-head">
      <h2 id="workers-title" i18n>Workers</h2>
      <span class="gd-muted gd-small">{{ summary() }}</span>
    </div>
    @if (store.problem(); as failed) {
      <gd-problem-notice what="The workers could not be loaded" i18n-what [problem]="failed" (retry)="store.load()" />
    }
    @if (store.items(); as items) {
      <ul aria-labelledby="workers-title" data-testid="worker-list">
        @for (worker of items; track worker.id) {
          <li data-testid="worker-item" [attr.data-alive]="worker.is_alive">
            <span class="line">
              <span class="name" [title]="title(worker)">{{ worker.host }}</span>
              <span class="gd-small" [class.gone]="!worker.is_alive">{{ state(worker) }}</span>
            </span>
            <span class="gd-muted gd-small">{{ loadText(worker) }}</span>
            @if (worker.is_alive && worker.load.cpu_percent !== undefined) {
              <mat-progress-bar
                mode="determinate"
                [value]="worker.load.cpu_percent"
                gdLabel="Processor load of {{ worker.host }}"
                i18n-gdLabel
              />
            }
          </li>
        } @empty {
          <li class="gd-muted" i18n>No worker is there: queued runs wait until one starts.</li>
        }
      </ul>
    } @else if (!store.problem()) {
      <gd-skeleton [lines]="2" />
    }
  `,
  styles: `
    li {
      display: grid;
      gap: 3px;
      padding: 7px 12px;
    }
    .line {
      display: flex;
      justify-content: space-between;
      gap: 8px;
    }
    .name {
      font-weight: 600;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .gone {
      color: var(--gd-danger);
    }
  `,
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class WorkerList {
  protected readonly store = inject(WorkersStore);

  protected readonly summary = computed(() => {
    const alive = (this.store.items() ?? []).filter((worker) => worker.is_alive && worker.slots > 0);
    const slots = alive.reduce((sum, worker) => sum + worker.slots, 0);
    const busy = alive.reduce((sum, worker) => sum + worker.run_ids.length, 0);
    return slots === 0 ? '' : $localize`${busy} of ${slots} places taken`;
  });

  constructor() {
    this.store.watch(inject(DestroyRef));
  }

  protected state(worker: Worker): string {
    if (!worker.is_alive) return 'gone';
    if (worker.is_draining) return 'draining';
    return worker.slots === 0 ? $localize`web only` : $localize`${worker.run_ids.length} / ${worker.slots} runs`;
  }

  protected loadText({ load, memory_bytes: memory, cores }: Worker): string {
    const gpus = (load.gpus ?? []).map((gpu) =>
      gpu.utilization_percent === undefined ? gpu.name : `${gpu.name} ${Math.round(gpu.utilization_percent)} %`,
    );
    return [
      load.cpu_percent === undefined
        ? $localize`${cores} cores`
        : $localize`${Math.round(load.cpu_percent)} % of ${cores} cores`,
      load.memory_used_bytes === undefined
        ? formatBytes(memory)
        : $localize`${formatBytes(load.memory_used_bytes)} of ${formatBytes(memory)}`,
      ...gpus,
    ].join(' · ');
  }

  protected title(worker: Worker): string {
    const versions = Object.entries(worker.versions).map(([name, version]) => `${name} ${version}`);
    return [$localize`process ${worker.process_id}`, $localize`role ${worker.role}`, ...versions].join(', ');
  }
}
