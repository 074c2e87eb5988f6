import { datasetColumnSchema, seedSchema, wireNumberSchema } from '@gan-dashboard/shared-types';
import type { CheckpointFile } from '@gan-dashboard/shared-types';
import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { columnTransformSchema } from '../data/column-transform';
import type { ModelState } from '../engine/engine';
import { holdoutSchema } from './holdout';
import { qualityRecordSchema } from './quality-record';
import { writtenBy } from './written-by';
import { CheckpointError, magic, readCheckpointBody, splitCheckpointBody } from './checkpoint-file';

export { CheckpointError };

/**
 * One file holds everything that a run needs to go on or to sample:
 *
 *     magic, 8 bytes | header length, uint32 LE | header, JSON | sections, float32 LE each | SHA-256 of all before
 *
 * The sections are the arrays of the model's state in the order of the header's list.
 */
const headerSchema = z.object({
  format_version: z.literal(1),
  model: z.string(),
  config: z.record(z.string(), z.unknown()),
  /** Names every random stream; with `step` it is the whole state of the randomness. */
  seed: seedSchema,
  source_name: z.string(),
  columns: z.array(datasetColumnSchema),
  row_count: z.int().min(1),
  transforms: z.array(columnTransformSchema),
  engine: z.string(),
  /** Epochs that are complete. */
  epoch: z.int().min(0),
  /** Generator steps that are done. */
  step: z.int().min(0),
  /** Sums over the steps of an epoch that is under way. */
  epoch_sums: z.object({ steps: z.int().min(0), sums: z.record(z.string(), z.number()) }),
  /** Means of the last epoch that was complete, as they were reported. */
  metrics: z.record(z.string(), wireNumberSchema).default({}),
  /** Rows of the table that training never saw; null: it saw all of them. */
  holdout: holdoutSchema.nullable().default(null),
  /** The quality so far; null: of a version that did not measure any. */
  quality: qualityRecordSchema.nullable().default(null),
  sections: z.array(z.object({ name: z.string(), length: z.int().min(0) })),
});
export type CheckpointHeader = Omit<z.infer<typeof headerSchema>, 'format_version' | 'sections'>;

export interface Checkpoint {
  header: CheckpointHeader;
  state: ModelState;
}

/** Writes a checkpoint so that `path` holds either nothing or all of it, also after a power failure. */
export async function saveCheckpoint(
  path: string,
  { header, state }: Checkpoint,
  reason: CheckpointFile['reason'],
): Promise<CheckpointFile> {
  const content = encode(header, state);
  const temporary = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  const sha256 = createHash('sha256').update(content).digest('hex');
  const { epoch, step, metrics } = header;
  return { path, sha256, size_bytes: content.length, epoch, step, reason, metrics };
}

function encode(header: CheckpointHeader, state: ModelState): Buffer {
  const sections = Object.entries(state).map(([name, { length }]) => ({ name, length }));
  const json = Buffer.from(JSON.stringify({ format_version: 1, written_by: writtenBy(), ...header, sections }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const body = Buffer.concat([Buffer.from(magic), length, json, ...Object.values(state).map(littleEndian)]);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

function littleEndian(values: Float32Array): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes;
}

/**
 * Reads a checkpoint and verifies it.
 *
 * @param expectedSha256 the hash that `saveCheckpoint` gave, in hex; absent: only the file's own digest is checked
 * @throws CheckpointError where the file is damaged, not the expected one, or of another version
 */
export async function loadCheckpoint(path: string, expectedSha256?: string): Promise<Checkpoint> {
  return decode(await readCheckpointBody(path, expectedSha256));
}

function decode(body: Buffer): Checkpoint {
  const { header: written, sectionsAt } = splitCheckpointBody(body);
  const parsed = headerSchema.safeParse(written);
  if (!parsed.success) {
    throw new CheckpointError(`The checkpoint cannot be used by this version: ${z.prettifyError(parsed.error)}`);
  }
  const { sections, format_version: _, ...header } = parsed.data;
  const state: ModelState = {};
  let offset = sectionsAt;
  for (const { name, length } of sections) {
    state[name] = Float32Array.from({ length }, (_value, index) => body.readFloatLE(offset + index * 4));
    offset += length * 4;
  }
  return { header, state };
}
