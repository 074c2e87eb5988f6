import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { batchLimits } from './spool.ts';
import type { Spool, SpoolState } from './spool.ts';

/** A file that was sent completely is emptied when it is larger than this, in bytes. */
const emptyAbove = 4_000_000;
const newLine = 0x0a;

export function defaultSpoolFolder(): string {
  return process.env['GAN_DASHBOARD_SPOOL'] ?? join(homedir(), '.gan-dashboard', 'spool-js');
}

interface FileState extends SpoolState {
  /** Bytes of the file that have arrived. */
  sent: number;
}

/**
 * A spool that outlives its process: `<id>.jsonl` holds the events, `<id>.<pid>.json` what was sent of them and which
 * process works with it. Whoever renames that file to its own number has taken over what a dead process left.
 */
export class FileSpool implements Spool {
  readonly clientId: string;
  private readonly folder: string;
  private readonly file: number;
  private fileState: FileState;
  private size: number;
  private batch = 0;

  private constructor(folder: string, clientId: string, state: FileState) {
    this.folder = folder;
    this.clientId = clientId;
    this.fileState = state;
    this.file = openSync(this.dataFile, 'a+');
    this.size = this.cutHalfLine();
  }

  static create(folder: string, url: string, request: Record<string, unknown>): FileSpool {
    mkdirSync(folder, { recursive: true });
    const spool = new FileSpool(folder, randomUUID(), { url, request, runId: null, sent: 0 });
    spool.save();
    return spool;
  }

  /** What processes that are gone have left behind for this server. Somebody else's, and what cannot be read, stays. */
  static adoptAll(folder: string, url: string, onProblem: (message: string) => void): FileSpool[] {
    mkdirSync(folder, { recursive: true });
    return readdirSync(folder).flatMap((name) => {
      const [, clientId, owner] = /^([0-9a-f-]{36})\.(\d+)\.json$/.exec(name) ?? [];
      if (clientId === undefined || owner === undefined || isAlive(Number(owner))) return [];
      try {
        const state = JSON.parse(readFileSync(join(folder, name), 'utf8')) as FileState;
        if (state.url !== url) return [];
        renameSync(join(folder, name), join(folder, `${clientId}.${process.pid}.json`));
        return [new FileSpool(folder, clientId, state)];
      } catch (error) {
        // Somebody else was faster, or the file was written only in part.
        if (!isMissing(error)) onProblem(`the spool ${name} cannot be read: ${String(error)}`);
        return [];
      }
    });
  }

  get state(): SpoolState {
    return this.fileState;
  }

  get hasUnsent(): boolean {
    return this.fileState.sent < this.size;
  }

  append(line: string): void {
    this.size += writeSync(this.file, `${line}\n`);
  }

  nextBatch(): string {
    const { sent } = this.fileState;
    const bytes = Buffer.alloc(Math.min(batchLimits.bytes, this.size - sent));
    readSync(this.file, bytes, 0, bytes.length, sent);
    let end = 0;
    for (let lines = 0; lines < batchLimits.lines; lines++) {
      const next = bytes.indexOf(newLine, end);
      if (next === -1) break;
      end = next + 1;
    }
    this.batch = end;
    return bytes.toString('utf8', 0, end);
  }

  batchArrived(): void {
    const sent = this.fileState.sent + this.batch;
    this.batch = 0;
    const isEmpty = sent === this.size && sent > emptyAbove;
    // Should the process end between the two: the server knows the events by their numbers.
    this.fileState = { ...this.fileState, sent: isEmpty ? 0 : sent };
    this.save();
    if (!isEmpty) return;
    ftruncateSync(this.file, 0);
    this.size = 0;
  }

  made(runId: string): void {
    this.fileState = { ...this.fileState, runId };
    this.save();
  }

  close(isDone: boolean): void {
    closeSync(this.file);
    if (!isDone) return;
    rmSync(this.stateFile, { force: true });
    rmSync(this.dataFile, { force: true });
  }

  private get dataFile(): string {
    return join(this.folder, `${this.clientId}.jsonl`);
  }

  private get stateFile(): string {
    return join(this.folder, `${this.clientId}.${process.pid}.json`);
  }

  private save(): void {
    const temporary = `${this.stateFile}.tmp`;
    writeFileSync(temporary, JSON.stringify(this.fileState));
    renameSync(temporary, this.stateFile);
  }

  /** A process that was killed may have left half a line. @returns the size without it */
  private cutHalfLine(): number {
    const { size } = fstatSync(this.file);
    const tail = Buffer.alloc(Math.min(size, batchLimits.bytes));
    readSync(this.file, tail, 0, tail.length, size - tail.length);
    const whole = size - tail.length + tail.lastIndexOf(newLine) + 1;
    if (whole < size) ftruncateSync(this.file, whole);
    return whole;
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
