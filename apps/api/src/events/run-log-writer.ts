import { Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { channelOf, toRunMessage } from '@gan-dashboard/shared-types';
import type { NewRunEvent, RunMessage } from '@gan-dashboard/shared-types';
import type { EventLog, LogPosition } from './event-log';
import type { LogWriteStats } from './event-stats';

const maxBatch = 1_000;
const longestRetryMs = 2_000;

export interface RunLogWriterOptions {
  runId: string;
  position: LogPosition;
  log: EventLog;
  /** Called with each batch once it is on disk. */
  onDurable: (messages: RunMessage[]) => void;
  /** What follows from a batch, written in the same transaction; must bear being run again. */
  project: (manager: EntityManager, messages: readonly RunMessage[]) => Promise<void>;
  /** Counts what this writer does, together with the others of the process. */
  stats?: LogWriteStats;
}

/**
 * The one writer of a run's log. It gives each event its `seq` at once and writes in the background: a single event
 * goes straight out, events that arrive during a write leave together in the next. A batch that fails is tried again
 * until it is on disk, so an outage of the database delays events and loses none.
 */
export class RunLogWriter {
  private readonly logger = new Logger(RunLogWriter.name);
  private readonly queue: RunMessage[] = [];
  private readonly position: LogPosition;
  private writing: Promise<void> | undefined;
  private isClosed = false;

  constructor(private readonly options: RunLogWriterOptions) {
    this.position = { lastSeq: options.position.lastSeq, lastSeqOf: { ...options.position.lastSeqOf } };
  }

  /** Events that are not on disk yet. */
  get backlog(): number {
    return this.queue.length;
  }

  record(event: NewRunEvent): RunMessage {
    const channel = channelOf(event.type);
    const seq = ++this.position.lastSeq;
    const message = toRunMessage(event, { runId: this.options.runId, seq, prevSeq: this.position.lastSeqOf[channel] });
    this.position.lastSeqOf[channel] = seq;
    this.queue.push(message);
    if (this.options.stats) this.options.stats.backlog++;
    this.writing ??= this.writeAll();
    return message;
  }

  /** Resolves once everything recorded so far is on disk. */
  async flushed(): Promise<void> {
    while (this.writing) await this.writing;
  }

  /** Gives up on what is not written yet: for a process that must end while the database is away. */
  abandon(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    if (this.options.stats) this.options.stats.backlog -= this.queue.length;
  }

  private async writeAll(): Promise<void> {
    // Events recorded in the same turn of the loop share the first batch.
    await Promise.resolve();
    while (this.queue.length > 0 && !this.isClosed) {
      const batch = this.queue.slice(0, maxBatch);
      const start = performance.now();
      await this.writeUntilDurable(batch);
      if (this.isClosed) break;
      this.queue.splice(0, batch.length);
      this.count(batch.length, performance.now() - start);
      this.options.onDurable(batch);
    }
    this.writing = undefined;
  }

  private count(events: number, ms: number): void {
    const { stats } = this.options;
    if (!stats) return;
    stats.backlog -= events;
    stats.events += events;
    stats.seconds.observe(ms / 1_000);
    stats.batch.observe(events);
  }

  private async writeUntilDurable(batch: RunMessage[]): Promise<void> {
    for (let attempt = 0; !this.isClosed; attempt++) {
      try {
        await this.options.log.append(batch, (manager) => this.options.project(manager, batch));
        if (attempt > 0) this.logger.log(`run ${this.options.runId}: events are written again`);
        return;
      } catch (error) {
        if (this.options.stats) this.options.stats.retries++;
        const wait = Math.min(longestRetryMs, 50 * 2 ** attempt);
        // Said once an outage; the run is not told by its own log, which cannot be written.
        if (attempt === 0) {
          this.logger.warn(`run ${this.options.runId}: ${batch.length} events wait to be written: ${String(error)}`);
        }
        await delay(wait);
      }
    }
  }
}
