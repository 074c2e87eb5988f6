import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { NewRunEvent, RunMessage } from '@gan-dashboard/shared-types';
import type { EventLog } from './event-log';
import type { LogWriteStats } from './event-stats';
import { FencedError } from './refused-write';

const maxBatch = 1_000;
const longestRetryMs = 2_000;

/** Who writes: the number of a batch tells the log whether it has it already. Each run has its own rows of these. */
export class WriterIdentity {
  readonly id = randomUUID();
  private batches = 0;

  nextBatch(): number {
    return ++this.batches;
  }
}

export interface RunLogWriterOptions {
  runId: string;
  log: EventLog;
  /** Of the process that works on the run: it may write as long as nobody has taken the run up after it. */
  fence?: number | undefined;
  /** Called with each batch once it is on disk. */
  onDurable: (messages: RunMessage[]) => void;
  /** Called once when the log refuses the writer for good; it is closed then, and drops what it is told. */
  onFenced?: ((error: FencedError) => void) | undefined;
  /** What follows from a batch, written in the same transaction. */
  project: (manager: EntityManager, messages: readonly RunMessage[]) => Promise<void>;
  /** Counts what this writer does, together with the others of the process. */
  stats?: LogWriteStats;
  /** Shared by writers of which only one is open for a run at a time. */
  identity?: WriterIdentity;
}

interface Waiting {
  event: NewRunEvent;
  settle?: { resolve: (message: RunMessage) => void; reject: (error: Error) => void };
}

/**
 * Writes events of a run in the background: a single event goes straight out, events that arrive during a write leave
 * together in the next. A batch that fails is tried again until it is on disk, so an outage of the database delays
 * events and loses none. Other writers may write to the run at the same time: the log numbers the events of all.
 */
export class RunLogWriter {
  private readonly logger = new Logger(RunLogWriter.name);
  private readonly queue: Waiting[] = [];
  private readonly identity: WriterIdentity;
  private writing: Promise<void> | undefined;
  private closedBy: Error | undefined;
  private hasLostEvents = false;

  constructor(private readonly options: RunLogWriterOptions) {
    this.identity = options.identity ?? new WriterIdentity();
  }

  /** Events that are not on disk yet. */
  get backlog(): number {
    return this.queue.length;
  }

  /** A closed writer drops what it is told. */
  get isClosed(): boolean {
    return this.closedBy !== undefined;
  }

  record(event: NewRunEvent): void {
    if (!this.closedBy) this.enqueue({ event });
  }

  /**
   * Records events and resolves with what the log made of them, once they are on disk.
   *
   * @throws FencedError, RunMissingError or, when the writer was given up, Error.
   */
  async write(events: readonly NewRunEvent[]): Promise<RunMessage[]> {
    if (this.closedBy) throw this.closedBy;
    return Promise.all(
      events.map(
        (event) => new Promise<RunMessage>((resolve, reject) => this.enqueue({ event, settle: { resolve, reject } })),
      ),
    );
  }

  /** Resolves once everything recorded so far is on disk. @throws Error when that is not going to happen. */
  async flushed(): Promise<void> {
    while (this.writing) await this.writing;
    if (this.closedBy && this.hasLostEvents) throw this.closedBy;
  }

  /** Gives up on what is not written yet: for a process that must end while the database is away. */
  abandon(): void {
    this.close(new Error(`run ${this.options.runId}: the process ended before its last events were written`));
  }

  private enqueue(waiting: Waiting): void {
    this.queue.push(waiting);
    if (this.options.stats) this.options.stats.backlog++;
    this.writing ??= this.writeAll();
  }

  private close(reason: Error): void {
    if (this.closedBy) return;
    this.closedBy = reason;
    this.hasLostEvents = this.queue.length > 0;
    if (this.options.stats) this.options.stats.backlog -= this.queue.length;
    for (const { settle } of this.queue.splice(0)) settle?.reject(reason);
  }

  private async writeAll(): Promise<void> {
    // Events recorded in the same turn of the loop share the first batch.
    await Promise.resolve();
    while (this.queue.length > 0) {
      const batch = this.queue.slice(0, maxBatch);
      const start = performance.now();
      const messages = await this.writeUntilDurable(batch.map(({ event }) => event));
      if (!messages) break;
      this.count(messages.length, performance.now() - start);
      if (!this.closedBy) this.queue.splice(0, batch.length);
      this.options.onDurable(messages);
      for (const [index, message] of messages.entries()) batch[index]?.settle?.resolve(message);
    }
    this.writing = undefined;
  }

  private count(events: number, ms: number): void {
    const { stats } = this.options;
    if (!stats) return;
    if (!this.closedBy) stats.backlog -= events;
    stats.events += events;
    stats.seconds.observe(ms / 1_000);
    stats.batch.observe(events);
  }

  /** @returns undefined when the writer was closed meanwhile. */
  private async writeUntilDurable(events: readonly NewRunEvent[]): Promise<RunMessage[] | undefined> {
    const { log, project, runId, fence, stats } = this.options;
    const batch = { runId, fence, events, writerId: this.identity.id, batch: this.identity.nextBatch() };
    for (let attempt = 0; !this.closedBy; attempt++) {
      try {
        const messages = await log.append(batch, project);
        if (attempt > 0) this.logger.log(`run ${runId}: events are written again`);
        return messages;
      } catch (error) {
        if (error instanceof FencedError) {
          this.refused(error);
          return undefined;
        }
        if (stats) stats.retries++;
        // Said once an outage; the run is not told by its own log, which cannot be written.
        if (attempt === 0)
          this.logger.warn(`run ${runId}: ${events.length} events wait to be written: ${String(error)}`);
        await delay(Math.min(longestRetryMs, 50 * 2 ** attempt));
      }
    }
    return undefined;
  }

  private refused(error: FencedError): void {
    if (this.closedBy) return;
    this.logger.warn(`${error.message}; ${this.queue.length} events are dropped`);
    this.close(error);
    this.options.onFenced?.(error);
  }
}
