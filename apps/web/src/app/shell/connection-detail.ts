import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { formatCount, formatDelay, formatDuration, notMeasured } from '../design/format';
import { Clock } from '../live/clock';
import { LiveEvents } from '../live/live-events';
import { pollingText, sharingText } from './connection-text';

/** The figures behind the badge. */
@Component({
  selector: 'gd-connection-detail',
  template: `
    <dl>
      <dt i18n>Delay</dt>
      <dd data-testid="connection-delay" title="Between the event on the server and its arrival here" i18n-title>
        {{ delay() }}
      </dd>
      <dt i18n>Last heard</dt>
      <dd>{{ heard() }}</dd>
      <dt i18n>Missing events</dt>
      <dd data-testid="connection-missed" [class.bad]="live.missedCount() > 0">{{ missed() }}</dd>
      <dt i18n>Connection</dt>
      <dd data-testid="connection-sharing">{{ sharing() }}</dd>
    </dl>
    @if (live.missedCount() > 0) {
      <p i18n>The numbering showed that events were missing on the stream; they were read from the history.</p>
    }
    @if (polling()) {
      <p data-testid="connection-polling">{{ polling() }}</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 8px;
      white-space: normal;
    }
    dl {
      display: grid;
      grid-template-columns: max-content minmax(0, 1fr);
      gap: 4px 12px;
    }
    dt,
    p {
      color: var(--gd-muted);
    }
    .bad {
      color: var(--gd-danger);
      font-weight: 600;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConnectionDetail {
  protected readonly live = inject(LiveEvents);
  private readonly clock = inject(Clock);

  protected readonly delay = computed(() => {
    const delay = this.live.delayMs();
    if (delay === null) return notMeasured;
    return delay < 0 ? $localize`server clock ${formatDelay(-delay)} ahead` : formatDelay(delay);
  });
  protected readonly heard = computed(() => {
    const at = this.live.lastHeardAt();
    return at === null
      ? $localize`nothing yet`
      : $localize`${formatDuration(Math.max(0, this.clock.now() - at) / 1_000)} ago`;
  });
  protected readonly missed = computed(() => formatCount(this.live.missedCount()));
  protected readonly sharing = computed(() => sharingText(this.live.sharing()));
  protected readonly polling = computed(() => pollingText(this.live.state()));
}
