import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { tableReplySchema } from './table-protocol';
import type { TableCommand, TableJob } from './table-protocol';

/** How long a process has to obey an interrupt before it is killed. */
const graceMs = 2_000;
const keptStderr = 2_000;

/** A job that failed, with its reason in words for people; `log` is what the process printed, for the log only. */
export class TableJobError extends Error {
  constructor(
    message: string,
    readonly log = '',
  ) {
    super(message);
    this.name = 'TableJobError';
  }
}

/** The job was given up because someone asked for it: shutdown, or its data set was deleted. */
export class TableJobCancelled extends TableJobError {
  constructor() {
    super('The job was cancelled before it was done.');
    this.name = 'TableJobCancelled';
  }
}

/**
 * Runs one job in a process of its own.
 *
 * @returns the job's result, not yet checked.
 * @throws TableJobError with the job's own reason, or how the process ended; TableJobCancelled when `signal` aborts.
 */
export function runTableJob(job: TableJob, options: { timeLimitMs: number; signal: AbortSignal }): Promise<unknown> {
  if (options.signal.aborted) return Promise.reject(new TableJobCancelled());
  return new TableProcess(job, options).result;
}

class TableProcess {
  readonly result: Promise<unknown>;
  private readonly child: ChildProcess;
  private stderr = '';
  private ending: TableJobError | undefined;
  private killTimer: NodeJS.Timeout | undefined;

  constructor(job: TableJob, { timeLimitMs, signal }: { timeLimitMs: number; signal: AbortSignal }) {
    this.child = fork(workerPath(), [], {
      env: environment(),
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-keptStderr);
    });
    const seconds = Math.round(timeLimitMs / 1000);
    const timeLimit = setTimeout(() => {
      this.end(new TableJobError(`The table process was stopped after its time limit of ${seconds} s.`));
    }, timeLimitMs);
    const abort = () => this.end(new TableJobCancelled());
    signal.addEventListener('abort', abort, { once: true });
    this.result = this.answer(job).finally(() => {
      clearTimeout(timeLimit);
      clearTimeout(this.killTimer);
      signal.removeEventListener('abort', abort);
    });
  }

  /** Settles when the process has exited, so that nothing of a job outlives its promise. */
  private answer(job: TableJob): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let reply: { result: unknown } | undefined;
      let failure: TableJobError | undefined;
      this.child.on('message', (message) => {
        const parsed = tableReplySchema.safeParse(message);
        if (!parsed.success) this.end(new TableJobError('The table process answered with something unknown.'));
        else if (parsed.data.kind === 'done') reply = { result: parsed.data.result };
        else failure = new TableJobError(parsed.data.error);
      });
      this.child.once('error', (error) => reject(new TableJobError(`The table process failed: ${error.message}`)));
      this.child.once('close', (code, signal) => {
        if (this.ending) reject(this.ending);
        else if (failure) reject(failure);
        else if (reply) resolve(reply.result);
        else reject(crashed(code, signal, this.stderr));
      });
      this.send(job);
    });
  }

  /** Interrupts the query and, where that does not end the process soon, kills it. */
  private end(reason: TableJobError): void {
    if (this.ending) return;
    this.ending = reason;
    this.send({ job: 'cancel' });
    this.killTimer = setTimeout(() => this.child.kill('SIGKILL'), graceMs);
  }

  private send(command: TableCommand): void {
    // An error here means that the process has gone, which its `close` event reports.
    if (this.child.connected) this.child.send(command, () => undefined);
  }
}

function crashed(code: number | null, signal: NodeJS.Signals | null, log: string): TableJobError {
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  const hint = signal === 'SIGKILL' ? ' The machine may be out of memory: lower TABLE_MEMORY_MB or free some.' : '';
  return new TableJobError(`The table process ${how} before it was done.${hint}`, log);
}

/** The built process lies beside the built server; tests name it. */
function workerPath(): string {
  return process.env['TABLE_WORKER'] ?? fileURLToPath(new URL('./table-worker.js', import.meta.url));
}

/** Only what a process needs to start: no secret of the server's environment goes to it. */
function environment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'LD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'];
  const kept = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...(Object.fromEntries(kept) as NodeJS.ProcessEnv), TZ: 'UTC' };
}
