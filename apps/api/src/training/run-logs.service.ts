import { Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { NewRunEvent, RunMessage } from '@gan-dashboard/shared-types';
import { EventDoorbell } from '../events/event-doorbell';
import { EventHub } from '../events/event-hub';
import { EventLog } from '../events/event-log';
import { RunLogWriter } from '../events/run-log-writer';
import { RunsRepository } from './runs.repository';
import { projectRun } from './run-projection';

interface OpenWriter {
  writer: Promise<RunLogWriter>;
  users: number;
}

/** Hands out the one writer of each run's log, and closes it when nobody writes to the run any more. */
@Injectable()
export class RunLogs implements OnApplicationShutdown {
  private readonly open = new Map<string, OpenWriter>();

  constructor(
    private readonly runs: RunsRepository,
    private readonly log: EventLog,
    private readonly hub: EventHub,
    private readonly doorbell: EventDoorbell,
  ) {}

  /** The writer of a run; to be given back by `release`. */
  async acquire(runId: string): Promise<RunLogWriter> {
    let entry = this.open.get(runId);
    if (!entry) {
      entry = { writer: this.openWriter(runId), users: 0 };
      this.open.set(runId, entry);
    }
    entry.users++;
    try {
      return await entry.writer;
    } catch (error) {
      this.open.delete(runId);
      throw error;
    }
  }

  /** Waits until everything is on disk before the writer is closed. */
  async release(runId: string): Promise<void> {
    const entry = this.open.get(runId);
    if (!entry) return;
    const writer = await entry.writer;
    await writer.flushed();
    if (--entry.users === 0) this.open.delete(runId);
  }

  /** Resolves once everything recorded so far of a run is on disk. */
  async settled(runId: string): Promise<void> {
    const entry = this.open.get(runId);
    if (entry) await (await entry.writer).flushed();
  }

  /** Records events of a run and waits until they are on disk. */
  async record(runId: string, events: readonly NewRunEvent[]): Promise<RunMessage[]> {
    const writer = await this.acquire(runId);
    const messages = events.map((event) => writer.record(event));
    await this.release(runId);
    return messages;
  }

  async onApplicationShutdown(): Promise<void> {
    for (const { writer } of this.open.values()) (await writer).abandon();
  }

  private async openWriter(runId: string): Promise<RunLogWriter> {
    return new RunLogWriter({
      runId,
      position: await this.log.position(runId, (await this.runs.find(runId))?.lastSeq ?? 0),
      log: this.log,
      onDurable: (messages) => {
        this.hub.publish(messages);
        this.doorbell.announce();
      },
      project: projectRun,
      stats: this.hub.stats.writes,
    });
  }
}
