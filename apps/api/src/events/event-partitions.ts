import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const daysAhead = 2;
/** Any number will do as long as nothing else of this database's uses it: two processes must not work at once. */
const lockKey = 7_046_029_254;

const nameOf = (day: Date): string => `run_event_${day.toISOString().slice(0, 10).replaceAll('-', '_')}`;
const startOfDay = (time: number): Date => new Date(Math.floor(time / dayMs) * dayMs);

/** Keeps a partition of the event log for each day, a few days ahead, and drops those that nobody may ask for. */
@Injectable()
export class EventPartitions implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(EventPartitions.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'eventRetentionDays'>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.maintain();
    this.timer = setInterval(() => {
      this.maintain().catch((error: unknown) => this.logger.error(`the event log was not tidied up: ${String(error)}`));
    }, hourMs);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /**
   * Creates the partitions of today and the next days, and drops days whose events are no longer kept: a run's events
   * stay for its whole life and `EVENT_RETENTION_DAYS` after its end.
   *
   * @returns the names of the partitions that were dropped.
   */
  async maintain(now = Date.now()): Promise<string[]> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
      const existing = await this.partitions(manager);
      for (let ahead = 0; ahead <= daysAhead; ahead++) {
        const day = startOfDay(now + ahead * dayMs);
        if (!existing.includes(nameOf(day))) await this.create(manager, day);
      }
      await this.forgetWriters(manager, now);
      const dropped: string[] = [];
      for (const name of existing) {
        const day = dayOf(name);
        if (!day || !(await this.isExpired(manager, day, now))) continue;
        await manager.query(
          `UPDATE event_log SET dropped_below = greatest(dropped_below::text::numeric,
             (SELECT max(xid)::text::numeric + 1 FROM ${name}))::text::xid8`,
        );
        await manager.query(`DROP TABLE ${name}`);
        dropped.push(name);
      }
      if (dropped.length > 0)
        this.logger.log(`dropped ${dropped.length} day(s) of the event log: ${dropped.join(', ')}`);
      return dropped;
    });
  }

  private async partitions(manager: EntityManager): Promise<string[]> {
    const rows = await manager.query<{ name: string }[]>(
      `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'run_event'::regclass ORDER BY c.relname`,
    );
    return rows.map(({ name }) => name);
  }

  /** Events of the day that came before its partition lie in the default one and move over. */
  private async create(manager: EntityManager, day: Date): Promise<void> {
    const name = nameOf(day);
    const from = day.toISOString();
    const to = new Date(day.getTime() + dayMs).toISOString();
    await manager.query(`CREATE TABLE ${name} (LIKE run_event INCLUDING DEFAULTS)`);
    await manager.query(
      `WITH moved AS (DELETE FROM run_event_default WHERE occurred_at >= $1 AND occurred_at < $2 RETURNING *)
       INSERT INTO ${name} SELECT * FROM moved`,
      [from, to],
    );
    await manager.query(`ALTER TABLE run_event ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`);
  }

  private async isExpired(manager: EntityManager, day: Date, now: number): Promise<boolean> {
    const keptSince = now - this.config.eventRetentionDays * dayMs;
    const end = new Date(day.getTime() + dayMs);
    if (end.getTime() > keptSince) return false;
    // By the partition's own runs: an event bears the time that its writer gives it, which may lie before the run's row.
    const [row] = await manager.query<{ needed: boolean }[]>(
      `SELECT EXISTS (SELECT FROM run
         WHERE deleted_at IS NULL AND (ended_at IS NULL OR ended_at > $1)
           AND EXISTS (SELECT FROM ${nameOf(day)} e WHERE e.run_id = run.id)) AS needed`,
      [new Date(keptSince)],
    );
    return row?.needed === false;
  }

  /** Of runs that ended a day ago: nobody sends a batch again after so long. */
  private async forgetWriters(manager: EntityManager, now: number): Promise<void> {
    await manager.query(
      'DELETE FROM run_writer w USING run WHERE run.id = w.run_id AND run.ended_at < $1 AND w.written_at < $1',
      [new Date(now - dayMs)],
    );
  }
}

function dayOf(name: string): Date | undefined {
  const [, year, month, day] = /^run_event_(\d{4})_(\d{2})_(\d{2})$/.exec(name) ?? [];
  return year && month && day ? new Date(`${year}-${month}-${day}T00:00:00.000Z`) : undefined;
}
