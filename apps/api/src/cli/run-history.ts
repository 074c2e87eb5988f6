import { logLevels, trainingUpdateSchema } from '@gan-dashboard/shared-types';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { RunFolder, RunRecord } from './run-folder';

/** A message as runs from outside post them. */
export interface PostedMessage {
  type: 'training_start' | 'training_update' | 'progress' | 'log_entry' | 'training_complete';
  timestamp: string;
  data: Record<string, unknown>;
}

export interface RunHistory {
  /** In the order of time, the end last. */
  messages: PostedMessage[];
  /** What could not be read. */
  warnings: string[];
}

const timedSchema = z.looseObject({ timestamp: z.iso.datetime() });
const logLine = new RegExp(`^(\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z) (${logLevels.join('|')})\\s+(.*)$`);

/** What has happened in a run, by its `metrics.jsonl`, `log.txt` and `run.json`. */
export async function historyOf({ path, record }: Pick<RunFolder, 'path' | 'record'>): Promise<RunHistory> {
  const warnings: string[] = [];
  const updates = (await linesOf(join(path, 'metrics.jsonl'))).flatMap((line, index) => {
    const message = updateOf(line);
    if (!message) warnings.push(`metrics.jsonl, line ${index + 1} cannot be read and is left out.`);
    return message ? [message, progressOf(message, record.config.epochs)] : [];
  });
  const logs = logsOf(await linesOf(join(path, 'log.txt')));
  const between = [...updates, ...logs].sort((a, b) => a.timestamp.localeCompare(b.timestamp));
  const start: PostedMessage = {
    type: 'training_start',
    timestamp: record.created_at,
    data: {
      message: `Training ${record.model} on ${record.data.file_name}`,
      data_source: record.data.file_name,
      ...(record.engine === undefined ? {} : { engine: record.engine }),
    },
  };
  return { messages: [start, ...between, endOf(record)], warnings };
}

async function linesOf(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  return (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
}

function updateOf(line: string): PostedMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined; // A crash has cut it off; the caller says so.
  }
  const timed = timedSchema.safeParse(value);
  if (!timed.success) return undefined;
  const { timestamp, ...rest } = timed.data;
  const { success, data } = trainingUpdateSchema.safeParse(rest);
  return success ? { type: 'training_update', timestamp, data } : undefined;
}

/** Where the run stood after an epoch. */
function progressOf({ timestamp, data: { epoch, step } }: PostedMessage, epochs: number): PostedMessage {
  const percent = Math.min(100, (100 * Number(epoch)) / epochs);
  const data = { epoch, total_epochs: epochs, step, progress_percent: percent, phase: 'training' };
  return { type: 'progress', timestamp, data };
}

/** A line without a time goes on with the message before it. */
function logsOf(lines: readonly string[]): PostedMessage[] {
  const logs: { timestamp: string; level: string; message: string }[] = [];
  for (const line of lines) {
    const [, timestamp, level, message] = logLine.exec(line) ?? [];
    const last = logs.at(-1);
    if (timestamp && level) logs.push({ timestamp, level, message: message ?? '' });
    else if (last) last.message += `\n${line}`;
  }
  return logs
    .filter(({ message }) => message.trim() !== '')
    .map(({ timestamp, ...data }) => ({ type: 'log_entry', timestamp, data: { source: 'training', ...data } }));
}

/** A run whose process was killed has not said how it ended: it is one that was stopped. */
function endOf({ status, error, updated_at: timestamp }: RunRecord): PostedMessage {
  const ends = {
    completed: { status: 'completed', message: 'Training completed.' },
    failed: { status: 'failed', message: 'Training failed.', error: error ?? 'The reason was not kept.' },
    stopped: { status: 'stopped', message: 'Training stopped.' },
    running: { status: 'stopped', message: 'The command was killed.' },
  };
  return { type: 'training_complete', timestamp, data: ends[status] };
}
