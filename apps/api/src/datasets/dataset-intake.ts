import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Dataset, DatasetGenerate } from '@gan-dashboard/shared-types';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { DatasetFiles } from './dataset-files';
import { toDataset } from './dataset.mapper';
import { DatasetRegistry } from './dataset-registry';
import { generatorOf } from './generators/generators';
import { receiveUpload } from './upload/receive-upload';
import { storeSource } from './upload/store-source';

/** How data sets come in over HTTP: uploaded, or generated on request. Both answer while the import goes on. */
@Injectable()
export class DatasetIntake {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly files: DatasetFiles,
    private readonly registry: DatasetRegistry,
  ) {}

  /** @throws ProblemException 400, 413, 415; nothing of a refused upload is left. */
  async upload(request: IncomingMessage, createdBy: string, projectId?: string): Promise<Dataset> {
    return this.takeIn(async (id) => {
      const { maxUploadBytes: maxBytes } = this.config;
      const received = await receiveUpload(request, { path: this.files.incomingSource(id), maxBytes });
      await this.files.keepSource(id);
      const { fileName, name } = received;
      return toDataset(
        await this.registry.register({ id, origin: 'upload', createdBy, fileName, name, stored: received, projectId }),
      );
    });
  }

  /** Writes seeded sample data: the same kind, rows and seed give the same bytes. */
  async generate(request: DatasetGenerate, createdBy: string): Promise<Dataset> {
    const { kind, rows, seed, name, project_id: projectId } = request;
    return this.takeIn(async (id) => {
      const { chunks, fileName, title } = generatorOf(kind, { rows, seed });
      const source = Readable.from(chunks, { objectMode: false });
      const stored = await storeSource(source, this.files.incomingSource(id), Number.MAX_SAFE_INTEGER);
      await this.files.keepSource(id);
      const entry = { id, origin: 'generated' as const, createdBy, fileName, name: name ?? title, stored, projectId };
      return toDataset(await this.registry.register(entry));
    });
  }

  private async takeIn(take: (id: string) => Promise<Dataset>): Promise<Dataset> {
    const id = randomUUID();
    try {
      return await take(id);
    } catch (error) {
      await this.files.remove(id);
      throw error;
    }
  }
}
