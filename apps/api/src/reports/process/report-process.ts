import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import type { PrivacyCheck } from '@gan-dashboard/shared-types';
import { processReplySchema, resultSchemas } from './report-protocol';
import type { PrivacyTask, ProcessTask, reportDoneSchema, ReportTask } from './report-protocol';

const keptStderr = 1_000;

/** The task failed for a reason of its own, in words for people; or its process ended before it was done. */
export class ReportTaskError extends Error {
  override readonly name: string = 'ReportTaskError';
}

/** The process was killed because somebody asked for it. */
export class ReportTaskAborted extends ReportTaskError {
  override readonly name = 'ReportTaskAborted';

  constructor() {
    super('The task was given up before it was done.');
  }
}

export interface TaskOptions {
  signal: AbortSignal;
  onProgress?: (phase: string, percent: number) => void;
}

/**
 * Measures in a process of its own, so that no table, however large, holds the server up or takes its memory.
 *
 * @returns when the process has ended
 * @throws ReportTaskError, ReportTaskAborted when `signal` aborts
 */
export function runReportTask(task: ReportTask, options: TaskOptions): Promise<z.infer<typeof reportDoneSchema>>;
export function runReportTask(task: PrivacyTask, options: TaskOptions): Promise<PrivacyCheck>;
export function runReportTask(task: ProcessTask, { signal, onProgress }: TaskOptions): Promise<unknown> {
  if (signal.aborted) return Promise.reject(new ReportTaskAborted());
  const child = fork(workerPath(), [], {
    env: environment(),
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  let reply: { result: unknown } | { error: string } | undefined;
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-keptStderr)));
  const abort = () => child.kill('SIGKILL');
  signal.addEventListener('abort', abort, { once: true });
  child.on('message', (message) => {
    const parsed = processReplySchema.safeParse(message);
    if (!parsed.success) reply ??= { error: 'The report process answered with something unknown.' };
    else if (parsed.data.kind === 'progress') onProgress?.(parsed.data.phase, parsed.data.percent);
    else if (parsed.data.kind === 'done') reply = { result: parsed.data.result };
    else reply = { error: parsed.data.error };
  });
  child.once('error', (error) => reject(new ReportTaskError(`The report process failed: ${error.message}`)));
  child.once('close', (code, killedBy) => {
    signal.removeEventListener('abort', abort);
    if (signal.aborted) reject(new ReportTaskAborted());
    else if (!reply) reject(new ReportTaskError(describeEnd(code, killedBy, stderr)));
    else if ('error' in reply) reject(new ReportTaskError(reply.error));
    else resolve(resultSchemas[task.task].parse(reply.result));
  });
  // An error here means that the process has gone, which its `close` event reports.
  child.send(task, () => undefined);
  return promise;
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null, stderr: string): string {
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  const hint = signal === 'SIGKILL' ? ' The machine may be out of memory: take fewer rows.' : '';
  const line = stderr
    .split('\n')
    .findLast((each) => /\S/.test(each) && !/^\s+at /.test(each))
    ?.trim();
  return `The report process ${how} before it was done.${hint}${line ? ` Its last words: ${line.slice(0, 300)}` : ''}`;
}

/** The built process lies beside the built server; tests name it. */
function workerPath(): string {
  return process.env['REPORT_WORKER'] ?? fileURLToPath(new URL('./report-worker.js', import.meta.url));
}

/** Only what a process needs to start: no secret of the server's environment goes to it. */
function environment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'LD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'];
  const kept = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...(Object.fromEntries(kept) as NodeJS.ProcessEnv), TZ: 'UTC' };
}
