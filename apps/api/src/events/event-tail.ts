import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { merge } from 'rxjs';
import type { Subscription } from 'rxjs';
import { formatLogCursor, rewound } from './event-cursor';
import type { LogHorizon } from './event-cursor';
import { EventDoorbell } from './event-doorbell';
import { EventHub } from './event-hub';
import { EventLog } from './event-log';

const pollMs = 250;
const pageSize = 500;

/**
 * Follows the log in the database: finds what other processes wrote, fills what this one has missed, and moves the
 * cursor of streams of many runs. A poll that finds nothing new costs one index look-up.
 */
@Injectable()
export class EventTail implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(EventTail.name);
  private readonly stopping = new AbortController();
  private horizon: LogHorizon = { xmin: 0n, serverStart: 0 };
  private epoch = '';
  private running: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;
  private rings: Subscription | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly hub: EventHub,
    private readonly doorbell: EventDoorbell,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.epoch = await this.log.epoch();
    this.horizon = await this.log.horizon();
    this.hub.advance(formatLogCursor(this.epoch, this.horizon));
    this.rings = merge(this.doorbell.rung, this.hub.missed).subscribe(() => this.wake());
    this.running = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.rings?.unsubscribe();
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      try {
        await this.poll();
        failures = 0;
      } catch (error) {
        if (failures++ === 0) this.logger.warn(`the event log cannot be read, trying again: ${String(error)}`);
      }
      const timer = new AbortController();
      await Promise.race([woken, delay(pollMs, undefined, { signal: timer.signal }).catch(() => undefined)]);
      timer.abort();
    }
  }

  private async poll(): Promise<void> {
    let { horizon, runs } = await this.log.advancedRuns(this.horizon.xmin);
    if (horizon.serverStart !== this.horizon.serverStart) {
      ({ horizon, runs } = await this.log.advancedRuns(rewound(this.horizon, horizon).xmin));
    }
    for (const run of runs) await this.catchUp(run.runId, run.firstSeq, run.lastSeq);
    this.horizon = horizon;
    this.hub.advance(formatLogCursor(this.epoch, horizon));
  }

  /** Publishes what the log has of a run beyond what was published here; of a new one, from `firstSeq` on. */
  private async catchUp(runId: string, firstSeq: number, lastSeq: number): Promise<void> {
    this.hub.startAfter(runId, firstSeq - 1);
    for (;;) {
      const published = this.hub.lastPublished(runId) ?? 0;
      if (published >= lastSeq) return;
      const messages = await this.log.readRun(runId, published, { limit: pageSize });
      if (messages.length === 0) return;
      this.hub.publish(messages);
    }
  }
}
