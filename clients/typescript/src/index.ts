import { Run } from './run.ts';
import { RefusedError, Sender } from './sender.ts';
import { MemorySpool } from './spool.ts';
import type { Spool } from './spool.ts';

export { Run } from './run.ts';
export type { LogLevel, Outcome, Place } from './run.ts';

export interface RunOptions {
  /** Address of the dashboard; default: GAN_DASHBOARD_URL, else http://127.0.0.1:8081. In a page: its own origin. */
  url?: string;
  name?: string;
  model?: string;
  /** Settings of the run, to be shown and compared. */
  config?: Record<string, unknown>;
  totalEpochs?: number;
  seed?: number;
  tags?: string[];
  notes?: string;
  /** Node only. Default: GAN_DASHBOARD_SPOOL, else ~/.gan-dashboard/spool-js. `null`: nothing is kept on disk. */
  spoolFolder?: string | null;
  /** Milliseconds between two signs of life of a program that logs nothing. */
  heartbeatMs?: number;
  /** Somebody asks the run to stop. */
  onStop?: () => void;
  /** What went wrong; default: a warning on the console. */
  onProblem?: (message: string) => void;
}

/** Begins a run. It does not wait for the server; what is logged is kept until the server has it. */
export async function init(options: RunOptions = {}): Promise<Run> {
  const onProblem = options.onProblem ?? ((message: string) => console.warn(`gan-dashboard: ${message}`));
  const url = addressOf(options.url);
  const spool = await spoolFor(url, options, onProblem);
  const run = new Run(spool, {
    totalEpochs: options.totalEpochs,
    heartbeatMs: options.heartbeatMs ?? 20_000,
    onStop: options.onStop,
    onProblem,
  });
  if (isNode) process.once('beforeExit', () => void run.close(5_000));
  return run;
}

/** Begins a run, works, and ends it: as failed when the work throws, as stopped when somebody asked for that. */
export async function withRun<Result>(options: RunOptions, work: (run: Run) => Promise<Result>): Promise<Result> {
  const run = await init(options);
  try {
    const result = await work(run);
    await run.finish(run.shouldStop ? 'stopped' : 'completed');
    return result;
  } catch (error) {
    await run.finish('failed', { error: String(error) });
    throw error;
  }
}

const isNode = typeof process !== 'undefined' && typeof process.versions?.node === 'string';

function addressOf(url: string | undefined): string {
  const own = isNode
    ? process.env['GAN_DASHBOARD_URL']
    : (globalThis as { location?: { origin: string } }).location?.origin;
  return (url ?? own ?? 'http://127.0.0.1:8081').replace(/\/+$/, '');
}

async function spoolFor(url: string, options: RunOptions, onProblem: (message: string) => void): Promise<Spool> {
  const { name, model, config, totalEpochs: total_epochs, seed, tags, notes, spoolFolder } = options;
  const request = { origin: 'external', name, model, config, total_epochs, seed, tags, notes };
  if (isNode && spoolFolder !== null) {
    try {
      // Only here: a page has no files, and a bundler for one must not need them.
      const { FileSpool, defaultSpoolFolder } = await import('./file-spool.ts');
      const folder = spoolFolder ?? defaultSpoolFolder();
      const left = FileSpool.adoptAll(folder, url, onProblem);
      void replay(left, onProblem);
      return FileSpool.create(folder, url, request);
    } catch (error) {
      onProblem(`nothing is kept on disk: ${String(error)}`);
    }
  }
  return new MemorySpool(url, request);
}

/** Sends, one after the other, what processes have left behind that are gone. */
async function replay(spools: readonly Spool[], onProblem: (message: string) => void): Promise<void> {
  for (const spool of spools) {
    const sender = new Sender(spool, { isReplay: true, heartbeatMs: 20_000, onStopAsked: () => undefined, onProblem });
    await sender.done;
    // What the server refuses for good would be refused again.
    spool.close(sender.failure === undefined || sender.failure instanceof RefusedError);
  }
}
