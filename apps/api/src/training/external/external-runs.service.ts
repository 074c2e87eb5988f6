import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { defaultProjectId } from '@gan-dashboard/shared-types';
import type { ExternalRunCreate, NewRunEvent, Run, RunStatus } from '@gan-dashboard/shared-types';
import { AuditTrail } from '../../audit/audit-trail';
import { DatasetsService } from '../../datasets/datasets.service';
import { EventDoorbell } from '../../events/event-doorbell';
import { EventHub } from '../../events/event-hub';
import { EventLog } from '../../events/event-log';
import { conflict, notFound } from '../../platform/http/problem';
import type { RunEntity } from '../run.entity';
import { statusEvent } from '../run-events';
import { RunLogs } from '../run-logs.service';
import { toRun } from '../run-mapper';
import { projectRun } from '../run-projection';
import { whyNot } from '../run-states';
import { RunsRepository } from '../runs.repository';
import { ExternalState } from './external-state';
import { readPosted } from './posted-event';
import type { PostedEvent } from './posted-event';
import { RunGate } from './run-gate';

/** One message as it was posted: `line` says where, for the answer. */
export interface PostedValue {
  line: number;
  /** Parsed JSON, or why it is none. */
  value: { json: unknown } | { mistake: string };
}

export interface PostOptions {
  clientId?: string | undefined;
  /** The events were kept by a program that has gone: they do not wake the run. */
  isReplay?: boolean;
}

export interface TakenIn {
  accepted: number;
  duplicates: number;
  rejected: { line: number; message: string }[];
  status: RunStatus;
}

const askedToStop = 'The program was asked to stop; it hears of it with the answer to its next message.';

/** Runs that a program outside makes and reports into. */
@Injectable()
export class ExternalRuns {
  constructor(
    private readonly dataSource: DataSource,
    private readonly repository: RunsRepository,
    private readonly runLogs: RunLogs,
    private readonly log: EventLog,
    private readonly hub: EventHub,
    private readonly doorbell: EventDoorbell,
    private readonly datasets: DatasetsService,
    private readonly gate: RunGate,
    private readonly audit: AuditTrail,
  ) {}

  /** Makes a run that is at work at once: the program that asks for it is. @throws ProblemException 404 unknown data set */
  async create(request: ExternalRunCreate, user: string): Promise<Run> {
    const dataset = request.dataset_id === undefined ? undefined : await this.datasets.get(request.dataset_id);
    const id = randomUUID();
    const now = new Date();
    await this.repository.insert({
      id,
      createdAt: now,
      startedAt: now,
      heardAt: now,
      createdBy: user,
      origin: 'external',
      onInterruption: 'never',
      name: request.name ?? `${request.model}, ${now.toISOString().slice(0, 16).replace('T', ' ')}`,
      status: 'running',
      model: request.model,
      config: request.config,
      datasetId: request.dataset_id ?? null,
      seed: request.seed ?? null,
      totalEpochs: request.total_epochs ?? 0,
      tags: [...new Set(request.tags)],
      notes: request.notes,
      projectId: request.project_id ?? dataset?.project_id ?? defaultProjectId,
    });
    await this.audit.record({ actor: user, action: 'run.create', runId: id, detail: { origin: 'external' } });
    await this.runLogs.record(id, [statusEvent('running', 'A program outside reports into this run.')]);
    return toRun(await this.require(id));
  }

  /** @throws ProblemException 404 unknown run, 409 a run of the dashboard's own */
  async require(runId: string): Promise<RunEntity> {
    const run = await this.repository.find(runId);
    if (!run) throw notFound('run', runId);
    if (run.origin !== 'external') {
      throw conflict('This run is trained by the dashboard. Make one with origin "external" to report into it.');
    }
    return run;
  }

