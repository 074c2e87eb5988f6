import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { PgBoss } from 'pg-boss';
import type { ConstructorOptions, Db } from 'pg-boss';
import { filter, map, merge } from 'rxjs';
import type { Observable } from 'rxjs';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { APP_CONFIG } from '../configuration/app-config';
import type { AppConfig } from '../configuration/app-config';
import { DatabaseSession } from '../database/database-session';
import { databaseOf, transactionOf } from './boss-database';
import { ErrorLog } from './error-log';
import type { Job, QueueDefinition } from './queue-definition';

const channel = 'job_queue';
/** The doorbell tells of a job at once; a job whose ring was lost waits this long. */
const pollSeconds = 2;
/** A job whose process has died is given to another one after about this time and one look of the supervisor. */
const heartbeatSeconds = 10;
const superviseSeconds = 15;
/** How long a job at work may take to end when the process ends; then it is given back. */
const stopTimeoutMs = 10_000;
const daySeconds = 86_400;

const bossOptions = {
  schema: 'pgboss',
  superviseIntervalSeconds: superviseSeconds,
  monitorIntervalSeconds: superviseSeconds,
  // The workers of the dashboard have a table of their own.
  registerInstance: false,
} satisfies ConstructorOptions;

export interface SendOptions {
  /** Id of the job; a second one with the same id is not taken. */
  id?: string;
  /** What `short` and `exclusive` queues keep apart. */
  singletonKey?: string;
  /** A higher one is taken first. */
  priority?: number;
  startAfterSeconds?: number;
  /** Of the caller's transaction: the job is sent when that is committed, and not otherwise. */
  manager?: EntityManager;
}

/**
 * Jobs that any process of the dashboard may take up: kept in the schema `pgboss` of the same database, so that they
 * survive every process and can be sent in the transaction that they belong to. Processes of the role `web` only send.
 */
@Injectable()
export class JobQueue implements OnModuleInit, BeforeApplicationShutdown {
  private readonly errors = new ErrorLog(new Logger(JobQueue.name));
  private readonly takesJobs: boolean;
  private readonly boss: PgBoss;
  private readonly queues = new Map<string, Promise<void>>();
  private readonly workers = new Map<string, string[]>();
  /** Names of queues that may have something new; a name that is undefined stands for all of them. */
  readonly rung: Observable<string | undefined>;
  private starting: Promise<void> | undefined;

  constructor(
    @Inject(APP_CONFIG) config: AppConfig,
    dataSource: DataSource,
    private readonly session: DatabaseSession,
  ) {
    this.takesJobs = config.role !== 'web';
    const database = databaseOf(dataSource);
    this.boss = new PgBoss({ ...bossOptions, db: database, supervise: this.takesJobs, schedule: this.takesJobs });
    this.boss.on('error', (error) => this.errors.add(error));
    this.boss.on('warning', ({ message }) => this.errors.add(message));
    session.listen(channel);
    this.rung = merge(
      session.notifications.pipe(
        filter((notification) => notification.channel === channel),
        map(({ payload }) => payload),
      ),
      session.connected.pipe(map(() => undefined)),
    );
    this.rung.subscribe((queue) => this.wake(queue));
  }

  /** The migrations have run by now: whoever has a DataSource has a migrated database. */
  async onModuleInit(): Promise<void> {
    await this.start();
  }

  /** After the modules that work, before the pool of connections is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    if (!this.starting) return;
    await this.starting.catch(() => undefined);
    await this.boss.stop({ graceful: true, timeout: stopTimeoutMs });
  }

  /**
   * Puts a job on a queue.
   *
   * @returns its id, or undefined where one with the same id or key stands there already.
   * @throws Error when the database does not answer, or `manager` is not in a transaction.
   */
  async send<Data extends object>(
    queue: QueueDefinition<Data>,
    data: Data,
    { manager, startAfterSeconds, ...options }: SendOptions = {},
  ): Promise<string | undefined> {
    await this.ready(queue);
    const id = await this.boss.send(queue.name, data, {
      ...options,
      ...(startAfterSeconds !== undefined && { startAfter: startAfterSeconds }),
      ...within(manager),
    });
    await this.ring(queue, manager);
    return id ?? undefined;
  }

  /** Puts many jobs on a queue, in this order; those whose id or key stands there already are left out. */
  async sendAll<Data extends object>(
    queue: QueueDefinition<Data>,
    jobs: readonly { id: string; data: Data; priority: number }[],
  ): Promise<void> {
    if (jobs.length === 0) return;
    await this.ready(queue);
    await this.boss.insert(
      queue.name,
      jobs.map((job) => ({ ...job })),
    );
    await this.ring(queue);
  }

