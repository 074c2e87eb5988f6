import { ChangeDetectionStrategy, Component, ElementRef, computed, inject, signal } from '@angular/core';
import { Clock } from '../live/clock';
import { LiveEvents } from '../live/live-events';
import { ConnectionDetail } from './connection-detail';
import { connectionText } from './connection-text';

/** The truth about the connection in a word; a click shows the figures behind it. */
@Component({
  selector: 'gd-connection-badge',
  imports: [ConnectionDetail],
  template: `
    <div class="badge">
      <span class="dot" aria-hidden="true"></span>
      <span role="status" class="word" data-testid="connection-state">{{ text().word }}</span>
      @if (text().detail) {
        <span class="detail" data-testid="connection-detail">{{ text().detail }}</span>
      }
      <button
        type="button"
        class="opener"
        aria-label="Connection details"
        i18n-aria-label
        aria-controls="connection-figures"
        data-testid="connection-open"
        [attr.aria-expanded]="isOpen()"
        (click)="isOpen.set(!isOpen())"
      ></button>
    </div>
    @if (canRetry()) {
      <button type="button" class="gd-tool outlined" (click)="live.reconnectNow()" i18n>Reconnect now</button>
    }
    @if (isOpen()) {
      <div id="connection-figures" class="panel gd-card" role="group" aria-label="Connection" i18n-aria-label>
        <gd-connection-detail />
      </div>
    }
  `,
  host: {
    '[class]': 'text().tone',
    '[attr.data-state]': 'text().word.toLowerCase()',
    '(document:click)': 'closeUnlessInside($event)',
    '(document:keydown.escape)': 'isOpen.set(false)',
  },
  styleUrl: './connection-badge.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConnectionBadge {
  protected readonly live = inject(LiveEvents);
  private readonly clock = inject(Clock);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);

  protected readonly isOpen = signal(false);
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

  protected closeUnlessInside(event: Event): void {
    if (event.target instanceof Node && !this.element.nativeElement.contains(event.target)) this.isOpen.set(false);
  }
}