  /**
   * Takes in messages of the program, all that can be; they are on disk when it resolves. What was accepted before, by
   * the client's own numbers, is not recorded again, whichever way the messages are cut into posts.
   *
   * @throws ProblemException 404, 409
   */
  async post(runId: string, values: readonly PostedValue[], options: PostOptions = {}): Promise<TakenIn> {
    await this.require(runId);
    if (!options.isReplay) await this.dataSource.query('UPDATE run SET heard_at = now() WHERE id = $1', [runId]);
    return this.gate.pass(runId, async (manager) => {
      const run = await this.require(runId);
      const writerId = options.clientId === undefined ? randomUUID() : writerOf(runId, options.clientId);
      const [writer] = await manager.query<{ batch: string }[]>(
        'SELECT batch FROM run_writer WHERE run_id = $1 AND writer_id = $2',
        [runId, writerId],
      );
      const intake = new Intake(run, Number(writer?.batch ?? 0), options);
      for (const value of values) intake.take(value);
      await this.append({ runId, writerId, batch: intake.lastClientSeq, events: intake.state.events });
      if (intake.state.isRevived) await this.revive(runId);
      const { accepted, duplicates, rejected, state } = intake;
      return { accepted, duplicates, rejected, status: state.status };
    });
  }

  /** Asks the program to end: it is told with each answer from now on. @throws ProblemException 404, 409 */
  async askToStop(runId: string, actor: string): Promise<void> {
    await this.gate.pass(runId, async () => {
      const run = await this.require(runId);
      const refusal = whyNot(run.status, 'stop');
      if (refusal !== undefined) throw conflict(refusal);
      await this.audit.record({ actor, action: 'run.stop', runId, detail: { from: run.status } });
      await this.runLogs.record(runId, [statusEvent('stopping', askedToStop)]);
    });
  }

  /** Marks external runs that have said nothing for so long; several processes may look at once. */
  async interruptSilent(silenceMs: number): Promise<void> {
    const isSilent = `origin = 'external' AND status IN ('running', 'paused', 'stopping') AND deleted_at IS NULL
      AND heard_at < now() - make_interval(secs => $1)`;
    const silent = await this.dataSource.query<{ id: string }[]>(`SELECT id FROM run WHERE ${isSilent}`, [
      silenceMs / 1_000,
    ]);
    for (const { id } of silent) {
      await this.gate.pass(id, async (manager) => {
        const still = await manager.query<unknown[]>(`SELECT FROM run WHERE id = $2 AND ${isSilent}`, [
          silenceMs / 1_000,
          id,
        ]);
        if (still.length === 0) return;
        const message = `The program has said nothing for ${silenceMs / 1_000} s. The run goes on when it reports again.`;
        await this.runLogs.record(id, [statusEvent('interrupted', message)]);
      });
    }
  }

  private async append(batch: {
    runId: string;
    writerId: string;
    batch: number;
    events: NewRunEvent[];
  }): Promise<void> {
    const messages = await this.log.append(batch, projectRun);
    if (messages.length === 0) return;
    this.hub.publish(messages);
    this.doorbell.announce();
  }

  /** What had ended the run is not its end any more. */
  private async revive(runId: string): Promise<void> {
    await this.dataSource.query('UPDATE run SET ended_at = NULL, error = NULL WHERE id = $1', [runId]);
  }
}

/** One post, message by message. */
class Intake {
  readonly state: ExternalState;
  accepted = 0;
  duplicates = 0;
  readonly rejected: { line: number; message: string }[] = [];
  private readonly now = new Date();

  constructor(
    private readonly run: RunEntity,
    public lastClientSeq: number,
    private readonly options: PostOptions,
  ) {
    this.state = new ExternalState(run.status, run.progressPercent, options.isReplay ?? false);
    if (options.clientId === undefined) this.lastClientSeq = 1;
  }

  take({ line, value }: PostedValue): void {
    if ('mistake' in value) return void this.rejected.push({ line, message: value.mistake });
    const needsClientSeq = this.options.clientId !== undefined;
    const posted = readPosted(value.json, { run: this.run, needsClientSeq, now: this.now });
    if ('mistake' in posted) return void this.rejected.push({ line, message: posted.mistake });
    if (needsClientSeq && this.isDuplicate(posted)) return void this.duplicates++;
    const refusal = this.state.take(posted);
    if (refusal === undefined) this.accepted++;
    else this.rejected.push({ line, message: refusal });
  }

  private isDuplicate({ clientSeq = 0 }: PostedEvent): boolean {
    if (clientSeq <= this.lastClientSeq) return true;
    this.lastClientSeq = clientSeq;
    return false;
  }
}

/** The sender's own name as a writer of the log: of this run alone, and never that of a process of the server. */
function writerOf(runId: string, clientId: string): string {
  const hex = createHash('sha256').update(`external client\n${runId}\n${clientId}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
