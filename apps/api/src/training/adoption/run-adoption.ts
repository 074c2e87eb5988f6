import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In, IsNull } from 'typeorm';
import { z } from 'zod';
import { datasetColumnSchema, finalRunStatuses } from '@gan-dashboard/shared-types';
import type { Checkpoint, DatasetColumn, Run } from '@gan-dashboard/shared-types';
import { CheckpointError, inspectCheckpoint, readCheckpointBody, splitCheckpointBody } from '@gan-dashboard/trainer';
import { AuditTrail } from '../../audit/audit-trail';
import { DatasetsService } from '../../datasets/datasets.service';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { conflict, ProblemException, unprocessable } from '../../platform/http/problem';
import { CheckpointsService } from '../../synthesis/checkpoints.service';
import { ExternalRuns } from '../external/external-runs.service';
import { ModelDirectory } from '../process/model-directory';
import { RunEntity } from '../run.entity';
import { logEvent } from '../run-events';
import { RunLogs } from '../run-logs.service';
import { toRun } from '../run-mapper';

const headerSchema = z.object({
  model: z.string(),
  config: z.record(z.string(), z.unknown()),
  seed: z.int(),
  columns: z.array(datasetColumnSchema),
});

/** No attempt at a run has this fence: the first one has 1. */
const noAttempt = 0;

/** Turns runs that were trained elsewhere with a model of the dashboard into its own. */
@Injectable()
export class RunAdoption {
  constructor(
    private readonly dataSource: DataSource,
    private readonly external: ExternalRuns,
    private readonly checkpoints: CheckpointsService,
    private readonly datasets: DatasetsService,
    private readonly models: ModelDirectory,
    private readonly logs: RunLogs,
    private readonly audit: AuditTrail,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'maxUploadBytes' | 'resumePolicy'>,
  ) {}

  /** @throws ProblemException 404, 409 a run that has not ended or is not from outside, 413, 422 no whole checkpoint */
  async takeCheckpoint(runId: string, body: Readable, actor: string): Promise<Checkpoint> {
    await this.requireEnded(runId);
    const folder = this.checkpoints.workFolder(runId, noAttempt);
    const path = join(folder, `${randomUUID()}.part`);
    await mkdir(folder, { recursive: true });
    try {
      await pipeline(body, atMost(this.config.maxUploadBytes), createWriteStream(path));
      const file = await inspectCheckpoint(path);
      const kept = await this.checkpoints.keep(runId, { ...file, reason: 'schedule' });
      const detail = { step: kept.step, sha256: kept.sha256 };
      await this.audit.record({ actor, action: 'checkpoint.import', runId, subject: kept.id, detail });
      return kept;
    } catch (error) {
      if (error instanceof CheckpointError) throw unprocessable(error.message);
      throw error;
    } finally {
      await rm(path, { force: true });
      await this.checkpoints.closeWorkFolder(runId, noAttempt);
    }
  }

  /** @throws ProblemException 404, 409 with what is missing, 422 where the checkpoint is not of this run */
  async adopt(runId: string, actor: string): Promise<Run> {
    const run = await this.requireEnded(runId);
    const { config } = this.models.checked(run.model, run.config);
    const newest = await this.checkpoints.pick(runId, undefined);
    const header = await this.headerOf(newest.id);
    checkSame({ ...run, config }, header);
    if (run.datasetId !== null) checkColumns(header.columns, (await this.datasets.ready(run.datasetId)).columns);
    const onInterruption = this.config.resumePolicy;
    const changes = { origin: 'dashboard' as const, columns: header.columns, onInterruption };
    await this.dataSource.transaction(async (manager) => {
      const ended = { id: runId, origin: 'external' as const, status: In([...finalRunStatuses]), deletedAt: IsNull() };
      const { affected } = await manager.update(RunEntity, ended, changes);
      if (affected !== 1) throw conflict('The run has changed since just now. Look at it and try again.');
      await this.audit.record({ actor, action: 'run.adopt', runId, detail: { checkpoint: newest.sha256 } }, manager);
    });
    await this.logs.record(runId, [
      logEvent(
        'info',
        `Imported with its checkpoint after step ${newest.step}: it can be sampled, forked and resumed.`,
      ),
    ]);
    return toRun({ ...run, ...changes });
  }

  private async requireEnded(runId: string): Promise<RunEntity> {
    const run = await this.external.require(runId);
    if (finalRunStatuses.some((status) => status === run.status)) return run;
    throw conflict(`The run is ${run.status}: it takes checkpoints once it has ended (training_complete).`);
  }

  private async headerOf(checkpointId: string): Promise<z.infer<typeof headerSchema>> {
    const { path, sha256 } = await this.checkpoints.localCopy(checkpointId);
    const parsed = headerSchema.safeParse(splitCheckpointBody(await readCheckpointBody(path, sha256)).header);
    if (parsed.success) return parsed.data;
    throw unprocessable(`The checkpoint is of another version: ${z.prettifyError(parsed.error)}`);
  }
}

/** It would go on with something else than it learned with, and say nothing. */
function checkSame(run: Pick<RunEntity, 'model' | 'config' | 'seed'>, header: z.infer<typeof headerSchema>): void {
  const other = (['model', 'seed', 'config'] as const).find((name) => !isDeepStrictEqual(run[name], header[name]));
  if (other === undefined) return;
  throw unprocessable(`The run and its newest checkpoint differ in "${other}": the checkpoint is not of this run.`);
}

function checkColumns(learned: readonly DatasetColumn[], present: readonly DatasetColumn[]): void {
  const names = new Set(present.map(({ name }) => name));
  const absent = learned.filter(({ name }) => !names.has(name)).map(({ name }) => `"${name}"`);
  if (absent.length === 0) return;
  throw unprocessable(`The data set lacks ${absent.join(', ')}, which the run has learned. Name the table of the run.`);
}

function atMost(bytes: number): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      if (passed <= bytes) done(null, chunk);
      else done(new ProblemException(413, `The checkpoint is larger than ${bytes} bytes (MAX_UPLOAD_BYTES).`));
    },
  });
}
