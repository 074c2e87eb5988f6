import { Injectable } from '@nestjs/common';
import type { BookLevel, BookPicture, DatasetColumn } from '@gan-dashboard/shared-types';
import { TableJobError } from '../datasets/table/table-process';
import { TableService } from '../datasets/table/table.service';
import { FileStore } from '../platform/files/file-store';
import { conflict } from '../platform/http/problem';
import { RunsService } from '../training/runs.service';
import { SamplesService } from './samples.service';

/** The order books of samples, drawn as those of data sets are. */
@Injectable()
export class SampleOrderBooks {
  constructor(
    private readonly samples: SamplesService,
    private readonly runs: RunsService,
    private readonly files: FileStore,
    private readonly tables: TableService,
  ) {}

  /** @throws ProblemException 404; 409 for a sample that is not ready, cannot be read, or whose run learned no order book. */
  async picture(id: string): Promise<BookPicture> {
    const { run_id: runId, format } = await this.samples.get(id);
    const { key } = await this.samples.file(id);
    const { columns } = await this.runs.require(runId);
    const learned = (columns ?? []).filter(({ role }) => role !== 'excluded');
    const { levels, tick } = bookOf(learned);
    if (tick === undefined)
      throw conflict('The run of this sample learned its table as plain columns: it has no order book.');
    try {
      const { picture } = await this.tables.orderBook(
        { path: await this.files.local(key), isCsv: format === 'csv' },
        { columns: learned, levels, tick_size: tick, is_drawn: true },
      );
      if (!picture) throw new Error(`the order book of sample ${id} was not drawn`);
      return picture;
    } catch (error) {
      if (!(error instanceof TableJobError)) throw error;
      throw conflict(`The order book of the sample could not be read: ${error.message}`);
    }
  }
}

/** The book that columns are marked as; without a tick where they are none. */
function bookOf(columns: readonly DatasetColumn[]): { levels: BookLevel[]; tick: number | undefined } {
  const found = new Map<number, Partial<BookLevel>>();
  let tick: number | undefined;
  for (const { name, order_book: place } of columns) {
    if (!place) continue;
    found.set(place.level, { ...found.get(place.level), [`${place.side}_${place.quantity}`]: name });
    tick ??= place.tick_size;
  }
  const levels = [...found].sort(([a], [b]) => a - b).map(([, level]) => level as BookLevel);
  return { levels, tick };
}
