import type { Cell, SampleTask } from '@gan-dashboard/shared-types';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { CsvWriter } from '../data/csv-writer';
import { DataError } from '../data/errors';
import { openParquet } from '../data/parquet';
import type { SourceTable } from '../data/parquet';
import type { Engine } from '../engine/engine';
import { refuseForSequences } from '../models/series/sequence-sampler';
import { openModel } from '../models/open-model';
import type { RowSampler } from '../models/table-model';
import { loadCheckpoint } from './checkpoint';
import type { Checkpoint } from './checkpoint';
import { ConditionalRows } from './conditional-rows';
import type { RowWishes } from './conditional-rows';
import { HoldoutTable } from './holdout';
import type { Clock } from './observer';

/** Rows made at once. Always drawn whole, so that a longer sample begins with the shorter one of the same seed. */
const chunkRows = 500;
const previewRows = 20;
/** Bytes of CSV that are gathered before they are written. */
const blockBytes = 1 << 20;

export interface SampleResult {
  rows: number;
  /** Names of the columns, in source order. */
  columns: string[];
  /** The first rows, at most 20. */
  preview: Cell[][];
  /** Share of the rows drawn that were kept; absent where nothing was asked of them. */
  hit_rate?: number;
  /** Share of the rows kept whose fixed combinations were completed; absent without any. */
  completed_share?: number;
}

export interface SamplingSurroundings {
  engine: Engine;
  clock: Pick<Clock, 'breathe'>;
  /** Ends the work; nothing is left at the target path. */
  signal: AbortSignal;
}

/**
 * Draws rows from a checkpoint into a CSV file (RFC 4180, header, missing values empty). The file appears whole or
 * not at all. The same checkpoint, rows and seed give the same bytes.
 *
 * @returns null where the signal ended it
 * @throws CheckpointError where the checkpoint is damaged or not the expected one; DataError for conditions that
 *   no row can meet, or hardly any
 */
export async function sampleToCsv(
  task: Omit<SampleTask, 'task'>,
  around: SamplingSurroundings,
): Promise<SampleResult | null> {
  const checkpoint = await loadCheckpoint(task.checkpoint_path, task.checkpoint_sha256);
  const temporary = `${task.csv_path}.part`;
  const file = await open(temporary, 'w');
  try {
    const result = await writeRows(file, checkpoint, task, around);
    if (result) await file.sync();
    await file.close();
    if (result) await rename(temporary, task.csv_path);
    else await rm(temporary, { force: true });
    return result;
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeRows(
  file: FileHandle,
  checkpoint: Checkpoint,
  wishes: RowWishes & Pick<SampleTask, 'table_path' | 'sequences'>,
  { engine, clock, signal }: SamplingSurroundings,
): Promise<SampleResult | null> {
  const columns = checkpoint.header.transforms.map(({ column }) => column);
  const names = columns.map(({ name }) => name);
  const preview: Cell[][] = [];
  const csv = new CsvWriter(columns);
  csv.add(names);
  const { model, config, transforms, row_count: rowCount, engine: madeBy } = checkpoint.header;
  const opened = openModel(model, config, engine);
  refuseForSequences(transforms, wishes);
  const { sequences } = wishes;
  const sampler = await opened.openSampler({ transforms, rowCount, madeBy, state: checkpoint.state, sequences });
  const openSource = sourceOpener(checkpoint, wishes.table_path);
  const search = hasWishes(wishes)
    ? await ConditionalRows.open(wishes, { sampler, transforms, ...(openSource ? { openSource } : {}) })
    : null;
  const chunks = search ? conditionalChunks(search) : plainChunks(sampler, wishes);
  for (const chunk of chunks) {
    for (const cells of chunk) csv.add(cells);
    preview.push(...chunk.slice(0, previewRows - preview.length));
    // A write may take a part only; appendFile goes on until all is written.
    if (csv.byteLength >= blockBytes) await file.appendFile(csv.take());
    await clock.breathe();
    if (signal.aborted) return null;
  }
  await file.appendFile(csv.take());
  const result = { rows: wishes.rows, columns: names, preview };
  if (!search) return result;
  const { hitRate, completedShare } = search;
  return { ...result, hit_rate: hitRate, ...(completedShare === undefined ? {} : { completed_share: completedShare }) };
}

function hasWishes({ conditions = [], balance, constraints = [] }: RowWishes): boolean {
  return conditions.length > 0 || balance !== undefined || constraints.length > 0;
}

/** Opens the table that a checkpoint was learned from, without the rows that were held out. */
function sourceOpener({ header }: Checkpoint, path: string | undefined): (() => Promise<SourceTable>) | null {
  if (path === undefined) return null;
  return async () => {
    const source = await openParquet(
      path,
      header.transforms.map(({ column }) => column),
    );
    const learned = new HoldoutTable(source, header.holdout, header.seed);
    if (learned.rowCount === header.row_count) return learned;
    throw new DataError(
      `The table is not the one that was learned: it has ${learned.rowCount} rows to learn from, and had ${header.row_count}. Give the table that the run was trained on.`,
    );
  };
}

/** Rows of a sample, chunk by chunk: memory does not grow with their number. */
function* plainChunks(sampler: RowSampler, { rows, seed }: RowWishes): Generator<Cell[][]> {
  for (let from = 0; from < rows; from += chunkRows) {
    yield sampler.draw({ from, rows: chunkRows }, seed).slice(0, rows - from);
  }
}

function* conditionalChunks(search: ConditionalRows): Generator<Cell[][]> {
  while (!search.isComplete) yield search.next(chunkRows);
}
