import { wireNumberSchema } from '@gan-dashboard/shared-types';
import type { CheckpointFile } from '@gan-dashboard/shared-types';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { holdoutSchema } from './holdout';
import type { Holdout } from './holdout';

export const magic = 'GANCKPT1';
const digestLength = 32;

/** A checkpoint cannot be used: damaged, of another version, or not what was expected. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/**
 * Reads a checkpoint without its digest, which is verified.
 *
 * @param expectedSha256 of the whole file, in hex; absent: only the file's own digest is checked
 * @throws CheckpointError where the file is damaged, not the expected one, or no checkpoint
 */
export async function readCheckpointBody(path: string, expectedSha256?: string): Promise<Buffer> {
  return verifiedBody(await readFile(path), expectedSha256);
}

function verifiedBody(content: Buffer, expectedSha256?: string): Buffer {
  const sha256 = expectedSha256 === undefined ? undefined : hashOf(content).toString('hex');
  if (sha256 !== expectedSha256) {
    throw new CheckpointError(
      `The checkpoint is not the file that was saved: its SHA-256 is ${sha256}, not ${expectedSha256}.`,
    );
  }
  if (content.subarray(0, magic.length).toString('latin1') !== magic) {
    throw new CheckpointError('The file is no checkpoint of this version: it does not begin with GANCKPT1.');
  }
  const body = content.subarray(0, -digestLength);
  if (!hashOf(body).equals(content.subarray(-digestLength))) {
    throw new CheckpointError('The checkpoint is damaged: its content does not match its own SHA-256.');
  }
  return body;
}

/** The header as it was written, and where the sections begin. */
export function splitCheckpointBody(body: Buffer): { header: unknown; sectionsAt: number } {
  const start = magic.length + 4;
  const sectionsAt = start + body.readUInt32LE(magic.length);
  return { header: JSON.parse(body.subarray(start, sectionsAt).toString()), sectionsAt };
}

const placeSchema = z.object({
  epoch: z.int().min(0),
  step: z.int().min(0),
  metrics: z.record(z.string(), wireNumberSchema).default({}),
});

/**
 * What a checkpoint says of itself, once its digest was verified: for whoever finds a file that nobody reported. The
 * state is not looked into.
 *
 * @throws CheckpointError where the file is damaged or no checkpoint
 */
export async function inspectCheckpoint(path: string): Promise<Omit<CheckpointFile, 'reason'>> {
  const content = await readFile(path);
  const { header } = splitCheckpointBody(verifiedBody(content));
  const parsed = placeSchema.safeParse(header);
  if (!parsed.success) {
    throw new CheckpointError(`The checkpoint cannot be used by this version: ${z.prettifyError(parsed.error)}`);
  }
  return { path, sha256: hashOf(content).toString('hex'), size_bytes: content.length, ...parsed.data };
}

/**
 * The rows that the run of a checkpoint held out; null: it trained on all of them.
 *
 * @param expectedSha256 of the whole file, in hex
 * @throws CheckpointError where the file is damaged or not the expected one
 */
export async function holdoutOfCheckpoint(path: string, expectedSha256: string): Promise<Holdout | null> {
  const { header } = splitCheckpointBody(await readCheckpointBody(path, expectedSha256));
  const parsed = z.object({ holdout: holdoutSchema.nullable().default(null) }).safeParse(header);
  if (parsed.success) return parsed.data.holdout;
  throw new CheckpointError(`The checkpoint cannot be used by this version: ${z.prettifyError(parsed.error)}`);
}

function hashOf(content: Buffer): Buffer {
  return createHash('sha256').update(content).digest();
}
