import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { finalRunStatuses } from '@gan-dashboard/shared-types';
import { DatabaseSession } from '../platform/database/database-session';
import { isInstanceAlive, locksAreSettled } from '../platform/database/instance-locks';
import { Interruptions } from './interruptions';
import { RunCommands } from './run-commands';
import { RunEntity } from './run.entity';
import { statusEvent } from './run-events';
import { RunLogs } from './run-logs.service';
import { isWorking } from './run-states';
import type { RunClaim } from './runs.repository';

/** An owner is taken for dead when two looks in a row find its lock free: it may just be connecting again. */
const lookMs = 2_000;

const processIsGone = 'The server ended while this run was at work.';

/**
 * Finds runs whose process has died: their owner's lock is free. Whichever process sees it first makes such a run its
 * own, says what has happened, and does what the run's resume policy says.
 */
@Injectable()
export class OrphanedRuns implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(OrphanedRuns.name);
  private suspected = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly session: DatabaseSession,
    private readonly runLogs: RunLogs,
    private readonly interruptions: Interruptions,
    private readonly commands: RunCommands,
  ) {}

  onApplicationBootstrap(): void {
    this.lookSoon(0);
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  private lookSoon(waitMs: number): void {
    this.timer = setTimeout(() => {
      this.looking = this.look()
        .catch((error: unknown) => this.logger.debug(`runs without a process were not looked for: ${String(error)}`))
        .finally(() => {
          if (!this.isStopped) this.lookSoon(lookMs);
        });
    }, waitMs);
    this.timer.unref();
  }

  /** Takes the runs that the look before suspected and that still have the same dead owner. Done every two seconds. */
  async look(): Promise<void> {
    const found = await this.find();
    const certain = found.filter(({ id, owner }) => this.suspected.get(id) === owner);
    this.suspected = new Map(found.map(({ id, owner }) => [id, owner]));
    for (const { id, owner } of certain) {
      const claim = await this.claim(id, owner);
      if (claim) await this.settle(claim);
    }
    await this.commands.refuseOfEnded(finalRunStatuses);
  }

  private find(): Promise<{ id: string; owner: string }[]> {
    return this.dataSource.query<{ id: string; owner: string }[]>(
      `SELECT id, owner FROM run
       WHERE owner IS NOT NULL AND owner <> $1 AND deleted_at IS NULL
         AND ${locksAreSettled} AND NOT ${isInstanceAlive('run.owner')}`,
      [this.session.instanceKey],
    );
  }

  /** One statement decides: several processes that look at once cannot both take the same run. */
  private async claim(id: string, deadOwner: string): Promise<RunClaim | undefined> {
    const [rows] = await this.dataSource.query<[{ fence: string }[], number]>(
      `UPDATE run SET owner = $3, fence = fence + 1 WHERE id = $1 AND owner = $2 RETURNING fence`,
      [id, deadOwner, this.session.instanceKey],
    );
    const [row] = rows;
    if (!row) return undefined;
    const run = await this.dataSource.manager.findOneByOrFail(RunEntity, { id });
    return { run, fence: Number(row.fence) };
  }

  private async settle(claim: RunClaim): Promise<void> {
    const { id, status } = claim.run;
    if (!isWorking(status)) {
      // It was only about to be moved; the queue finds one that waits without a job.
      await this.dataSource.manager.update(RunEntity, { id, fence: claim.fence }, { owner: null, workerId: null });
      return;
    }
    this.logger.warn(`run ${id} is ${status} according to the books, but its process has gone`);
    if (status === 'stopping' || (await this.commands.isStopAsked(id))) await this.endStopped(claim);
    else await this.interrupt(claim);
    await this.commands.refuseOpen(id, `${processIsGone} What was asked of it was not done.`);
  }

  private async interrupt(claim: RunClaim): Promise<void> {
    const wasPaused = claim.run.status === 'paused';
    const interruption = { reason: processIsGone, isHandOver: false, wasPaused };
    const { events, followUp } = await this.interruptions.decide(claim, interruption);
    await this.runLogs.record(claim.run.id, events, claim);
    await followUp();
  }

  /** Somebody wanted the run to end: it is not taken up again by itself. */
  private async endStopped(claim: RunClaim): Promise<void> {
    const { run } = claim;
    const message = `${processIsGone} Somebody had asked it to stop; what it learned since its last checkpoint is lost.`;
    const seconds = run.startedAt ? (Date.now() - run.startedAt.getTime()) / 1000 : 0;
    const data = { status: 'stopped', message, return_code: null, duration_seconds: seconds } as const;
    const ending = run.status === 'stopping' ? [] : [statusEvent('stopping', 'Somebody asked the run to stop.')];
    const events = [...ending, { type: 'training_complete', data, at: new Date() } as const];
    await this.runLogs.record(run.id, [...events, statusEvent('stopped', message)], claim);
  }
}
