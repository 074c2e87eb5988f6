import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  catchError,
  concatMap,
  filter,
  firstValueFrom,
  interval,
  map,
  merge,
  of,
  startWith,
  takeUntil,
  timer,
} from 'rxjs';
import type { Observable } from 'rxjs';
import { DataSource } from 'typeorm';
import type { RunControlName } from '@gan-dashboard/shared-types';
import { AuditTrail } from '../audit/audit-trail';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { DatabaseSession } from '../platform/database/database-session';
import type { CommandResult } from './asked-commands';

const askedChannel = 'run_command';
const answeredChannel = 'run_command_answered';
/** A notification that was lost is made up for after this time. */
const pollMs = 1_000;

export interface OpenCommand {
  id: string;
  runId: string;
  command: RunControlName;
}

export type CommandAnswer = { result: CommandResult } | { error: string };

/** What was asked of runs, from one process to the one that works on the run, by way of the database. */
@Injectable()
export class RunCommands {
  /** Ids of runs that something was asked of just now. */
  readonly asked: Observable<string>;
  private readonly logger = new Logger(RunCommands.name);
  private readonly answered: Observable<string>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly session: DatabaseSession,
    private readonly audit: AuditTrail,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'controlWaitMs'>,
  ) {
    session.listen(askedChannel);
    session.listen(answeredChannel);
    const payloadsOf = (channel: string) =>
      session.notifications.pipe(
        filter((notification) => notification.channel === channel),
        map(({ payload }) => payload),
      );
    this.asked = payloadsOf(askedChannel);
    this.answered = payloadsOf(answeredChannel);
  }

  /** Puts a command where the process that works on the run finds it. @returns the id of the command */
  async ask(runId: string, command: RunControlName, actor: string): Promise<string> {
    const id = randomUUID();
    await this.dataSource.transaction(async (manager) => {
      await manager.query('INSERT INTO run_command (id, run_id, command, actor) VALUES ($1, $2, $3, $4)', [
        id,
        runId,
        command,
        actor,
      ]);
      await this.audit.record({ actor, action: `run.${command}`, runId }, manager);
    });
    await this.session.notify(askedChannel, runId);
    return id;
  }

  /** Waits as long as the configuration says. @returns undefined while there is no answer yet */
  answerTo(id: string): Promise<CommandAnswer | undefined> {
    const looks = merge(
      this.answered.pipe(filter((payload) => payload === id)),
      this.session.connected,
      interval(pollMs),
    );
    const answers = looks.pipe(
      startWith(undefined),
      concatMap(() => this.read(id)),
      filter((answer) => answer !== undefined),
      catchError((error: unknown) => {
        this.logger.warn(`the answer to a command could not be read: ${String(error)}`);
        return of(undefined);
      }),
      takeUntil(timer(this.config.controlWaitMs)),
    );
    return firstValueFrom(answers, { defaultValue: undefined });
  }

  /** Open commands of runs that this process has, oldest first; they are its own from here on. */
  async take(runIds: readonly string[]): Promise<OpenCommand[]> {
    const [rows] = await this.dataSource.query<[(OpenCommand & { requested_at: Date })[], number]>(
      `UPDATE run_command c SET taken_at = now() FROM run r
       WHERE c.run_id = ANY ($1) AND c.taken_at IS NULL AND c.done_at IS NULL AND r.id = c.run_id AND r.owner = $2
       RETURNING c.id, c.run_id AS "runId", c.command, c.requested_at`,
      [runIds, this.session.instanceKey],
    );
    return rows.sort((one, other) => one.requested_at.getTime() - other.requested_at.getTime());
  }

  async answer(id: string, answer: CommandAnswer): Promise<void> {
    const { result, error } = { result: null, error: null, ...answer };
    await this.dataSource.query(
      'UPDATE run_command SET done_at = now(), result = $2, error = $3 WHERE id = $1 AND done_at IS NULL',
      [id, result === null ? null : JSON.stringify(result), error],
    );
    await this.session.notify(answeredChannel, id);
  }

  /** Whether somebody has asked for the end of the run and nobody has seen to it. */
  async isStopAsked(runId: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT FROM run_command WHERE run_id = $1 AND command = 'stop' AND done_at IS NULL LIMIT 1`,
      [runId],
    );
    return rows.length > 0;
  }

  /** Answers every open command of a run that nobody can carry out any more. */
  async refuseOpen(runId: string, reason: string): Promise<void> {
    const [rows] = await this.dataSource.query<[{ id: string }[], number]>(
      'UPDATE run_command SET done_at = now(), error = $2 WHERE run_id = $1 AND done_at IS NULL RETURNING id',
      [runId, reason],
    );
    for (const { id } of rows) await this.session.notify(answeredChannel, id);
  }

  /** The same for runs that came to their end before their process saw the command. */
  async refuseOfEnded(finalStatuses: readonly string[]): Promise<void> {
    const [rows] = await this.dataSource.query<[{ id: string }[], number]>(
      `UPDATE run_command c SET done_at = now(), error = 'The run ended before that: it is ' || r.status || '.'
       FROM run r WHERE r.id = c.run_id AND c.done_at IS NULL AND r.status = ANY ($1) RETURNING c.id`,
      [finalStatuses],
    );
    for (const { id } of rows) await this.session.notify(answeredChannel, id);
  }

  private async read(id: string): Promise<CommandAnswer | undefined> {
    const [row] = await this.dataSource.query<{ done: boolean; result: CommandResult | null; error: string | null }[]>(
      'SELECT done_at IS NOT NULL AS done, result, error FROM run_command WHERE id = $1',
      [id],
    );
    if (!row) return { error: 'The run was deleted.' };
    if (!row.done) return undefined;
    return row.error === null ? { result: row.result ?? {} } : { error: row.error };
  }
}
