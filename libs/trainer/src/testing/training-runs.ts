import type { Cell, DatasetColumn } from '@gan-dashboard/shared-types';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../engine/engine';
import { parseModelConfig } from '../models/catalog';
import { loadCheckpoint } from '../run/checkpoint';
import type { Checkpoint } from '../run/checkpoint';
import { train } from '../run/train';
import { recordingObserver } from './settings';
import type { Told } from './settings';
import { writeParquet } from './tables';

export interface WholeRun {
  outcome: 'completed' | 'stopped';
  told: Told;
  /** The last one that was written. */
  checkpoint: Checkpoint | undefined;
}

export interface RunGiven {
  model: string;
  config: Record<string, unknown>;
  engine: Engine;
  columns: readonly DatasetColumn[];
  /** A SELECT of DuckDB. */
  select: string;
  seed?: number;
  /** Steps after which it is stopped. */
  stopAfter?: number;
  from?: Checkpoint;
  /** Memory that encoded rows may take; absent: all of it. */
  rowMemoryBytes?: number;
  /** Milliseconds; default 0 at all times. */
  now?: () => number;
}

/** Trains as a worker does, on a table of its own, and forgets the files. */
export async function trainWhole(given: RunGiven): Promise<WholeRun> {
  const folder = await mkdtemp(join(tmpdir(), 'trainer-'));
  const parsed = parseModelConfig(given.model, given.config);
  if (!parsed.ok) throw new Error(parsed.errors.map(({ message }) => message).join(' '));
  const parquet_path = join(folder, 'table.parquet');
  const { observer, told } = recordingObserver();
  const stop = new AbortController();
  const progress: typeof observer.progress = (data) => {
    observer.progress(data);
    if (data.phase === 'training' && (data.step ?? 0) >= (given.stopAfter ?? Number.POSITIVE_INFINITY)) stop.abort();
  };
  try {
    await writeParquet(parquet_path, given.select);
    const outcome = await train(
      {
        ...{ model: given.model, config: parsed.config, seed: given.seed ?? 7 },
        data: { parquet_path, source_name: 'table.csv', columns: given.columns },
        checkpoint_folder: join(folder, 'checkpoints'),
      },
      {
        ...{ engine: given.engine, observer: { ...observer, progress }, signal: stop.signal },
        clock: { now: given.now ?? (() => 0), breathe: () => new Promise((resolve) => setImmediate(resolve)) },
        ...(given.rowMemoryBytes === undefined ? {} : { rowMemoryBytes: given.rowMemoryBytes }),
        ...(given.from ? { startFrom: { checkpoint: given.from, mode: 'resume' as const } } : {}),
      },
    );
    const file = told.checkpoint.at(-1)?.[0];
    return { outcome, told, checkpoint: file ? await loadCheckpoint(file.path) : undefined };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A table as a SELECT, for {@link trainWhole}. */
export function selectOf(columns: Record<string, readonly Cell[]>): string {
  const names = Object.keys(columns);
  const rows = columns[names[0] ?? '']?.map((_, row) => names.map((name) => literal(columns[name]?.[row] ?? null)));
  return `SELECT * FROM (VALUES ${(rows ?? []).map((row) => `(${row.join(', ')})`).join(', ')}) t(${names.map((name) => `"${name}"`).join(', ')})`;
}

function literal(cell: Cell): string {
  if (cell === null) return 'NULL';
  return typeof cell === 'string'
    ? `'${cell.replaceAll("'", "''")}'`
    : typeof cell === 'number'
      ? `${cell}::DOUBLE`
      : String(cell);
}
