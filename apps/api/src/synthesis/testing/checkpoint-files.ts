import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectCheckpoint } from '@gan-dashboard/trainer';
import type { CheckpointFile } from '@gan-dashboard/shared-types';

/**
 * Writes a file as the trainer would (magic, header, digest), with a header that says no more than where it stands. The
 * same step gives the same bytes.
 */
export async function writeCheckpoint(
  folder: string,
  { step, estimate, reason }: { step: number; estimate?: number; reason?: CheckpointFile['reason'] },
): Promise<CheckpointFile> {
  const metrics = estimate === undefined ? {} : { wasserstein_estimate: estimate };
  const header = Buffer.from(JSON.stringify({ epoch: Math.floor(step / 10), step, metrics }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const body = Buffer.concat([Buffer.from('GANCKPT1'), length, header]);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `epoch-${Math.floor(step / 10)}-step-${step}.ckpt`);
  await writeFile(path, Buffer.concat([body, createHash('sha256').update(body).digest()]));
  return checkpointFile(path, reason);
}

export async function checkpointFile(
  path: string,
  reason: CheckpointFile['reason'] = 'schedule',
): Promise<CheckpointFile> {
  return { ...(await inspectCheckpoint(path)), reason };
}
