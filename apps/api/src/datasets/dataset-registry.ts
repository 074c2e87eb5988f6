import { Injectable } from '@nestjs/common';
import { defaultProjectId } from '@gan-dashboard/shared-types';
import { DatabaseSession } from '../platform/database/database-session';
import type { DatasetEntity } from './dataset.entity';
import { DatasetImporter } from './dataset-importer';
import { DatasetsRepository } from './datasets.repository';
import type { StoredSource } from './upload/store-source';
import { nameOf } from './upload/file-name';

export interface NewDataset {
  id: string;
  origin: DatasetEntity['origin'];
  createdBy: string;
  fileName: string;
  name?: string | undefined;
  stored: StoredSource;
  /** Undefined: the default project. */
  projectId?: string | undefined;
}

/** Enters stored sources into the catalogue and begins their import: the one way in for all three origins. */
@Injectable()
export class DatasetRegistry {
  constructor(
    private readonly repository: DatasetsRepository,
    private readonly importer: DatasetImporter,
    private readonly session: DatabaseSession,
  ) {}

  async register(entry: NewDataset): Promise<DatasetEntity> {
    const dataset = await this.entityOf(entry);
    await this.repository.insert(dataset);
    this.importer.start(dataset, entry.stored.inspection);
    return dataset;
  }

  /** @returns false where another process was faster, or the file was registered at any time before. */
  async registerFromFolder(entry: Omit<NewDataset, 'origin' | 'createdBy'>): Promise<boolean> {
    const dataset = await this.entityOf({ ...entry, origin: 'folder', createdBy: 'folder' });
    const isNew = await this.repository.insertFromFolder(dataset);
    if (isNew) this.importer.start(dataset, entry.stored.inspection);
    return isNew;
  }

  private async entityOf(entry: NewDataset): Promise<DatasetEntity> {
    const { id, origin, createdBy, fileName, name, stored, projectId = defaultProjectId } = entry;
    const twin = await this.repository.oldestWithContent(stored.sha256, projectId);
    return {
      id,
      createdAt: new Date(),
      createdBy,
      name: name ?? nameOf(fileName),
      fileName,
      origin,
      status: 'importing',
      error: null,
      sizeBytes: stored.sizeBytes,
      sha256: stored.sha256,
      rowCount: null,
      rejectedRowCount: null,
      reading: null,
      structure: null,
      columns: [],
      profile: null,
      warnings: twin
        ? [`It has the same content as the data set "${twin.name}" of ${twin.createdAt.toISOString().slice(0, 10)}.`]
        : [],
      deletedAt: null,
      importer: String(this.session.instanceKey),
      filesRemovedAt: null,
      projectId,
    };
  }
}
