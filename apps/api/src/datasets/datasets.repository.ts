import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, Not, Repository } from 'typeorm';
import type { DatasetColumn, DatasetStructure } from '@gan-dashboard/shared-types';
import { isInstanceAlive, locksAreSettled } from '../platform/database/instance-locks';
import { projectsInReach } from '../platform/http/local-user';
import { DatasetEntity } from './dataset.entity';
import type { ImportResult } from './table/table-protocol';

/** Place in the list, newest first: the data set after which a page begins. */
export interface DatasetPosition {
  createdAt: Date;
  id: string;
}

@Injectable()
export class DatasetsRepository {
  constructor(@InjectRepository(DatasetEntity) private readonly datasets: Repository<DatasetEntity>) {}

  async insert(dataset: DatasetEntity): Promise<void> {
    await this.datasets.insert(dataset);
  }

  find(id: string): Promise<DatasetEntity | null> {
    return this.datasets.findOneBy({ id, deletedAt: IsNull() });
  }

  /** Deleted ones, too: a run remembers the data set that it was trained on. */
  findEver(id: string): Promise<DatasetEntity | null> {
    return this.datasets.findOneBy({ id });
  }

  /** Newest first, at most `limit`. */
  page(query: {
    limit: number;
    after?: DatasetPosition;
    search?: string;
    fileName?: string;
    project?: string;
  }): Promise<DatasetEntity[]> {
    const select = this.datasets
      .createQueryBuilder('dataset')
      .where('dataset.deleted_at IS NULL')
      .orderBy('dataset.created_at', 'DESC')
      .addOrderBy('dataset.id', 'DESC')
      .limit(query.limit);
    if (query.after) {
      select.andWhere('(dataset.created_at, dataset.id) < (:createdAt, :id)', { ...query.after });
    }
    if (query.search) {
      select.andWhere(`strpos(lower(dataset.name || ' ' || dataset.file_name), lower(:search)) > 0`, {
        search: query.search,
      });
    }
    if (query.fileName) select.andWhere('dataset.file_name = :fileName', { fileName: query.fileName });
    if (query.project) select.andWhere('dataset.project_id = :project', { project: query.project });
    const projects = projectsInReach();
    if (projects) select.andWhere('dataset.project_id = ANY (:projects)', { projects });
    return select.getMany();
  }

  /** Deleted ones, too. */
  async rowCounts(ids: readonly string[]): Promise<Map<string, number>> {
    const found = await this.datasets.find({ select: { id: true, rowCount: true }, where: { id: In([...ids]) } });
    return new Map(found.flatMap(({ id, rowCount }) => (rowCount === null ? [] : [[id, rowCount] as const])));
  }

  newestWithFileName(fileName: string, projectId: string): Promise<DatasetEntity | null> {
    return this.datasets.findOne({
      where: { fileName, projectId, deletedAt: IsNull() },
      order: { createdAt: 'DESC', id: 'DESC' },
    });
  }

  oldestWithContent(sha256: string, projectId: string): Promise<DatasetEntity | null> {
    return this.datasets.findOne({ where: { sha256, projectId, deletedAt: IsNull() }, order: { createdAt: 'ASC' } });
  }

  /** Whether a file of the watched folder was ever registered with this content, even if deleted since. */
  isRegistered(fileName: string, sha256: string): Promise<boolean> {
    return this.datasets.existsBy({ fileName, sha256, origin: 'folder' });
  }

  /**
   * Inserts a file of the watched folder, unless it is registered: of several processes on one folder one does it.
   *
   * @returns false when it was registered before
   */
  insertFromFolder(dataset: DatasetEntity): Promise<boolean> {
    const { fileName, sha256 } = dataset;
    return this.datasets.manager.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `csv folder ${fileName} ${sha256}`,
      ]);
      if (await manager.existsBy(DatasetEntity, { fileName, sha256, origin: 'folder' })) return false;
      await manager.insert(DatasetEntity, dataset);
      return true;
    });
  }

  /** Makes the unfinished imports of processes that are gone the caller's: of several callers one gets each. */
  async takeOverImports(importer: number): Promise<DatasetEntity[]> {
    const [rows] = await this.datasets.query<[{ id: string }[], number]>(
      `UPDATE dataset SET importer = $1 WHERE id IN (
         SELECT id FROM dataset WHERE status = 'importing' AND deleted_at IS NULL
           AND (importer IS NULL OR (${locksAreSettled} AND NOT ${isInstanceAlive('dataset.importer')}))
         FOR UPDATE SKIP LOCKED)
       RETURNING id`,
      [importer],
    );
    return this.datasets.find({ where: { id: In(rows.map(({ id }) => id)) }, order: { createdAt: 'ASC' } });
  }

  async deletedWithFiles(): Promise<string[]> {
    const found = await this.datasets.find({
      select: { id: true },
      where: { deletedAt: Not(IsNull()), filesRemovedAt: IsNull() },
    });
    return found.map(({ id }) => id);
  }

  async markFilesRemoved(id: string): Promise<void> {
    await this.datasets.update({ id }, { filesRemovedAt: new Date() });
  }

  /** @returns false when the data set was deleted meanwhile. */
  async markReady(id: string, result: ImportResult, warnings: string[]): Promise<boolean> {
    const { affected } = await this.datasets.update(
      { id, deletedAt: IsNull() },
      {
        status: 'ready',
        error: null,
        rowCount: result.row_count,
        rejectedRowCount: result.rejected_row_count,
        reading: result.reading,
        structure: result.structure,
        columns: result.columns,
        profile: result.profile,
        warnings,
      },
    );
    return affected === 1;
  }

  async markFailed(id: string, error: string): Promise<void> {
    await this.datasets.update({ id, deletedAt: IsNull(), status: Not('ready') }, { status: 'failed', error });
  }

  async rename(id: string, name: string): Promise<void> {
    await this.datasets.update({ id, deletedAt: IsNull() }, { name });
  }

  async changeStructure(id: string, structure: DatasetStructure, columns: DatasetColumn[]): Promise<void> {
    await this.datasets.update({ id, deletedAt: IsNull() }, { structure, columns });
  }

  async changeColumns(id: string, columns: DatasetColumn[]): Promise<void> {
    await this.datasets.update({ id, deletedAt: IsNull() }, { columns });
  }

  async move(id: string, projectId: string): Promise<void> {
    await this.datasets.update({ id, deletedAt: IsNull() }, { projectId });
  }

  async markDeleted(id: string): Promise<void> {
    await this.datasets.update({ id, deletedAt: IsNull() }, { deletedAt: new Date() });
  }
}
