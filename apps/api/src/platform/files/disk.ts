import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Files that are being written; they are nobody's yet. */
export const partSuffix = '.part';

export interface DiskFile {
  path: string;
  sizeBytes: number;
  modifiedMs: number;
}

/** SHA-256 of a file, in hex. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** The same bytes under a second name: linked where the file system can, else copied. */
export async function linkOrCopy(path: string, target: string): Promise<void> {
  try {
    await link(path, target);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw error;
    await copyFile(path, target, constants.COPYFILE_FICLONE);
  }
}

/**
 * Lets `write` make a file beside `path` and gives it that name once it is whole and on disk: also after a power
 * failure there is either nothing, what was there before, or all of it.
 */
export async function writeWhole(path: string, write: (part: string) => Promise<void>): Promise<void> {
  const folder = dirname(path);
  const part = `${path}.${randomUUID()}${partSuffix}`;
  await mkdir(folder, { recursive: true });
  try {
    await write(part);
    await sync(part, 'r+');
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  // Windows knows no handle of a folder; there the rename is on disk with the next flush of the file system.
  if (process.platform !== 'win32') await sync(folder, 'r');
}

/**
 * Appends a stream to a file and tells each part once the file has it. A pipeline would drop what waits for the disk
 * when the stream breaks, so that what was read and what was written part ways; here they are the same.
 */
export async function appendStream(
  path: string,
  stream: AsyncIterable<Buffer>,
  written: (part: Buffer) => void,
): Promise<void> {
  const handle = await open(path, 'a');
  try {
    for await (const part of stream) {
      await handle.appendFile(part);
      written(part);
    }
  } finally {
    await handle.close();
  }
}

async function sync(path: string, flags: 'r' | 'r+'): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Undefined where there is no file. */
export async function statFile(path: string): Promise<DiskFile | undefined> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? { path, sizeBytes: stats.size, modifiedMs: stats.mtimeMs } : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Every file under a folder, unfinished ones among them; none where there is no such folder. */
export async function filesUnder(folder: string): Promise<DiskFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => statFile(join(entry.parentPath, entry.name)));
  return (await Promise.all(files)).filter((file) => file !== undefined);
}

/** Removes a file and the folders up to `root` that it leaves empty. */
export async function removeFile(path: string, root: string): Promise<void> {
  await rm(path, { force: true });
  for (let folder = dirname(path); folder !== root && folder.startsWith(root); folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      // Something else lies in it, or somebody removed it first: either way it is not ours to remove.
      return;
    }
  }
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
