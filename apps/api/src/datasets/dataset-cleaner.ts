import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { JobQueue } from '../platform/queue/job-queue';
import { defineQueue } from '../platform/queue/queue-definition';
import { DatasetFiles } from './dataset-files';
import { DatasetsRepository } from './datasets.repository';

/** Tells whether something else still needs the files of a data set. */
export type DatasetUsage = (datasetId: string) => Promise<boolean>;

const sweepQueue = defineQueue<Record<string, never>>('dataset-files', { policy: 'short' });
const everyHour = '23 * * * *';

/** Removes the files of deleted data sets, at once or as soon as nothing needs them any more. */
@Injectable()
export class DatasetCleaner implements OnApplicationBootstrap {
  private readonly logger = new Logger(DatasetCleaner.name);
  private readonly usages: DatasetUsage[] = [];

  constructor(
    private readonly repository: DatasetsRepository,
    private readonly files: DatasetFiles,
    private readonly queue: JobQueue,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.queue.work(sweepQueue, () => this.sweep());
    await this.queue.schedule(sweepQueue, everyHour, {});
  }

  keepFilesWhile(usage: DatasetUsage): void {
    this.usages.push(usage);
  }

  /** Looks at every deleted data set that still has files. */
  async sweep(): Promise<void> {
    for (const id of await this.repository.deletedWithFiles()) await this.clean(id);
  }

  /** Removes the files of a deleted data set, unless they are needed. */
  async clean(id: string): Promise<void> {
    for (const isUsed of this.usages) if (await isUsed(id)) return;
    await this.files.remove(id);
    await this.repository.markFilesRemoved(id);
    this.logger.log(`the files of the deleted data set ${id} were removed`);
  }
}
