import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Worker, WorkerLoad } from '@gan-dashboard/shared-types';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { DatabaseSession } from '../platform/database/database-session';
import { isInstanceAlive, locksAreSettled } from '../platform/database/instance-locks';
import { inReach } from '../platform/http/local-user';
import { machineSize, versions } from './machine';
import { slotsOf } from './slots';
import { WorkerEntity } from './worker.entity';

const sweepMs = 60_000;
/** How long a process that has ended is listed, and how long it is kept. */
const listedMinutes = 10;
const keptDays = 7;

interface WorkerRow extends Omit<Worker, 'created_at' | 'memory_bytes' | 'load_at'> {
  created_at: Date;
  memory_bytes: string;
  load_at: Date | null;
}

/** The processes of the dashboard on this database, and this one among them. */
@Injectable()
export class WorkerRegistry implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  readonly id = randomUUID();
  /** Runs that this process trains at a time; 0 in a web process. */
  readonly slots: number;
  readonly size = machineSize();
  private readonly logger = new Logger(WorkerRegistry.name);

  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private isDraining = false;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @InjectRepository(WorkerEntity) private readonly workers: Repository<WorkerEntity>,
    private readonly session: DatabaseSession,
  ) {
    this.slots = slotsOf(this.size, config);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.workers.insert({
      id: this.id,
      createdAt: new Date(),
      instanceKey: this.session.instanceKey,
      host: hostname(),
      processId: process.pid,
      role: this.config.role,
      cores: this.size.cores,
      memoryBytes: this.size.memoryBytes,
      slots: this.slots,
      versions: versions(),
    });
    this.sweep();
    this.timer = setInterval(() => this.sweep(), sweepMs);
    this.timer.unref();
  }

  /** The first thing of a shutdown: nothing more is taken up here. */
  async onModuleDestroy(): Promise<void> {
    this.isDraining = true;
    clearInterval(this.timer);
    await this.sweeping;
    await this.write({ isDraining: true });
  }

  /** After the runs of this process were handed over. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.write({ endedAt: new Date() });
  }

  /** Every process that lives, and those that ended lately; of their runs, those that whoever asks may see. */
  async list(): Promise<Worker[]> {
    const values: unknown[] = [listedMinutes];
    const isSeen = inReach('run.project_id', (value) => `$${values.push(value)}`);
    const rows = await this.workers.query<WorkerRow[]>(
      `SELECT * FROM (
         SELECT id, created_at, host, process_id, role, is_draining, cores, memory_bytes, slots, versions, load, load_at,
           ended_at, ended_at IS NULL AND ${isInstanceAlive('worker.instance_key')} AS is_alive,
           ARRAY(SELECT run.id FROM run WHERE run.worker_id = worker.id AND run.owner = worker.instance_key
             AND ${isSeen}
             ORDER BY run.started_at, run.id) AS run_ids
         FROM worker) AS w
       WHERE is_alive OR coalesce(ended_at, load_at, created_at) > now() - make_interval(mins => $1)
       ORDER BY is_alive DESC, host, created_at, id`,
      values,
    );
    return rows.map(toWorker);
  }

  has(id: string): Promise<boolean> {
    return this.workers.existsBy({ id });
  }

  /** Slots of the processes that live and take runs. */
  async liveSlots(): Promise<{ workerId: string; slots: number }[]> {
    return this.workers.query<{ workerId: string; slots: number }[]>(
      `SELECT id AS "workerId", slots FROM worker
       WHERE ended_at IS NULL AND NOT is_draining AND slots > 0 AND ${isInstanceAlive('worker.instance_key')}`,
    );
  }

  /** What was measured of this process's machine. */
  async writeLoad(load: WorkerLoad, at: Date): Promise<void> {
    // Marked as ended by another process while this one had no connection: it is back.
    await this.write(this.isDraining ? { load, loadAt: at } : { load, loadAt: at, endedAt: null });
  }

  /** Closes the books of processes that were killed, and forgets old ones; whichever process comes first does it. */
  private sweep(): void {
    this.sweeping = this.workers
      .query(
        `UPDATE worker SET ended_at = now()
         WHERE ended_at IS NULL AND ${locksAreSettled} AND NOT ${isInstanceAlive('worker.instance_key')}`,
      )
      .then(() => this.workers.query(`DELETE FROM worker WHERE ended_at < now() - interval '${keptDays} days'`))
      .then(() => undefined)
      .catch((error: unknown) => this.logger.debug(`ended workers were not looked for: ${String(error)}`));
  }

  private async write(values: Partial<Omit<WorkerEntity, 'id' | 'versions'>>): Promise<void> {
    try {
      await this.workers.update({ id: this.id }, values);
    } catch (error) {
      // The database is away; the lock, not this row, says whether the process lives.
      this.logger.debug(`this worker's row was not written: ${String(error)}`);
    }
  }
}

function toWorker({ created_at, memory_bytes, load_at, ...row }: WorkerRow): Worker {
  return {
    id: row.id,
    created_at: created_at.toISOString(),
    host: row.host,
    process_id: row.process_id,
    role: row.role,
    is_alive: row.is_alive,
    is_draining: row.is_draining,
    cores: row.cores,
    memory_bytes: Number(memory_bytes),
    slots: row.slots,
    run_ids: row.run_ids,
    versions: row.versions,
    load: row.load,
    load_at: load_at?.toISOString() ?? null,
  };
}
