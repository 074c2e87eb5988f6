import { Histogram } from 'prom-client';
import { transports } from './feed-scope';
import type { Transport } from './feed-scope';

/** Counted in place while streams are written: an addition each, read when somebody asks for the metrics. */
export interface Sent {
  messages: number;
  bytes: number;
}

export type DropReason = 'slow' | 'overrun';

function perTransport<Value>(value: () => Value): Record<Transport, Value> {
  return Object.fromEntries(transports.map((transport) => [transport, value()])) as Record<Transport, Value>;
}

/** What the writers of this process's runs have done. */
export class LogWriteStats {
  /** Events recorded and not on disk yet. */
  backlog = 0;
  events = 0;
  retries = 0;
  readonly seconds = new Histogram({
    name: 'gan_dashboard_event_log_write_seconds',
    help: 'Time to bring a batch of events to disk, outages of the database included',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers: [],
  });
  readonly batch = new Histogram({
    name: 'gan_dashboard_event_log_batch_events',
    help: 'Events written to the log in one transaction',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
    registers: [],
  });
}

/** What the event streams of this process have done since it started. */
export class EventStats {
  readonly sent = perTransport<Sent>(() => ({ messages: 0, bytes: 0 }));
  readonly dropped = perTransport<Record<DropReason, number>>(() => ({ slow: 0, overrun: 0 }));
  readonly writes = new LogWriteStats();
  /** Successful looks at the log for what other processes wrote. */
  tailPolls = 0;
  /** In seconds since 1970; undefined before the first. */
  lastTailPoll: number | undefined;
  readonly flushSeconds = new Histogram({
    name: 'gan_dashboard_event_flush_seconds',
    help: 'Time to write what has gathered in a feed to all of its clients',
    buckets: [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    registers: [],
  });
  readonly flushLagSeconds = new Histogram({
    name: 'gan_dashboard_event_flush_lag_seconds',
    help: 'Time from the first event that was published into a feed to the flush that takes it along',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    registers: [],
  });
}
