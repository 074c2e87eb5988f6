import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { DatabaseSession } from '../../platform/database/database-session';
import { JobQueue } from '../../platform/queue/job-queue';
import { defineQueue } from '../../platform/queue/queue-definition';
import { WorkerRegistry } from '../../workers/worker-registry';
import { statusEvent } from '../run-events';
import { RunLogs } from '../run-logs.service';
import type { QueuePlace } from '../run-mapper';
import { workingStatuses } from '../run-states';
import { RunsRepository } from '../runs.repository';
import type { RunClaim } from '../runs.repository';
import { queuePlaces } from './queue-places';

/** A job is a run's place in the queue; it bears the run's id, and is gone once the run is somebody's. */
const waitingRuns = defineQueue<{ runId: string }>('run', { retryLimit: 0 });

const healMs = 60_000;
const waits = `status = 'queued' AND owner IS NULL AND deleted_at IS NULL AND origin = 'dashboard'`;

/** Ends a transaction in which the run could not be had: what was done to its job is undone. */
class NotHad extends Error {}

/**
 * The order in which runs wait for a worker: the higher priority first, among equals the one that was queued first.
 *
 * The truth is the run's row; its job only gives it a place. A row without a job (the process died in between) gets
 * one, a job without a waiting row is dropped when it comes up.
 */
