import { Injectable } from '@nestjs/common';
import type { RunDirectory, RunSnapshot } from '../events/run-directory';
import type { RunEntity } from './run.entity';
import { activeStatuses } from './run-states';
import { RunsRepository } from './runs.repository';

/** Tells the event streams which runs there are. */
@Injectable()
export class StoredRunDirectory implements RunDirectory {
  constructor(private readonly repository: RunsRepository) {}

  async snapshot(runId: string): Promise<RunSnapshot | undefined> {
    const run = await this.repository.find(runId);
    return run ? snapshotOf(run) : undefined;
  }

  async active(projects?: readonly string[]): Promise<RunSnapshot[]> {
    const active = await this.repository.inStatus(activeStatuses);
    return active.filter(({ projectId }) => projects?.includes(projectId) ?? true).map(snapshotOf);
  }
}

function snapshotOf({ id, status, lastSeq, epoch, totalEpochs }: RunEntity): RunSnapshot {
  return { runId: id, status, lastSeq, message: `The run is ${status}, epoch ${epoch} of ${totalEpochs}.` };
}
