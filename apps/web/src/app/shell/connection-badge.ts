import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { Clock } from '../live/clock';
import { LiveEvents } from '../live/live-events';
import { connectionText } from './connection-text';

@Component({
  selector: 'gd-connection-badge',
  template: `
    <span class="dot" aria-hidden="true"></span>
    <span role="status" class="word" data-testid="connection-state">{{ text().word }}</span>
    @if (text().detail) {
      <span class="detail" data-testid="connection-detail">{{ text().detail }}</span>
    }
    @if (canRetry()) {
      <button type="button" class="gd-tool outlined" (click)="live.reconnectNow()">Reconnect now</button>
    }
  `,
  host: {
    '[class]': 'text().tone',
    '[attr.data-state]': 'text().word.toLowerCase()',
    '[title]': 'title()',
  },
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      font-size: 12px;
      white-space: nowrap;
      --tone: var(--gd-muted);
    }
    .dot {
      width: 8px;
      height: 8px;
      border-radius: 50%;
      background: var(--tone);
    }
    .word {
      font-weight: 600;
      color: var(--tone);
    }
    .detail {
      color: var(--gd-muted);
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
    @media (max-width: 560px) {
      :host(.good) .detail {
        display: none;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConnectionBadge {
  protected readonly live = inject(LiveEvents);
  private readonly clock = inject(Clock);

  protected readonly text = computed(() =>
    connectionText({
      state: this.live.state(),
      now: this.clock.now(),
      lastHeardAt: this.live.lastHeardAt(),
      delayMs: this.live.delayMs(),
    }),
  );
  protected readonly canRetry = computed(() => {
    const state = this.live.state();
    return (state.kind === 'reconnecting' || state.kind === 'offline') && state.retryAt !== null;
  });
  protected readonly title = computed(() => {
    const missed = this.live.missedCount();
    const base = 'Delay: time between the event on the server and its arrival here';
    return missed === 0 ? base : `${base}. ${missed} events were missed on the stream and read from the history.`;
  });
}
