import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { Checkpoint, Sample, SampleCreate } from '@gan-dashboard/shared-types';
import { AuditTrail } from '../audit/audit-trail';
import { DatabaseSession } from '../platform/database/database-session';
import { FileStore } from '../platform/files/file-store';
import type { FileToSend } from '../platform/files/send-file';
import { conflict, notFound, unprocessable } from '../platform/http/problem';
import { JobQueue } from '../platform/queue/job-queue';
import { RunControl } from '../training/run-control';
import { RunsService } from '../training/runs.service';
import { CheckpointsService } from './checkpoints.service';
import { sampleDeletedChannel } from './sample-drawer';
import { SampleConditionCheck } from './sample-condition-check';
import type { SampleEntity } from './sample.entity';
import { SampleGate } from './sample-gate';
import { sampleKey, toSample } from './sample.mapper';
import { rowsOf } from './sample-sequences';
import { sampleQueue } from './sample-queue';
import { SamplesRepository } from './samples.repository';

const types = { csv: 'text/csv; charset=utf-8', parquet: 'application/vnd.apache.parquet' };

/** Synthetic rows that people have asked for: ask, look at, download, delete. */
@Injectable()
export class SamplesService implements OnModuleInit {
  constructor(
    private readonly samples: SamplesRepository,
    private readonly queue: JobQueue,
    private readonly files: FileStore,
    private readonly runs: RunsService,
    private readonly control: RunControl,
    private readonly checkpoints: CheckpointsService,
    private readonly session: DatabaseSession,
    private readonly audit: AuditTrail,
    private readonly conditionCheck: SampleConditionCheck,
    private readonly gate: SampleGate,
  ) {}

  onModuleInit(): void {
    this.checkpoints.keepWhile((manager, ids) => this.samples.neededCheckpoints(manager, ids));
  }

  /**
   * @throws ProblemException 404 unknown run or checkpoint; 409 no checkpoint yet, one whose file was removed, or `now` of
   * a run that is not at work; 422 `now` together with a checkpoint, or conditions and constraints that no row can meet; 503 `now` where the state was not saved in time.
   */
  async create(runId: string, request: SampleCreate, actor: string): Promise<Sample> {
    const run = await this.runs.require(runId);
    const asked = { ...request, rows: rowsOf(run, request) };
    await this.conditionCheck.check(run, asked);
    const checkpoint = await this.checkpointFor(runId, request, actor);
    const sample = entityOf(runId, checkpoint.id, asked);
    const { rows, seed, format, conditions, balance, constraints, sequences } = sample;
    const detail = { rows, seed, format, checkpoint_id: checkpoint.id, conditions, balance, constraints, sequences };
    await this.samples.insert(sample, async (manager) => {
      await this.checkpoints.hold(manager, checkpoint.id);
      await this.audit.record({ actor, action: 'sample.create', runId, subject: sample.id, detail }, manager);
      await this.queue.send(sampleQueue, { sample_id: sample.id }, { singletonKey: sample.id, manager });
    });
    return toSample(sample);
  }

  /** @throws ProblemException 404. */
  async get(id: string): Promise<Sample> {
    return this.shown(await this.require(id));
  }

  /** @throws ProblemException 404 unknown run. */
  async ofRun(runId: string): Promise<Sample[]> {
    await this.runs.get(runId);
    return (await this.samples.ofRun(runId)).map((sample) => this.shown(sample));
  }

  /** Gives up a sample that is being drawn, and removes its rows. @throws ProblemException 404. */
  async remove(id: string, actor: string): Promise<void> {
    const sample = await this.require(id);
    const { runId, rows, status } = sample;
    await this.samples.delete(id);
    await this.audit.record({ actor, action: 'sample.delete', runId, subject: id, detail: { rows, status } });
    await this.session.notify(sampleDeletedChannel, id);
    await this.files.remove(sampleKey(sample));
  }

  /** @throws ProblemException 404, 403 where the gate refuses it, or 409 while it is not ready or when it failed. */
  async file(id: string): Promise<FileToSend> {
    const sample = await this.require(id);
    if (sample.status === 'pending')
      throw conflict('The sample is still being drawn. Ask again when its status is ready.');
    if (sample.status === 'failed')
      throw conflict(`The sample could not be drawn: ${sample.error ?? 'unknown reason'}`);
    this.gate.requireOpen(sample);
    const run = await this.runs.get(sample.runId);
    const name = run.name.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 80);
    return {
      key: sampleKey(sample),
      fileName: `${name}_${sample.rows}_rows_seed_${sample.seed}.${sample.format}`,
      type: types[sample.format],
    };
  }

  /**
   * Lets the rows of a sample leave although the gate refuses them; who and why stands in the audit trail.
   *
   * @throws ProblemException 404, or 409 where the gate does not refuse it
   */
  async overrideGate(id: string, reason: string, actor: string): Promise<Sample> {
    const sample = await this.require(id);
    const gate = this.gate.stateOf(sample);
    if (gate?.state !== 'refused')
      throw conflict('The gate does not refuse this sample: there is nothing to override.');
    const override = { by: actor, at: new Date().toISOString(), reason };
    const detail = { reason, reasons: gate.reasons };
    await this.samples.transaction(async (manager) => {
      await this.samples.override(id, override, manager);
      const act = { actor, action: 'sample.gate_override', runId: sample.runId, subject: id, detail };
      await this.audit.record(act, manager);
    });
    return this.get(id);
  }

  private shown(sample: SampleEntity): Sample {
    return toSample(sample, this.gate.stateOf(sample));
  }

  private checkpointFor(runId: string, request: SampleCreate, actor: string): Promise<Checkpoint> {
    if (!request.now) return this.checkpoints.pick(runId, request.checkpoint_id);
    if (request.checkpoint_id !== undefined) {
      const message = 'leave it out: now draws from the state that the run is in, not from an earlier one';
      throw unprocessable(`checkpoint_id: ${message}`, [{ path: 'checkpoint_id', message }]);
    }
    return this.control.checkpointNow(runId, actor);
  }

  private async require(id: string): Promise<SampleEntity> {
    const sample = await this.samples.find(id);
    if (!sample) throw notFound('sample', id);
    return sample;
  }
}

function entityOf(runId: string, checkpointId: string, request: SampleCreate): SampleEntity {
  const { rows, seed, format, conditions = [], balance = null, constraints = [], sequences = null } = request;
  return {
    id: randomUUID(),
    createdAt: new Date(),
    runId,
    checkpointId,
    rows,
    seed,
    format,
    conditions,
    balance,
    constraints,
    sequences,
    status: 'pending',
    error: null,
    sizeBytes: null,
    hitRate: null,
    privacyCheck: null,
    privacyError: null,
    gateOverride: null,
    completedShare: null,
    columns: [],
    preview: [],
  };
}
