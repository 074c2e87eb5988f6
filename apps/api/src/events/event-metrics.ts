import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import type { CounterConfiguration, GaugeConfiguration, Registry } from 'prom-client';
import { METRICS_REGISTRY } from '../platform/metrics/metrics-registry';
import { EventHub } from './event-hub';
import type { DropReason, EventStats } from './event-stats';
import { transports } from './feed-scope';
import type { Transport } from './feed-scope';
import { EventSocketServer } from './websocket/event-socket-server';

type Definition<Configuration> = Omit<Configuration, 'registers' | 'collect'>;

/**
 * The metrics of the event streams. Streams only add to plain numbers; those are turned into metrics when somebody
 * asks for them, so that a thousand clients cost a scrape something, and a delivery nothing.
 */
@Injectable()
export class EventMetrics {
  private readonly stats: EventStats;

  constructor(
    @Inject(METRICS_REGISTRY) private readonly registry: Registry,
    private readonly hub: EventHub,
    private readonly sockets: EventSocketServer,
  ) {
    this.stats = hub.stats;
    this.registerStreams();
    this.registerSent();
    this.registerDropped();
    this.registerLog();
    const { flushSeconds, flushLagSeconds, writes } = this.stats;
    for (const metric of [flushSeconds, flushLagSeconds, writes.seconds, writes.batch]) registry.registerMetric(metric);
  }

  private registerStreams(): void {
    const open = {
      name: 'gan_dashboard_event_streams_open',
      help: 'Open streams',
      labelNames: ['channels', 'transport'],
    };
    this.gauge(open, (gauge) => {
      gauge.reset();
      for (const { clients, scope, encoding } of this.hub.openFeeds()) {
        gauge.inc({ channels: scope.channels.join(','), transport: encoding.transport }, clients.size);
      }
    });
    const behind = 'Messages and cursors that the slowest stream has not been sent yet';
    this.gauge({ name: 'gan_dashboard_event_stream_lag_frames_max', help: behind }, (gauge) => {
      gauge.set(this.longestLag());
    });
    this.gauge({ name: 'gan_dashboard_websocket_connections', help: 'Open WebSockets' }, (gauge) => {
      gauge.set(this.sockets.openConnections);
    });
  }

  private registerSent(): void {
    const labelNames = ['transport'];
    const messages = { name: 'gan_dashboard_event_messages_sent_total', help: 'Events written to streams', labelNames };
    this.counter(messages, (set) => {
      for (const transport of transports) set({ transport }, this.stats.sent[transport].messages);
    });
    const bytes = { name: 'gan_dashboard_event_sent_bytes_total', help: 'Bytes written to streams', labelNames };
    this.counter(bytes, (set) => {
      for (const transport of transports) set({ transport }, this.stats.sent[transport].bytes);
    });
  }

  private registerDropped(): void {
    const dropped = {
      name: 'gan_dashboard_event_streams_dropped_total',
      help: 'Streams cut off because their client did not read (slow) or fell out of the ring (overrun)',
      labelNames: ['reason', 'transport'],
    };
    const reasons: DropReason[] = ['slow', 'overrun'];
    this.counter(dropped, (set) => {
      for (const transport of transports) {
        for (const reason of reasons) set({ reason, transport }, this.stats.dropped[transport][reason]);
      }
    });
    const help = 'Clients for which the ring no longer held what they needed next';
    this.counter({ name: 'gan_dashboard_event_ring_overruns_total', help }, (set) => {
      set({}, sum(transports.map((transport: Transport) => this.stats.dropped[transport].overrun)));
    });
  }

  private registerLog(): void {
    const { writes } = this.stats;
    this.counter({ name: 'gan_dashboard_event_log_events_total', help: 'Events brought to disk' }, (set) => {
      set({}, writes.events);
    });
    this.counter({ name: 'gan_dashboard_event_log_write_retries_total', help: 'Writes that failed' }, (set) => {
      set({}, writes.retries);
    });
    this.gauge({ name: 'gan_dashboard_event_log_backlog_events', help: 'Events not on disk yet' }, (gauge) => {
      gauge.set(writes.backlog);
    });
    const polls = 'Looks at the log for events of other processes that succeeded';
    this.counter({ name: 'gan_dashboard_event_tail_polls_total', help: polls }, (set) => set({}, this.stats.tailPolls));
    const last = { name: 'gan_dashboard_event_tail_last_poll_timestamp_seconds', help: 'When the last look succeeded' };
    this.gauge(last, (gauge) => {
      if (this.stats.lastTailPoll === undefined) gauge.remove();
      else gauge.set(this.stats.lastTailPoll);
    });
  }

  private longestLag(): number {
    let longest = 0;
    for (const { clients } of this.hub.openFeeds()) {
      for (const client of clients) longest = Math.max(longest, client.framesBehind);
    }
    return longest;
  }

  private gauge(definition: Definition<GaugeConfiguration<string>>, collect: (gauge: Gauge) => void): void {
    const gauge: Gauge = new Gauge({ ...definition, registers: [this.registry], collect: () => collect(gauge) });
  }

  /** A counter whose total stands elsewhere. */
  private counter(
    definition: Definition<CounterConfiguration<string>>,
    collect: (set: (labels: Record<string, string>, total: number) => void) => void,
  ): void {
    const counter: Counter = new Counter({
      ...definition,
      registers: [this.registry],
      collect: () => {
        counter.reset();
        collect((labels, total) => counter.inc(labels, total));
      },
    });
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