  /**
   * Works on the jobs of a queue, `concurrency` at a time in this process. A handler that throws has its job tried again,
   * as the queue says; so has one whose process dies. Nothing is taken in a process of the role `web`.
   */
  async work<Data extends object>(
    queue: QueueDefinition<Data>,
    handler: (job: Job<Data>) => Promise<void>,
    { concurrency = 1 }: { concurrency?: number } = {},
  ): Promise<void> {
    if (!this.takesJobs) return;
    await this.ready(queue);
    const workers = this.workers.get(queue.name) ?? [];
    this.workers.set(queue.name, workers);
    // One by one: pg-boss's own `localConcurrency` has one id for all of them, and could wake only the first.
    for (let index = 0; index < concurrency; index++) {
      const id = await this.boss.work<Data>(queue.name, { pollingIntervalSeconds: pollSeconds }, async (jobs) => {
        for (const job of jobs) await this.handle(queue, job, handler);
      });
      workers.push(id);
    }
  }

  /** Has a job sent at the times of a cron expression (UTC), once for all processes together. */
  async schedule<Data extends object>(queue: QueueDefinition<Data>, cron: string, data: Data): Promise<void> {
    await this.ready(queue);
    await this.boss.schedule(queue.name, cron, data);
  }

  /**
   * Takes the first job off a queue within the caller's transaction: it is gone with the commit, and back where it was
   * if that does not come.
   */
  async take<Data extends object>(
    queue: QueueDefinition<Data>,
    manager: EntityManager,
  ): Promise<{ id: string; data: Data } | undefined> {
    await this.ready(queue);
    const [job] = await this.boss.fetch<Data>(queue.name, { batchSize: 1, ...within(manager) });
    if (!job) return undefined;
    await this.boss.deleteJob(queue.name, job.id, within(manager));
    return job;
  }

  /** Removes a job that waits or is at work; nothing where there is none. */
  async remove<Data extends object>(queue: QueueDefinition<Data>, id: string, manager?: EntityManager): Promise<void> {
    await this.ready(queue);
    await this.boss.deleteJob(queue.name, id, within(manager));
  }

  /** Moves a waiting job before those of a lower priority; nothing where there is none. */
  async prioritise<Data extends object>(
    queue: QueueDefinition<Data>,
    id: string,
    { priority, manager }: { priority: number; manager?: EntityManager },
  ): Promise<void> {
    await this.ready(queue);
    await this.boss.update(queue.name, undefined, { id, priority, ...within(manager) });
  }

  /** Tells the processes to look at a queue, when the caller's transaction is committed. */
  private async ring<Data extends object>({ name }: QueueDefinition<Data>, manager?: EntityManager): Promise<void> {
    if (manager) await manager.query('SELECT pg_notify($1, $2)', [channel, name]);
    else await this.session.notify(channel, name);
  }

  private wake(queue: string | undefined): void {
    const names = queue === undefined ? [...this.workers.keys()] : [queue];
    for (const id of names.flatMap((name) => this.workers.get(name) ?? [])) this.boss.notifyWorker(id);
  }

  private async handle<Data extends object>(
    queue: QueueDefinition<Data>,
    job: Job<Data>,
    handler: (job: Job<Data>) => Promise<void>,
  ): Promise<void> {
    try {
      await handler(job);
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.errors.add(`job ${job.id} of the queue ${queue.name} failed (try ${job.retryCount + 1}): ${reason}`);
      throw error;
    }
  }

  private start(): Promise<void> {
    return (this.starting ??= this.boss.start({ attempts: 5 }).then(() => undefined));
  }

  /** The queue exists, with the options of this version. */
  private async ready<Data extends object>(queue: QueueDefinition<Data>): Promise<void> {
    await this.start();
    let creating = this.queues.get(queue.name);
    if (!creating) {
      creating = this.create(queue);
      this.queues.set(queue.name, creating);
      creating.catch(() => this.queues.delete(queue.name));
    }
    await creating;
  }

  private async create<Data extends object>({ name, policy, ...own }: QueueDefinition<Data>): Promise<void> {
    const options = {
      retryLimit: own.retryLimit,
      retryDelay: own.retryDelay,
      retryBackoff: own.retryLimit > 0,
      expireInSeconds: own.expireInSeconds,
      heartbeatSeconds,
      deleteAfterSeconds: daySeconds,
      retentionSeconds: 365 * daySeconds,
    };
    await this.boss.createQueue(name, { ...options, policy });
    await this.boss.updateQueue(name, options);
  }
}

function within(manager: EntityManager | undefined): { db?: Db } {
  return manager ? { db: transactionOf(manager) } : {};
}
