import type { Readable } from 'node:stream';

/** Bytes of a file by their places, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface StoredFile {
  key: string;
  sizeBytes: number;
}

/**
 * Where data sets, checkpoints and samples are kept, under keys such as `samples/<id>.csv`. A file is written once and
 * whole; every process on the store sees it from then on. Keys are made of ids of ours, never of what users name.
 */
export abstract class FileStore {
  /**
   * Keeps a copy of a file of this machine; an earlier one of the key is replaced at once or not at all. The file must
   * not be changed afterwards (it may share its bytes with the copy), but may be removed.
   *
   * @throws StorageError
   */
  abstract put(key: string, path: string): Promise<void>;

  /** @throws FileMissingError, StorageError before the first byte; the stream itself fails where the rest cannot be read. */
  abstract open(key: string, range?: ByteRange): Promise<Readable>;

  /**
   * A copy on this machine, to be read within the hour and not to be changed.
   *
   * @param sha256 hash of the content, in hex; absent: only what the store itself knows is checked
   * @throws FileMissingError, FileDamagedError, StorageError
   */
  abstract local(key: string, sha256?: string): Promise<string>;

  /** In bytes; undefined where there is no such file. @throws StorageError */
  abstract size(key: string): Promise<number | undefined>;

  /** Removing what is not there is no error. @throws StorageError */
  abstract remove(key: string): Promise<void>;

  /** All files of a folder and its subfolders. @param folder such as `datasets/` @throws StorageError */
  abstract list(folder: string): Promise<StoredFile[]>;
}

/** The store has no such file. */
export class FileMissingError extends Error {
  override readonly name = 'FileMissingError';

  constructor(readonly key: string) {
    super(`the file ${key} is not in the store`);
  }
}

/** The content of a file is not what was put into the store. */
export class FileDamagedError extends Error {
  override readonly name = 'FileDamagedError';

  constructor(
    readonly key: string,
    difference: string,
  ) {
    super(`the file ${key} is damaged: ${difference}`);
  }
}

/** The store did not do what was asked; the message says why, in words for people and without secrets. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

const segment = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** @throws StorageError for a key that could lead out of the store. */
export function checkKey(key: string): string {
  if (key.split('/').every((part) => segment.test(part))) return key;
  throw new StorageError(`${JSON.stringify(key)} is no key of a file: use names of letters, digits, ".", "_" and "-"`);
}

/** @throws StorageError for what is no folder. */
export function checkFolder(folder: string): string {
  if (!folder.endsWith('/')) throw new StorageError(`${JSON.stringify(folder)} is no folder: it must end with "/"`);
  checkKey(folder.slice(0, -1));
  return folder;
}
