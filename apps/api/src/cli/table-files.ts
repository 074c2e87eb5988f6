import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, realpath, rename, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { runTableJob, TableJobCancelled } from '../datasets/table/table-process';
import { parquetFile, resultSchemas, sourceFile } from '../datasets/table/table-protocol';
import type { ImportResult, TableJob } from '../datasets/table/table-protocol';
import { CommandError, InterruptedError, messageOf, UsageError } from './failures';

const timeLimitMs = 30 * 60_000;
const memorySchema = z.coerce.number().int().min(128).default(512);

/**
 * Reads a CSV into typed Parquet, by the same process and rules as the dashboard.
 *
 * @throws UsageError where there is no such file; CommandError with the import's own reason
 */
export async function importCsv(csv: string, parquet: string, signal: AbortSignal): Promise<ImportResult> {
  return withWorkFolder(dirname(parquet), async (folder) => {
    // A link to a link would lead out of the folder.
    await place(await realpath(csv), join(folder, sourceFile));
    const result = await runJob({ job: 'import', ...limits(folder) }, signal);
    await rename(join(folder, parquetFile), parquet);
    return resultSchemas.import.parse(result);
  });
}

/** Makes `data.parquet` of the `source.csv` in the folder, whose columns are known. @returns its path */
export async function toParquet(
  folder: string,
  columns: readonly DatasetColumn[],
  signal: AbortSignal,
): Promise<string> {
  await runJob({ job: 'typed-parquet', ...limits(folder), columns: [...columns] }, signal);
  return join(folder, parquetFile);
}

/** A folder beside the target, so that what is made there can be moved to it as a whole. */
export async function withWorkFolder<Result>(
  beside: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const parent = resolve(beside);
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, '.gan-dashboard-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Gives a finished file its name, whole or not at all.
 *
 * @throws CommandError where there is a file of that name and it is not to be replaced
 */
export async function publish(file: string, target: string, isForced: boolean): Promise<void> {
  if (isForced) return rename(file, target);
  try {
    await link(file, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new CommandError(existsMessage(target));
    // A file system without hard links.
    if (await exists(target)) throw new CommandError(existsMessage(target), { cause: error });
    await rename(file, target);
  }
}

/** @throws UsageError where the file is there already: nothing is overwritten unasked */
export async function requireFree(out: string | undefined, isForced: boolean): Promise<void> {
  if (out !== undefined && !isForced && (await exists(out))) throw new UsageError(existsMessage(out));
}

function existsMessage(path: string): string {
  return `--out is "${path}", which exists. Name another file, or add --force to replace it.`;
}

export async function exists(path: string): Promise<boolean> {
  return (await statusOf(path)) !== undefined;
}

/** @throws UsageError where it is no file that can be read */
export async function requireFile(path: string): Promise<void> {
  const status = await statusOf(path);
  if (!status) throw new UsageError(`The CSV file "${path}" does not exist. Check its name and folder.`);
  if (!status.isFile()) throw new UsageError(`"${path}" is no file. Name a CSV file.`);
}

/** @returns undefined where there is nothing; every other failure is thrown. */
export async function statusOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** SHA-256 of a file's content, in hex. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function runJob(job: TableJob, signal: AbortSignal): Promise<unknown> {
  try {
    return await runTableJob(job, { timeLimitMs, signal });
  } catch (error) {
    // Ctrl-C in a terminal reaches the table process, too, which may end before it is asked to.
    if (error instanceof TableJobCancelled || signal.aborted) throw new InterruptedError('Stopped.', { cause: error });
    throw new CommandError(messageOf(error), { cause: error });
  }
}

function limits(folder: string): { folder: string; memory_mb: number; threads: number } {
  const given = process.env['TABLE_MEMORY_MB'];
  const memory = memorySchema.safeParse(given);
  if (!memory.success) {
    throw new UsageError(`TABLE_MEMORY_MB is "${given}"; allowed: a whole number of megabytes, 128 or more.`);
  }
  return { folder, memory_mb: memory.data, threads: Math.min(2, availableParallelism()) };
}

/** As a hard link where the file system has them, else as a copy. */
async function place(path: string, target: string): Promise<void> {
  try {
    await link(path, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    await copyFile(path, target);
  }
}
