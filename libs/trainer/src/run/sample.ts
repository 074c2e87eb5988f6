import type { Cell, SampleTask } from '@gan-dashboard/shared-types';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { CsvWriter } from '../data/csv-writer';
import type { Engine } from '../engine/engine';
import { openModel } from '../models/open-model';
import type { RowSampler } from '../models/table-model';
import { loadCheckpoint } from './checkpoint';
import type { Checkpoint } from './checkpoint';
import { ConditionalRows } from './conditional-rows';
import type { RowWishes } from './conditional-rows';
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
  /** Share of the rows drawn that met the conditions; absent without conditions. */
  hit_rate?: number;
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
  wishes: RowWishes,
  { engine, clock, signal }: SamplingSurroundings,
): Promise<SampleResult | null> {
  const columns = checkpoint.header.transforms.map(({ column }) => column);
  const names = columns.map(({ name }) => name);
  const preview: Cell[][] = [];
  const csv = new CsvWriter(columns);
  csv.add(names);
  const { model, config, transforms, row_count: rowCount, engine: madeBy } = checkpoint.header;
  const opened = openModel(model, config, engine);
  const sampler = await opened.openSampler({ transforms, rowCount, madeBy, state: checkpoint.state });
  const told: { hit_rate?: number } = {};
  const hasConditions = (wishes.conditions?.length ?? 0) > 0 || wishes.balance !== undefined;
  const chunks = hasConditions
    ? conditionalChunks(new ConditionalRows(sampler, transforms, wishes), (rate) => (told.hit_rate = rate))
    : plainChunks(sampler, wishes);
  for (const chunk of chunks) {
    for (const cells of chunk) csv.add(cells);
    preview.push(...chunk.slice(0, previewRows - preview.length));
    // A write may take a part only; appendFile goes on until all is written.
    if (csv.byteLength >= blockBytes) await file.appendFile(csv.take());
    await clock.breathe();
    if (signal.aborted) return null;
  }
  await file.appendFile(csv.take());
  return { rows: wishes.rows, columns: names, preview, ...told };
}

/** Rows of a sample, chunk by chunk: memory does not grow with their number. */
function* plainChunks(sampler: RowSampler, { rows, seed }: RowWishes): Generator<Cell[][]> {
  for (let from = 0; from < rows; from += chunkRows) {
    yield sampler.draw({ from, rows: chunkRows }, seed).slice(0, rows - from);
  }
}

function* conditionalChunks(search: ConditionalRows, onRate: (hitRate: number) => void): Generator<Cell[][]> {
  while (!search.isComplete) {
    yield search.next(chunkRows);
    onRate(search.hitRate);
  }
}
