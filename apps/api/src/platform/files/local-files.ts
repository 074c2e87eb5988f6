import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { codeOf, filesUnder, linkOrCopy, partSuffix, removeFile, sha256Of, statFile, writeWhole } from './disk';
import { checkFolder, checkKey, FileDamagedError, FileMissingError, FileStore, StorageError } from './file-store';
import type { ByteRange, StoredFile } from './file-store';

const reasons: Partial<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space',
  EDQUOT: 'the quota is used up: free some space',
  EACCES: 'the server may not write there: change the rights of the folder',
  EROFS: 'the file system is read-only',
};

/** Keeps files in a folder of this machine. Processes that share the folder share the store. */
export class LocalFiles extends FileStore {
  /** @param root absolute; a key is a path below it */
  constructor(private readonly root: string) {
    super();
  }

  async put(key: string, path: string): Promise<void> {
    try {
      await writeWhole(this.pathOf(key), (part) => linkOrCopy(path, part));
    } catch (error) {
      const reason = reasons[codeOf(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));
      throw new StorageError(`the file ${key} could not be kept in ${this.root}: ${reason}`);
    }
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    const path = this.pathOf(key);
    try {
      const file = await open(path, 'r');
      return createReadStream(path, { fd: file, ...range });
    } catch (error) {
      throw codeOf(error) === 'ENOENT' ? new FileMissingError(key) : error;
    }
  }

  async local(key: string, sha256?: string): Promise<string> {
    const path = this.pathOf(key);
    if (!(await statFile(path))) throw new FileMissingError(key);
    if (sha256 === undefined) return path;
    const found = await sha256Of(path);
    if (found !== sha256) throw new FileDamagedError(key, `its SHA-256 is ${found}, not ${sha256}`);
    return path;
  }

  async size(key: string): Promise<number | undefined> {
    return (await statFile(this.pathOf(key)))?.sizeBytes;
  }

  async remove(key: string): Promise<void> {
    await removeFile(this.pathOf(key), this.root);
  }

  async list(folder: string): Promise<StoredFile[]> {
    const files = await filesUnder(join(this.root, checkFolder(folder)));
    return files
      .filter(({ path }) => !path.endsWith(partSuffix))
      .map(({ path, sizeBytes }) => ({ key: relative(this.root, path).split(sep).join('/'), sizeBytes }));
  }

  private pathOf(key: string): string {
    return join(this.root, checkKey(key));
  }
}
