import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { defaultProjectId } from '@gan-dashboard/shared-types';
import type {
  BookPicture,
  Dataset,
  DatasetPatch,
  DatasetPreview,
  DatasetProfile,
  Page,
  ProjectPageQuery,
} from '@gan-dashboard/shared-types';
import type { FileToSend } from '../platform/files/send-file';
import { AuditTrail } from '../audit/audit-trail';
import { conflict, notFound } from '../platform/http/problem';
import { decodeCursor, encodeCursor } from './dataset-cursor';
import type { DatasetEntity } from './dataset.entity';
import { DatasetCleaner } from './dataset-cleaner';
import type { DatasetUsage } from './dataset-cleaner';
import { DatasetFiles } from './dataset-files';
import { DatasetImporter } from './dataset-importer';
import { withRoles } from './column-roles';
import { toDataset, toProfile } from './dataset.mapper';
import { DatasetsRepository } from './datasets.repository';
import { OrderBooks } from './order-book/order-books.service';
import { TableJobError } from './table/table-process';
import { TableService } from './table/table.service';

/** How often an import that another process does is looked at. */
const importPollMs = 250;

/** The catalogue: what data sets there are, what is in them, and what their columns mean. */
@Injectable()
export class DatasetsService {
  private readonly logger = new Logger(DatasetsService.name);

  constructor(
    private readonly repository: DatasetsRepository,
    private readonly files: DatasetFiles,
    private readonly tables: TableService,
    private readonly importer: DatasetImporter,
    private readonly cleaner: DatasetCleaner,
    private readonly audit: AuditTrail,
    private readonly orderBooks: OrderBooks,
  ) {}

  /** A deleted data set keeps its files while any of these answers true (runs that may be resumed or reported on). */
  keepFilesWhile(usage: DatasetUsage): void {
    this.cleaner.keepFilesWhile(usage);
  }

  /** @throws ProblemException 404. */
  async get(id: string): Promise<Dataset> {
    return toDataset(await this.require(id));
  }

  /** The data set once its import has ended, by this process or another. @throws ProblemException 404. */
  async imported(id: string): Promise<Dataset> {
    for (;;) {
      await this.importer.settled(id);
      const dataset = await this.get(id);
      if (dataset.status !== 'importing') return dataset;
      await delay(importPollMs);
    }
  }

  /** The columns of a data set, also of one that was deleted since. @throws ProblemException 404. */
  async columnsOf(id: string): Promise<Dataset['columns']> {
    const dataset = await this.repository.findEver(id);
    if (!dataset) throw notFound('data set', id);
    return dataset.columns;
  }

  /** Rows of data sets by their ids, deleted ones among them; those that were never read are left out. */
  rowCounts(ids: readonly string[]): Promise<Map<string, number>> {
    return this.repository.rowCounts(ids);
  }

  /** Newest first. @throws ProblemException 400 for a cursor that no page gave. */
  async page(
    query: ProjectPageQuery & { search?: string | undefined; file_name?: string | undefined },
  ): Promise<Page<Dataset>> {
    const found = await this.repository.page({
      limit: query.limit + 1,
      ...(query.cursor === undefined ? {} : { after: decodeCursor(query.cursor) }),
      ...(query.search === undefined ? {} : { search: query.search }),
      ...(query.file_name === undefined ? {} : { fileName: query.file_name }),
      ...(query.project === undefined ? {} : { project: query.project }),
    });
    const items = found.slice(0, query.limit);
    const last = items.at(-1);
    return { items: items.map(toDataset), next_cursor: found.length > query.limit && last ? encodeCursor(last) : null };
  }

  /** The newest data set with a file name in the default project; undefined where there is none. */
  async findByFileName(fileName: string): Promise<Dataset | undefined> {
    const found = await this.repository.newestWithFileName(fileName, defaultProjectId);
    return found ? toDataset(found) : undefined;
  }

  /** A data set that a new run can be trained on. @throws ProblemException 404 unknown, 409 not ready. */
  async ready(id: string): Promise<Dataset> {
    return toDataset(await this.requireReady(id));
  }

