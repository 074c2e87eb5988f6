import { randomInt, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail';
import type { Act } from '../audit/audit-trail';
import { conflict } from '../platform/http/problem';
import { DatabaseSession } from '../platform/database/database-session';
import { CheckpointsService } from '../synthesis/checkpoints.service';
import { RunQueue } from './queue/run-queue';
import { queuedToGoOn } from './resume-policy';
import { RunEntity } from './run.entity';
import { statusEvent } from './run-events';
import { RunLogs } from './run-logs.service';
import { resumableStatuses } from './run-states';
import { RunsRepository } from './runs.repository';

/** What a new run must have; the rest has defaults. */
export type NewRun = Pick<RunEntity, 'name' | 'model' | 'config' | 'datasetId' | 'totalEpochs'> & Partial<RunEntity>;

/** The ways into the queue: as a new run, or back into it to go on. */
@Injectable()
export class RunAdmission {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: RunsRepository,
    private readonly runLogs: RunLogs,
    private readonly queue: RunQueue,
    private readonly session: DatabaseSession,
    private readonly audit: AuditTrail,
    private readonly checkpoints: CheckpointsService,
  ) {}

  /** Keeps a new run and queues it. @returns its id @throws ProblemException 409 where the checkpoint it begins with was removed */
  async admit(values: NewRun, act: Pick<Act, 'actor' | 'action' | 'detail'>): Promise<string> {
    const id = randomUUID();
    await this.dataSource.transaction(async (manager) => {
      const run = manager.create(RunEntity, {
        id,
        createdAt: new Date(),
        createdBy: act.actor,
        status: 'queued',
        queuedAt: new Date(),
        seed: randomInt(2 ** 31 - 1),
        ...values,
      });
      await manager.save(run, { reload: false });
      if (run.parentCheckpointId) await this.checkpoints.hold(manager, run.parentCheckpointId);
      await this.audit.record({ ...act, runId: id }, manager);
    });
    await this.runLogs.record(id, [statusEvent('queued', 'The run waits for a free place.')]);
    await this.queue.enqueue(id);
    return id;
  }

  /** Puts a run that has ended back into the queue. @throws ProblemException 409 when somebody else was faster */
  async readmit(runId: string, actor: string): Promise<void> {
    const claim = await this.dataSource.transaction(async (manager) => {
      const terms = { from: resumableStatuses, owner: this.session.instanceKey };
      const claimed = await this.runs.claim(runId, terms, manager);
      if (!claimed) throw conflict('The run was moved on by somebody else in the meantime. Look at it again.');
      // Somebody has looked at it: it gets all its attempts again.
      await manager.update(RunEntity, { id: runId }, { fruitlessAttempts: 0 });
      await this.audit.record({ actor, action: 'run.resume', runId, detail: { from: claimed.run.status } }, manager);
      return claimed;
    });
    await this.runLogs.record(runId, [statusEvent('queued', queuedToGoOn)], claim);
    await this.queue.enqueue(runId);
  }
}
