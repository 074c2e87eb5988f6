import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { Dataset, RunStatus } from '@gan-dashboard/shared-types';

type Tone = 'quiet' | 'active' | 'good' | 'warning' | 'bad';

const tones: Readonly<Record<RunStatus | Dataset['status'] | 'pending' | 'idle', Tone>> = {
  idle: 'quiet',
  queued: 'quiet',
  starting: 'active',
  running: 'active',
  paused: 'warning',
  stopping: 'warning',
  stopped: 'quiet',
  completed: 'good',
  failed: 'bad',
  interrupted: 'bad',
  importing: 'active',
  pending: 'active',
  ready: 'good',
};

/** The state of a thing in a word; the colour only repeats it. */
@Component({
  selector: 'gd-status-chip',
  template: `<span class="dot" aria-hidden="true"></span><span>{{ status() }}</span>`,
  host: { '[class]': 'tone()' },
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 5px;
      font-size: 11.5px;
      font-weight: 600;
      line-height: 18px;
      white-space: nowrap;
      color: var(--tone);
      --tone: var(--gd-muted);
    }
    .dot {
      width: 7px;
      height: 7px;
      border-radius: 50%;
      background: var(--tone);
    }
    :host(.active) {
      --tone: var(--gd-discriminator);
    }
    :host(.active) .dot {
      animation: pulse 1.8s ease-in-out infinite;
    }
    :host(.good) {
      --tone: var(--gd-real);
    }
    :host(.warning) {
      --tone: var(--gd-warning);
    }
    :host(.bad) {
      --tone: var(--gd-danger);
    }
    @keyframes pulse {
      50% {
        opacity: 0.35;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StatusChip {
  readonly status = input.required<keyof typeof tones>();
  protected readonly tone = computed(() => tones[this.status()]);
}
