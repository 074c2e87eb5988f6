import { readCheckpointBody, sequenceLengthOf, splitCheckpointBody } from '@gan-dashboard/trainer';
import { datasetColumnSchema } from '@gan-dashboard/shared-types';
import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { z } from 'zod';
import { CommandError } from './failures';

const headerSchema = z.object({
  model: z.string(),
  config: z.record(z.string(), z.unknown()).default({}),
  row_count: z.int(),
  transforms: z.array(z.object({ kind: z.string(), column: datasetColumnSchema })),
});

export interface CheckpointContents {
  model: string;
  /** Rows of a sequence that a sample does not name; null for models of single rows. */
  sequenceLength: number | null;
  /** Rows of the table that was learned. */
  rowCount: number;
  /** Of the samples, in order. */
  columns: DatasetColumn[];
  /** Those whose values were learned; keys and free text are made anew in each sample. */
  learned: DatasetColumn[];
}

/** @throws CheckpointError where the file is damaged or no checkpoint; CommandError for one of another version */
export async function readContents(path: string): Promise<CheckpointContents> {
  const { header } = splitCheckpointBody(await readCheckpointBody(path));
  const parsed = headerSchema.safeParse(header);
  if (!parsed.success) {
    throw new CommandError(`"${path}" cannot be used by this version: ${z.prettifyError(parsed.error)}`);
  }
  const { model, config, row_count: rowCount, transforms } = parsed.data;
  const sequenceLength = sequenceLengthOf(model, config);
  const learned = transforms.filter(({ kind }) => kind !== 'id' && kind !== 'text').map(({ column }) => column);
  return { model, sequenceLength, rowCount, columns: transforms.map(({ column }) => column), learned };
}