@Injectable()
export class RunQueue implements OnApplicationBootstrap, OnModuleDestroy {
  /** Queued runs that this process has claimed, until it lets them go. */
  private readonly held = new Set<string>();
  private readonly logger = new Logger(RunQueue.name);
  private timer: NodeJS.Timeout | undefined;
  private healing: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobQueue,
    private readonly runs: RunsRepository,
    private readonly runLogs: RunLogs,
    private readonly session: DatabaseSession,
    private readonly workers: WorkerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    this.healLater();
    this.timer = setInterval(() => this.healLater(), healMs);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.healing;
  }

  /** Calls back whenever a run may have been queued. @returns what ends that */
  onQueued(look: () => void): () => void {
    const subscription = this.jobs.rung.subscribe((queue) => {
      if (queue === undefined || queue === waitingRuns.name) look();
    });
    return () => subscription.unsubscribe();
  }

  /** Gives a run whose row says `queued` a place, behind those of its priority. */
  async enqueue(runId: string, manager?: EntityManager): Promise<void> {
    if (!manager) return this.dataSource.transaction((own) => this.enqueue(runId, own));
    const [run] = await manager.query<{ priority: number }[]>(`SELECT priority FROM run WHERE id = $1 AND ${waits}`, [
      runId,
    ]);
    if (!run) return;
    // The job before the row, here and wherever both are written: the other way round two processes could wait for
    // each other.
    const sent = await this.jobs.send(waitingRuns, { runId }, { id: runId, priority: run.priority, manager });
    if (sent === undefined) await this.jobs.prioritise(waitingRuns, runId, { priority: run.priority, manager });
    await manager.query(`UPDATE run SET queued_at = now() WHERE id = $1 AND ${waits}`, [runId]);
  }

  /** To be called when the priority in the row has changed; nothing happens to a run that does not wait. */
  async reprioritise(runId: string, priority: number): Promise<void> {
    await this.jobs.prioritise(waitingRuns, runId, { priority });
  }

  /** Takes a run off the queue and marks it stopped. @returns false when it does not wait any more */
  async cancel(runId: string): Promise<boolean> {
    const isHeld = this.held.has(runId);
    this.held.add(runId);
    try {
      const claim = await this.claim(runId);
      if (!claim) return false;
      await this.runLogs.record(runId, [statusEvent('stopped', 'The run was taken off the queue.')], claim);
      return true;
    } finally {
      if (!isHeld) this.held.delete(runId);
    }
  }

  /** Claims the next run for this process; it is to be given to `letGo` when this process is done with it. */
  async take(): Promise<RunClaim | undefined> {
    for (let hasHealed = false; ;) {
      const found = await this.takeJob();
      if (found === 'held') return undefined;
      if (found?.claim) return found.claim;
      // A job without a waiting run is gone by now; the next one may be better.
      if (found) continue;
      if (hasHealed || !(await this.hasWaiting())) return undefined;
      await this.heal();
      hasHealed = true;
    }
  }

  letGo(runId: string): void {
    this.held.delete(runId);
  }

  /** Place and expected start of every waiting run. */
  async places(): Promise<Map<string, QueuePlace>> {
    const queued = await this.waiting();
    if (queued.length === 0) return new Map();
    const [working, workers] = await Promise.all([
      this.dataSource.query<{ workerId: string | null; etaSeconds: number | null }[]>(
        `SELECT worker_id AS "workerId", eta_seconds AS "etaSeconds" FROM run
         WHERE status = ANY ($1) AND owner IS NOT NULL AND deleted_at IS NULL`,
        [workingStatuses],
      ),
      this.workers.liveSlots(),
    ]);
    return queuePlaces({ queued: queued.map(({ id }) => id), workers, working, now: new Date() });
  }

  /** Brings rows and jobs together again; harmless at any time. */
  async heal(): Promise<void> {
    // A claim was committed, but the database's answer did not arrive: nobody works on the run.
    await this.dataSource.query(
      `UPDATE run SET owner = NULL, worker_id = NULL
       WHERE status = 'queued' AND owner = $1 AND NOT (id = ANY ($2::uuid[]))`,
      [this.session.instanceKey, [...this.held]],
    );
    const waiting = await this.waiting();
    const jobs = waiting.map(({ id, priority }) => ({ id, data: { runId: id }, priority }));
    await this.jobs.sendAll(waitingRuns, jobs);
  }

  /** @returns undefined where there is no job, `held` where its run is not yet let go of from the last time */
  private async takeJob(): Promise<{ claim: RunClaim | null } | 'held' | undefined> {
    let claimed: string | undefined;
    try {
      return await this.dataSource.transaction(async (manager) => {
        const job = await this.jobs.take(waitingRuns, manager);
        if (!job) return undefined;
        const { runId } = job.data;
        if (this.held.has(runId)) {
          if (await this.isWaiting(runId, manager)) throw new NotHad();
          // Healing has given a run its job back that was taken at the same moment: it must not stand before the others.
          return { claim: null };
        }
        // Before the claim: what heals must not take it for a lost one.
        this.held.add((claimed = runId));
        const terms = { from: ['queued'], owner: this.session.instanceKey, workerId: this.workers.id } as const;
        const claim = await this.runs.claim(runId, terms, manager);
        if (!claim) this.held.delete(runId);
        return { claim };
      });
    } catch (error) {
      if (error instanceof NotHad) return 'held';
      // Whether it was committed is not known: where it was, the claim is given back when the queue is healed.
      if (claimed !== undefined) this.held.delete(claimed);
      throw error;
    }
  }

  private async claim(runId: string): Promise<RunClaim | undefined> {
    try {
      return await this.dataSource.transaction(async (manager) => {
        await this.jobs.remove(waitingRuns, runId, manager);
        const terms = { from: ['queued'], owner: this.session.instanceKey } as const;
        const claim = await this.runs.claim(runId, terms, manager);
        if (!claim) throw new NotHad();
        return claim;
      });
    } catch (error) {
      if (error instanceof NotHad) return undefined;
      throw error;
    }
  }

  private waiting(): Promise<{ id: string; priority: number }[]> {
    return this.dataSource.query<{ id: string; priority: number }[]>(
      `SELECT id, priority FROM run WHERE ${waits} ORDER BY priority DESC, queued_at, id`,
    );
  }

  private async isWaiting(runId: string, manager: EntityManager): Promise<boolean> {
    const rows = await manager.query<unknown[]>(`SELECT FROM run WHERE id = $1 AND ${waits}`, [runId]);
    return rows.length > 0;
  }

  private async hasWaiting(): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(`SELECT FROM run WHERE ${waits} LIMIT 1`);
    return rows.length > 0;
  }

  private healLater(): void {
    this.healing = this.heal().catch((error: unknown) =>
      this.logger.debug(`the queue was not looked after: ${String(error)}`),
    );
  }
}
