import { inspectCheckpoint } from '@gan-dashboard/trainer';
import { csvReadingSchema, datasetColumnSchema, seedSchema } from '@gan-dashboard/shared-types';
import type { CheckpointFile, RunEventData, WorkerMessage } from '@gan-dashboard/shared-types';
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { CommandError, messageOf, UsageError } from './failures';
import { measuredQualitySchema } from './measure-quality';
import { exists } from './table-files';

/** Where runs go that name no folder, below the current one. */
export const runsFolder = 'gan-runs';
const recordFile = 'run.json';

const recordSchema = z.object({
  format_version: z.literal(1),
  status: z.enum(['running', 'stopped', 'completed', 'failed']),
  error: z.string().optional(),
  /** The process that trains; absent where none does. */
  process: z.int().optional(),
  created_at: z.string(),
  updated_at: z.string(),
  model: z.string(),
  /** Complete: also what was left to the defaults. */
  config: z.looseObject({ epochs: z.int() }),
  seed: seedSchema,
  /** Absent until the first step. */
  engine: z.string().optional(),
  data: z.object({
    file_name: z.string(),
    /** Of the CSV file. */
    sha256: z.string(),
    row_count: z.int(),
    rejected_row_count: z.int(),
    reading: csvReadingSchema,
  }),
  columns: z.array(datasetColumnSchema),
  /** Measured after the training, on sampled rows. */
  quality: measuredQualitySchema.optional(),
});
export type RunRecord = z.infer<typeof recordSchema>;

/** One run on disk: `run.json`, `metrics.jsonl`, `log.txt`, `table.parquet` and `checkpoints`. */
export class RunFolder {
  private constructor(
    readonly path: string,
    private written: RunRecord,
  ) {}

  static create(path: string, record: Omit<RunRecord, 'format_version' | 'created_at' | 'updated_at'>): RunFolder {
    const now = new Date().toISOString();
    const folder = new RunFolder(path, { format_version: 1, created_at: now, updated_at: now, ...record });
    folder.save({});
    return folder;
  }

  /** @throws UsageError where the folder holds no run that can be read */
  static async open(path: string): Promise<RunFolder> {
    let content: unknown;
    try {
      content = JSON.parse(await readFile(join(path, recordFile), 'utf8'));
    } catch (error) {
      throw new UsageError(
        `"${path}" is no run folder: its ${recordFile} cannot be read (${messageOf(error).split(',')[0] ?? ''}). Name a folder that gan-dashboard train has made.`,
        { cause: error },
      );
    }
    const record = recordSchema.safeParse(content);
    if (record.success) return new RunFolder(path, record.data);
    throw new UsageError(`"${path}" cannot be used: ${recordFile} is damaged: ${z.prettifyError(record.error)}`);
  }

  get record(): Readonly<RunRecord> {
    return this.written;
  }

  /** Names the run to the trainer, which only hands it on. */
  readonly id = randomUUID();

  get table(): string {
    return tableOf(this.path);
  }

  get checkpoints(): string {
    return join(this.path, 'checkpoints');
  }

  /** Whether a living process trains it. */
  get isBusy(): boolean {
    const { status, process: id } = this.written;
    return status === 'running' && id !== undefined && id !== process.pid && isAlive(id);
  }

  /** Writes what has changed, so that `run.json` holds either the old or the new record. */
  save(changes: Partial<RunRecord>): void {
    this.written = { ...this.written, ...changes, updated_at: new Date().toISOString() };
    const path = join(this.path, recordFile);
    writeFileSync(`${path}.part`, `${JSON.stringify(this.written, null, 2)}\n`);
    renameSync(`${path}.part`, path);
  }

  /** The run ends in this state; nobody trains it any more. */
  end(status: RunRecord['status'], error?: string): void {
    const { process: _process, error: _error, ...rest } = this.written;
    this.written = rest;
    this.save({ status, ...(error === undefined ? {} : { error }) });
  }

  log(level: string, message: string, at = new Date()): void {
    appendFileSync(join(this.path, 'log.txt'), `${at.toISOString()} ${level.padEnd(7)} ${message}\n`);
  }

  metrics(data: RunEventData<'training_update'>, at: Date): void {
    appendFileSync(this.metricsFile, `${JSON.stringify({ timestamp: at.toISOString(), ...data })}\n`);
  }

