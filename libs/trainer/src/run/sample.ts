import type { Cell, SampleTask } from '@gan-dashboard/shared-types';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { cellText, csvLine } from '../data/csv';
import type { Engine } from '../engine/engine';
import { openModel } from '../models/open-model';
import { loadCheckpoint } from './checkpoint';
import type { Checkpoint } from './checkpoint';
import type { Clock } from './observer';

/** Rows made at once. Always drawn whole, so that a longer sample begins with the shorter one of the same seed. */
const chunkRows = 500;
const previewRows = 20;

export interface SampleResult {
  rows: number;
  /** Names of the columns, in source order. */
  columns: string[];
  /** The first rows, at most 20. */
  preview: Cell[][];
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
 * @throws CheckpointError where the checkpoint is damaged or not the expected one
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
  { rows, seed }: { rows: number; seed: number },
  { engine, clock, signal }: SamplingSurroundings,
): Promise<SampleResult | null> {
  const columns = checkpoint.header.transforms.map(({ column }) => column);
  const names = columns.map(({ name }) => name);
  const preview: Cell[][] = [];
  await file.write(csvLine(names));
  for await (const chunk of sampleChunks(checkpoint, { rows, seed }, engine)) {
    const lines = chunk.map((cells) => csvLine(columns.map((column, index) => cellText(cells[index] ?? null, column))));
    preview.push(...chunk.slice(0, previewRows - preview.length));
    await file.write(lines.join(''));
    await clock.breathe();
    if (signal.aborted) return null;
  }
  return { rows, columns: names, preview };
}

/** Rows of a sample, chunk by chunk: memory does not grow with their number. */
export async function* sampleChunks(
  { header, state }: Checkpoint,
  { rows, seed }: { rows: number; seed: number },
  engine: Engine,
): AsyncGenerator<Cell[][]> {
  const { model, config, transforms, row_count: rowCount } = header;
  const sampler = await openModel(model, config, engine).openSampler({ transforms, rowCount, state });
  for (let from = 0; from < rows; from += chunkRows) {
    yield sampler.draw({ from, rows: chunkRows }, seed).slice(0, rows - from);
  }
}
