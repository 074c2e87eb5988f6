import type { SampleCondition, SampleConstraint, SampleSequences, WorkerMessage } from '@gan-dashboard/shared-types';
import { dirname, join } from 'node:path';
import { sourceFile } from '../datasets/table/table-protocol';
import { readContents } from './checkpoint-contents';
import { InterruptedError } from './failures';
import type { Interrupts } from './interrupts';
import { measureQuality, rowsToDraw } from './measure-quality';
import type { MeasuredQuality } from './measure-quality';
import { publish, toParquet, withWorkFolder } from './table-files';
import { doTask } from './worker-task';

export interface Draw {
  checkpoint: { path: string; sha256: string };
  rows: number;
  seed: number;
  conditions?: SampleCondition[];
  constraints?: SampleConstraint[];
  sequences?: SampleSequences;
  /** The table that was learned; fixed combinations are read from it. */
  table?: string;
}

/** How many of the rows drawn were kept, where something was asked of them. */
export type Drawn = Pick<Extract<WorkerMessage, { kind: 'sampled' }>, 'hit_rate' | 'completed_share'>;

type Stops = Pick<Interrupts, 'stop' | 'kill'>;

/**
 * Draws rows into a file, CSV or Parquet by its name. It appears whole or not at all.
 *
 * @throws CommandError, InterruptedError
 */
export async function drawToFile(
  draw: Draw,
  { out, isForced }: { out: string; isForced: boolean },
  stops: Stops,
): Promise<Drawn> {
  return withWorkFolder(dirname(out), async (folder) => {
    const { csv, drawn } = await drawInto(folder, draw, stops);
    const { columns } = await readContents(draw.checkpoint.path);
    const isParquet = /\.parquet$/i.test(out);
    await publish(isParquet ? await toParquet(folder, columns, stops.stop) : csv, out, isForced);
    return drawn;
  });
}

/**
 * Draws rows beside the source and compares them with it: the first ones of the sample that the seed names, whatever
 * number was asked for.
 */
export async function drawAndMeasure(
  draw: Omit<Draw, 'rows' | 'conditions' | 'constraints' | 'sequences'>,
  table: string,
  stops: Stops,
): Promise<MeasuredQuality> {
  return withWorkFolder(dirname(table), async (folder) => {
    const { rowCount, columns, learned } = await readContents(draw.checkpoint.path);
    await drawInto(folder, { ...draw, rows: rowsToDraw(rowCount) }, stops);
    const sample = await toParquet(folder, columns, stops.stop);
    return measureQuality(table, sample, { columns: learned, seed: draw.seed });
  });
}

async function drawInto(folder: string, draw: Draw, stops: Stops): Promise<{ csv: string; drawn: Drawn }> {
  const csv = join(folder, sourceFile);
  const { checkpoint, rows, seed, conditions = [], constraints = [], sequences, table } = draw;
  let drawn: Drawn = {};
  const outcome = await doTask(
    {
      task: 'sample',
      checkpoint_path: checkpoint.path,
      checkpoint_sha256: checkpoint.sha256,
      rows,
      seed,
      csv_path: csv,
      ...(conditions.length > 0 ? { conditions } : {}),
      ...(constraints.length > 0 ? { constraints } : {}),
      ...(sequences === undefined ? {} : { sequences }),
      ...(table === undefined ? {} : { table_path: table }),
    },
    stops,
    {
      onMessage: (message) => {
        if (message.kind === 'sampled') drawn = message;
      },
      onOutput: () => undefined,
    },
  );
  if (outcome === 'stopped') throw new InterruptedError('Stopped before the rows were drawn.');
  return { csv, drawn };
}
