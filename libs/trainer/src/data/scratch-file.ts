import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DataError } from './errors';

/**
 * Room on disk for as long as a process lives. The file has no name from the start on, so that nothing of it is left
 * behind however the process ends. Reads and writes block, as a step of training does.
 */
export class ScratchFile {
  private size = 0;

  private constructor(private readonly file: number) {}

  /** @throws DataError where the folder takes no file */
  static open(folder: string): ScratchFile {
    const path = join(folder, `${randomUUID()}.rows`);
    try {
      mkdirSync(folder, { recursive: true });
      const file = openSync(path, 'wx+', 0o600);
      rmSync(path);
      return new ScratchFile(file);
    } catch (cause) {
      throw failed(`"${folder}" takes no file for encoded rows`, cause);
    }
  }

  /** @returns where it begins. @throws DataError where the disk is full */
  append(values: NodeJS.ArrayBufferView): number {
    const start = this.size;
    try {
      for (let done = 0; done < values.byteLength; ) {
        done += writeSync(this.file, values, done, values.byteLength - done, start + done);
      }
    } catch (cause) {
      throw failed('Encoded rows cannot be written', cause);
    }
    this.size += values.byteLength;
    return start;
  }

  /** Fills `values` with what stands from `position` on. */
  read(values: NodeJS.ArrayBufferView, position: number): void {
    this.readPart(values, { from: 0, bytes: values.byteLength }, position);
  }

  /** The same for a part of `values`, in bytes. */
  readPart(values: NodeJS.ArrayBufferView, { from, bytes }: { from: number; bytes: number }, position: number): void {
    for (let done = 0; done < bytes; ) {
      const read = readSync(this.file, values, from + done, bytes - done, position + done);
      if (read === 0) throw new RangeError(`the file ends at ${this.size}, before ${position + bytes}`);
      done += read;
    }
  }

  close(): void {
    closeSync(this.file);
  }
}

function failed(what: string, cause: unknown): DataError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DataError(`${what}: ${reason}. Make room there, or raise TRAINING_ROWS_MEMORY_MB so that they stay in memory.`, {
    cause,
  });
}
