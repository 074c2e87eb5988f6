import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import type { Removal, RetentionPlan } from '@gan-dashboard/shared-types';
import { AuditTrail, serverActor } from '../audit/audit-trail';
import { DatasetsService } from '../datasets/datasets.service';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { retainedKinds } from '../platform/configuration/retention-config';
import type { RetainedKind } from '../platform/configuration/retention-config';
import { FileStore } from '../platform/files/file-store';
import { JobQueue } from '../platform/queue/job-queue';
import { defineQueue } from '../platform/queue/queue-definition';
import { CheckpointsService } from '../synthesis/checkpoints.service';
import { SamplesService } from '../synthesis/samples.service';
import { RunsService } from '../training/runs.service';
import { beyondLimits } from './beyond-limits';
import { RetentionRepository, toRemoval } from './retention.repository';

const retentionQueue = defineQueue<Record<string, never>>('retention', { policy: 'short', expireInSeconds: 3_600 });
const everyNight = '37 3 * * *';

const kindNames = {
  runs: 'run',
  checkpoints: 'checkpoint',
  samples: 'sample',
  datasets: 'dataset',
} as const satisfies Record<RetainedKind, Removal['kind']>;

/** Removes what is beyond the limits, and the files of runs that were deleted. Each removal stands in the audit trail. */
@Injectable()
export class RetentionService implements OnApplicationBootstrap {
  private readonly logger = new Logger(RetentionService.name);

  constructor(
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'retention' | 'deletedRunsKeptMs'>,
    private readonly repository: RetentionRepository,
    private readonly queue: JobQueue,
    private readonly runs: RunsService,
    private readonly checkpoints: CheckpointsService,
    private readonly samples: SamplesService,
    private readonly datasets: DatasetsService,
    private readonly files: FileStore,
    private readonly audit: AuditTrail,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.queue.work(retentionQueue, async () => void (await this.apply(serverActor)));
    await this.queue.schedule(retentionQueue, everyNight, {});
  }

  /** What would be removed now; nothing is. */
  async plan(now = new Date()): Promise<RetentionPlan> {
    const items: Removal[] = [];
    const goingRuns = new Set<string>();
    for (const kind of retainedKinds) {
      const limits = this.config.retention[kind];
      if (Object.values(limits).every((limit) => limit === undefined)) continue;
      // What goes with its run is not counted again.
      const found = (await this.repository.candidates(kind)).filter(({ runId }) => !goingRuns.has(runId ?? ''));
      for (const { item, reason } of beyondLimits(found, limits, now)) {
        items.push(toRemoval(kindNames[kind], item, reason));
        if (kind === 'runs') goingRuns.add(item.id);
      }
    }
    for (const run of await this.repository.deletedRuns(new Date(now.getTime() - this.config.deletedRunsKeptMs))) {
      items.push(toRemoval('run_files', run, 'deleted'));
    }
    return planOf(items, []);
  }

  /** Removes what `plan` says. What fails is told and tried again the next time; the rest is removed all the same. */
  async apply(actor: string): Promise<RetentionPlan> {
    const removed: Removal[] = [];
    const failed: RetentionPlan['failed'] = [];
    for (const removal of (await this.plan()).items) {
      try {
        if (!(await this.remove(removal, actor))) continue;
        removed.push(removal);
        await this.audit.record({
          actor,
          action: `retention.${removal.kind}`,
          subject: removal.id,
          ...detailOf(removal),
        });
      } catch (error) {
        failed.push({ id: removal.id, message: error instanceof Error ? error.message : String(error) });
        this.logger.warn(`the ${removal.kind} ${removal.id} could not be removed: ${String(error)}`);
      }
    }
    const plan = planOf(removed, failed);
    if (removed.length > 0) this.logger.log(`removed ${removed.length} things of ${plan.size_bytes} bytes`);
    return plan;
  }

  /** @returns false where something needs it. */
  private async remove({ kind, id, run_id: runId }: Removal, actor: string): Promise<boolean> {
    if (kind === 'checkpoint') return (await this.checkpoints.removeFiles(runId ?? '', [id])).length > 0;
    if (kind === 'sample') await this.samples.remove(id, actor);
    if (kind === 'dataset') await this.datasets.remove(id, actor);
    if (kind === 'run') await this.runs.remove(id, actor);
    if (kind === 'run' || kind === 'run_files') await this.removeFilesOf(id, actor);
    return true;
  }

  /** A checkpoint that a fork begins with stays, and the run is looked at again the next time. */
  private async removeFilesOf(runId: string, actor: string): Promise<void> {
    for (const sampleId of await this.repository.samplesOf(runId)) await this.samples.remove(sampleId, actor);
    const present = (await this.checkpoints.ofRun(runId)).filter(({ removed_at: removedAt }) => removedAt === null);
    const removed = await this.checkpoints.removeFiles(
      runId,
      present.map(({ id }) => id),
    );
    if (removed.length < present.length) return;
    for (const { key } of await this.files.list(`runs/${runId}/`)) await this.files.remove(key);
    await this.repository.markFilesRemoved(runId);
  }
}

function planOf(items: Removal[], failed: RetentionPlan['failed']): RetentionPlan {
  return { items, size_bytes: items.reduce((total, { size_bytes: size }) => total + size, 0), failed };
}

function detailOf({ run_id: runId, name, reason, size_bytes: sizeBytes }: Removal) {
  return { ...(runId === null ? {} : { runId }), detail: { name, reason, size_bytes: sizeBytes } };
}