  /**
   * What a run needs to train on a data set, with its rows on this machine. A run that was queued before its data set
   * was deleted gets it all the same: its files stay as long as a run has them.
   *
   * @throws ProblemException 404 unknown, 409 not ready; FileMissingError, FileDamagedError, StorageError.
   */
  async trainingSource(id: string): Promise<{ dataset: Dataset; parquetPath: string }> {
    const found = await this.repository.findEver(id);
    if (!found) throw notFound('data set', id);
    readyOnly(found);
    return { dataset: toDataset(found), parquetPath: await this.files.parquet(id) };
  }

  /** The source as it came in, on this machine; also of a data set that was deleted since. @throws ProblemException 404. */
  async localSource(id: string): Promise<string> {
    if (!(await this.repository.findEver(id))) throw notFound('data set', id);
    return this.files.source(id);
  }

  /** The first rows, and points to draw the table. @throws ProblemException 404, 409 not ready. */
  async preview(id: string, rows: number): Promise<DatasetPreview> {
    const { columns } = await this.requireReady(id);
    try {
      return await this.tables.preview(await this.files.parquet(id), columns, rows);
    } catch (error) {
      if (!(error instanceof TableJobError)) throw error;
      this.logger.error(`data set ${id}: preview failed: ${error.message}`);
      throw conflict(`The table could not be read: ${error.message} Try again, or upload the file anew.`);
    }
  }

  /** What charts of the order book show. @throws ProblemException 404, 409 not ready or no order book. */
  async orderBook(id: string): Promise<BookPicture> {
    return this.orderBooks.picture(await this.requireReady(id));
  }

  /** @throws ProblemException 404, 409 not ready. */
  async profile(id: string): Promise<DatasetProfile> {
    const found = await this.requireReady(id);
    if (!found.profile) throw new Error(`data set ${id} is ready but has no profile`);
    return toProfile(found.profile, found);
  }

  /**
   * Changes the name, the roles of columns and the order book, or moves it to another project. Runs keep what they were
   * started with, and stay where they are.
   *
   * @throws ProblemException 404, 409 roles or order book of a data set that is not ready, 422 unknown column, impossible
   *   role or order book.
   */
  async change(id: string, patch: DatasetPatch, actor: string): Promise<Dataset> {
    const { name, columns, order_book: book, project_id: projectId } = patch;
    const found = columns || book ? await this.requireReady(id) : await this.require(id);
    const changed = columns ? withRoles(found.columns, columns) : undefined;
    if (name !== undefined) await this.repository.rename(id, name);
    if (changed) await this.repository.changeColumns(id, changed);
    if (book) await this.orderBooks.change(changed ? { ...found, columns: changed } : found, book);
    if (projectId !== undefined && projectId !== found.projectId) {
      await this.repository.move(id, projectId);
      const detail = { from: found.projectId, to: projectId };
      await this.audit.record({ actor, action: 'dataset.move', subject: id, detail });
    }
    return this.get(id);
  }

  /** Takes a data set off the catalogue; its files go too, unless runs still need them. @throws ProblemException 404. */
  async remove(id: string, actor: string): Promise<void> {
    const { name } = await this.require(id);
    await this.repository.markDeleted(id);
    await this.audit.record({ actor, action: 'dataset.delete', subject: id, detail: { name } });
    await this.importer.cancel(id);
    await this.cleaner.clean(id);
  }

  /** The source as it came in. @throws ProblemException 404. */
  async sourceFile(id: string): Promise<FileToSend> {
    const { fileName, sha256 } = await this.require(id);
    return { key: this.files.sourceKey(id), fileName, type: 'text/csv', sha256 };
  }

  private async require(id: string): Promise<DatasetEntity> {
    const found = await this.repository.find(id);
    if (!found) throw notFound('data set', id);
    return found;
  }

  private async requireReady(id: string): Promise<DatasetEntity> {
    return readyOnly(await this.require(id));
  }
}

function readyOnly(found: DatasetEntity): DatasetEntity {
  if (found.status === 'importing') {
    throw conflict(`The data set ${found.name} is still being imported. Wait until its status is ready.`);
  }
  if (found.status === 'failed') {
    throw conflict(`The data set ${found.name} could not be imported: ${found.error ?? ''} Upload a corrected file.`);
  }
  return found;
}