  /** Records what a trainer says that is to be kept. */
  keep(message: WorkerMessage, at: Date): void {
    if (message.kind === 'started' && message.data.engine) this.save({ engine: message.data.engine });
    if (message.kind === 'update') this.metrics(message.data, at);
    if (message.kind === 'log') this.log(message.level, message.message, at);
  }

  /** The steps after the checkpoint will be done again: what they gave is forgotten. */
  forgetMetricsAfter(step: number): void {
    if (!existsSync(this.metricsFile)) return;
    const kept = readFileSync(this.metricsFile, 'utf8')
      .split('\n')
      .filter((line) => stepOf(line) <= step);
    writeFileSync(this.metricsFile, kept.map((line) => `${line}\n`).join(''));
  }

  /** The checkpoint of the most steps that is whole; undefined where there is none yet. */
  async latestCheckpoint(): Promise<Omit<CheckpointFile, 'reason'> | undefined> {
    if (!(await exists(this.checkpoints))) return undefined;
    const names = (await readdir(this.checkpoints)).filter((name) => name.endsWith('.ckpt'));
    for (const name of names.sort().reverse()) {
      try {
        return await inspectCheckpoint(join(this.checkpoints, name));
      } catch (error) {
        this.log('warning', `${name} was passed over: ${messageOf(error)}`);
      }
    }
    if (names.length > 0) throw new CommandError(`None of the checkpoints in "${this.checkpoints}" can be read.`);
    return undefined;
  }

  /** All checkpoints that can be read, oldest first. */
  async wholeCheckpoints(): Promise<Omit<CheckpointFile, 'reason'>[]> {
    if (!(await exists(this.checkpoints))) return [];
    const found: Omit<CheckpointFile, 'reason'>[] = [];
    for (const name of (await readdir(this.checkpoints)).filter((each) => each.endsWith('.ckpt')).sort()) {
      try {
        found.push(await inspectCheckpoint(join(this.checkpoints, name)));
      } catch (error) {
        this.log('warning', `${name} was passed over: ${messageOf(error)}`);
      }
    }
    return found;
  }

  private get metricsFile(): string {
    return join(this.path, 'metrics.jsonl');
  }
}

export const tableOf = (runFolder: string) => join(runFolder, 'table.parquet');

/**
 * Makes an empty folder for a new run.
 *
 * @param asked absent: one named by the CSV, the model and the time
 * @throws UsageError where the folder is not empty
 */
export async function makeRunFolder(
  asked: string | undefined,
  { csv, model }: { csv: string; model: string },
): Promise<string> {
  if (asked !== undefined) {
    await mkdir(asked, { recursive: true });
    if ((await readdir(asked)).length === 0) return asked;
    const isRun = await exists(join(asked, recordFile));
    throw new UsageError(
      `--run-folder is "${asked}", which ${isRun ? `holds a run: go on with --resume ${asked}, or` : 'is not empty:'} name another folder.`,
    );
  }
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const name = `${basename(csv).replace(/\.[^.]*$/, '')}-${model}-${time}`;
  await mkdir(runsFolder, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const path = join(runsFolder, attempt === 1 ? name : `${name}-${attempt}`);
    try {
      await mkdir(path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** The latest run of a CSV below `gan-runs` that is not complete. @throws UsageError where there is none */
export async function latestRunOf(csv: string, sha256: string): Promise<RunFolder> {
  const names = (await exists(runsFolder)) ? await readdir(runsFolder) : [];
  const runs: RunFolder[] = [];
  for (const name of names) {
    const path = join(runsFolder, name);
    if (await exists(join(path, recordFile))) runs.push(await RunFolder.open(path));
  }
  const open = runs.filter(({ record }) => record.data.sha256 === sha256 && record.status !== 'completed');
  const [latest] = open.sort((a, b) => b.record.created_at.localeCompare(a.record.created_at));
  if (latest) return latest;
  throw new UsageError(
    `No run of "${csv}" below ${runsFolder} can go on: none is there, all are complete, or the file has changed. Name the run's folder with --resume FOLDER, or start a new run without --resume.`,
  );
}

/** A last line that a crash cut off counts as after everything. */
function stepOf(line: string): number {
  try {
    return z.object({ step: z.int() }).parse(JSON.parse(line)).step;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
