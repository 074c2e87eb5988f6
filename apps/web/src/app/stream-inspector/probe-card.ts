import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { formatBytes, formatCount, formatDelay, notMeasured } from '../design/format';
import type { ProbeState, StreamProbe } from './stream-probe';
import { AriaLabel } from '../design/aria-label';

const words: Readonly<Record<ProbeState, string>> = {
  closed: $localize`not connected`,
  connecting: 'connecting',
  open: 'open',
  reconnecting: 'reconnecting',
  failed: 'ended',
};

/** One stream: its state, the button, and what it brought so far. */
@Component({
  selector: 'gd-probe-card',
  imports: [AriaLabel],
  templateUrl: './probe-card.html',
  styleUrl: './probe-card.scss',
  host: { '[attr.data-testid]': "'probe-' + probe().target.name", '[attr.data-state]': 'probe().state()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProbeCard {
  readonly probe = input.required<StreamProbe>();
  readonly connect = output();

  protected readonly word = computed(() => words[this.probe().state()]);
  protected readonly isClosed = computed(() => ['closed', 'failed'].includes(this.probe().state()));
  protected readonly hasFigures = computed(() => this.probe().figures().messages > 0 || !this.isClosed());
  protected readonly latency = computed(() => {
    const latency = this.probe().figures().latency;
    return latency === null
      ? notMeasured
      : `${delay(latency.last)} · p50 ${delay(latency.p50)} · p95 ${delay(latency.p95)}`;
  });
  protected readonly formatCount = formatCount;
  protected readonly formatBytes = formatBytes;
}

/** Clocks that differ give negative latencies; they are shown as they are. */
function delay(ms: number): string {
  return ms < 0 ? `−${formatDelay(-ms)}` : formatDelay(ms);
}
