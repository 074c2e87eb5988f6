import { Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { NewRunEvent, RunMessage } from '@gan-dashboard/shared-types';
import { EventDoorbell } from '../events/event-doorbell';
import { EventHub } from '../events/event-hub';
import { EventLog } from '../events/event-log';
import type { FencedError } from '../events/refused-write';
import { RunLogWriter, WriterIdentity } from '../events/run-log-writer';
import { projectRun } from './run-projection';

/** The process that works on a run, as the one that wants to write. */
export interface RunOwner {
  /** Given by the claim of the run. */
  fence: number;
  /** Another process has the run by now: the trainer is to be killed, nothing that it says counts any more. */
  onFenced: (error: FencedError) => void;
}

interface OpenWriter {
  runId: string;
  users: number;
}

/**
 * Hands out writers of runs' logs and closes them when nobody uses them any more. An owner has a writer of its own,
 * which the log refuses once the run has another owner; everybody else in the process shares one for each run.
 */
@Injectable()
export class RunLogs implements OnApplicationShutdown {
  private readonly open = new Map<RunLogWriter, OpenWriter>();
  private readonly shared = new Map<string, RunLogWriter>();
  private readonly identity = new WriterIdentity();

  constructor(
    private readonly log: EventLog,
    private readonly hub: EventHub,
    private readonly doorbell: EventDoorbell,
  ) {}

  /** A writer of a run; to be given back by `release`. */
  acquire(runId: string, owner?: RunOwner): Promise<RunLogWriter> {
    const writer = owner ? this.newWriter(runId, owner) : this.sharedWriter(runId);
    const entry = this.open.get(writer) ?? { runId, users: 0 };
    entry.users++;
    this.open.set(writer, entry);
    return Promise.resolve(writer);
  }

  /** Waits until everything is on disk, or is known never to be, before the writer is closed. */
  async release(runId: string, writer: RunLogWriter): Promise<void> {
    await writer.flushed().catch(() => undefined);
    const entry = this.open.get(writer);
    if (!entry || --entry.users > 0) return;
    this.open.delete(writer);
    if (this.shared.get(runId) === writer) this.shared.delete(runId);
  }

  /** Resolves once everything recorded so far of a run by this process is on disk. */
  async settled(runId: string): Promise<void> {
    const writers = [...this.open].filter(([, entry]) => entry.runId === runId);
    await Promise.all(writers.map(([writer]) => writer.flushed()));
  }

  /**
   * Records events of a run; they are on disk when it resolves.
   *
   * @throws FencedError when `owner` is given and the run has another by now.
   * @throws RunMissingError when there is no such run, or it was deleted.
   */
  async record(runId: string, events: readonly NewRunEvent[], owner?: Pick<RunOwner, 'fence'>): Promise<RunMessage[]> {
    const writer = await this.acquire(runId, owner && { fence: owner.fence, onFenced: () => undefined });
    try {
      return await writer.write(events);
    } finally {
      await this.release(runId, writer);
    }
  }

  onApplicationShutdown(): void {
    for (const writer of this.open.keys()) writer.abandon();
  }

  private sharedWriter(runId: string): RunLogWriter {
    let writer = this.shared.get(runId);
    if (!writer || writer.isClosed) {
      writer = this.newWriter(runId);
      this.shared.set(runId, writer);
    }
    return writer;
  }

  private newWriter(runId: string, owner?: RunOwner): RunLogWriter {
    return new RunLogWriter({
      runId,
      fence: owner?.fence,
      onFenced: owner?.onFenced,
      // One open writer of a run bears it at a time, and its batches are numbered over all of them.
      ...(owner ? {} : { identity: this.identity }),
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
