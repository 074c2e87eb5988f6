import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processTree, stillRunning } from './processes';
import { waitUntil } from './wait-until';

const mainFile = fileURLToPath(new URL('../../../../dist/apps/api/main.js', import.meta.url));
/** The server takes the next free port from here. */
const firstPort = 18_081;
const startPatienceMs = 60_000;
const stopPatienceMs = 30_000;

export interface ServerOptions {
  /** '' or '/tools/gan'. */
  basePath?: string;
  /** Variables of its own, such as MAX_CONCURRENT_RUNS. */
  environment?: Record<string, string>;
}

/** The built server as `npm start` runs it, with a data folder of its own, embedded PostgreSQL and all. */
export class DashboardServer {
  private child: ChildProcess | undefined;
  private output = '';
  private address = '';

  private constructor(
    private readonly dataDir: string,
    private readonly basePath: string,
    private readonly environment: Record<string, string>,
    private readonly isOwner = true,
  ) {}

  /** @throws Error with what the server wrote, when it does not come up */
  static async start({ basePath = '', environment = {} }: ServerOptions = {}): Promise<DashboardServer> {
    const dataDir = mkdtempSync(join(tmpdir(), 'gan-dashboard-e2e-'));
    // For root, PostgreSQL runs as another user, who must be able to get to its folder.
    chmodSync(dataDir, 0o755);
    const server = new DashboardServer(dataDir, basePath, environment);
    await server.launch(firstPort);
    return server;
  }

  /** A second web process on the same data and runs, which must be stopped before the first. */
  async startBeside({ basePath = '', environment = {} }: ServerOptions): Promise<DashboardServer> {
    const own = { ...this.environment, ...environment, ROLE: 'web' };
    const server = new DashboardServer(this.dataDir, basePath, own, false);
    await server.launch(firstPort);
    return server;
  }

  /** Where the page is, with a slash at the end. */
  get url(): string {
    return this.address;
  }

  /** What the server has written to its terminal. */
  get log(): string {
    return this.output;
  }

  /** The newest process that trains a run, as the server's log names it. */
  async trainerPid(runId: string): Promise<number> {
    const pattern = new RegExp(`run ${runId} .* started as process (\\d+)`, 'g');
    const pid = await waitUntil(
      `the trainer of run ${runId}`,
      20_000,
      () => [...this.output.matchAll(pattern)].at(-1)?.[1],
    );
    return Number(pid);
  }

  /**
   * SIGTERM, then waits for the end.
   *
   * @throws Error when the server ends otherwise than with 0, or leaves a process behind
   */
  async halt(): Promise<void> {
    const child = this.child;
    if (child?.pid === undefined) return;
    this.child = undefined;
    const before = processTree(child.pid);
    const ended = once(child, 'exit', { signal: AbortSignal.timeout(stopPatienceMs) });
    child.kill('SIGTERM');
    const [code, signal] = (await ended.catch(() => {
      throw new Error(`the server did not end within ${stopPatienceMs / 1_000} s of SIGTERM:\n${this.output}`);
    })) as [number | null, NodeJS.Signals | null];
    if (code !== 0) throw new Error(`the server ended with ${signal ?? `exit code ${code}`}:\n${this.output}`);
    await waitUntil('the processes of the server to end', 5_000, () => stillRunning(before).length === 0).catch(() => {
      const left = stillRunning(before).map(({ pid, command }) => `${pid} ${command}`);
      throw new Error(`the server left processes behind:\n${left.join('\n')}`);
    });
  }

  /** Starts again on the same data and port after `halt`, with other variables if there are any. */
  async resume(environment: Record<string, string> = {}): Promise<void> {
    Object.assign(this.environment, environment);
    const before = this.address;
    await this.launch(Number(new URL(before).port));
    if (this.address !== before) throw new Error(`the server came back at ${this.address} instead of ${before}`);
  }

  /** The token that makes the first administrator, as the server has printed it. */
  get setupToken(): string {
    const token = /make one with this token:\s+(\S+)/.exec(this.output)?.[1];
    if (token === undefined) throw new Error(`the server has printed no setup token:\n${this.output}`);
    return token;
  }

  /** `halt`, and removes the data folder where it is its own. */
  async stop(): Promise<void> {
    try {
      await this.halt();
    } finally {
      if (this.isOwner) rmSync(this.dataDir, { recursive: true, force: true });
    }
  }

  private async launch(port: number): Promise<void> {
    if (!existsSync(mainFile)) throw new Error('the server is not built: run `npx nx run-many -t build -p api web`');
    const heard = this.output.length;
    const child = fork(mainFile, [], {
      env: serverEnvironment({
        PORT: String(port),
        DATA_DIR: this.dataDir,
        BASE_PATH: this.basePath,
        ...this.environment,
      }),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    const address = await waitUntil('the server to say its address', startPatienceMs, () => {
      if (child.exitCode !== null) throw new Error(`the server did not start:\n${this.output}`);
      return /ready: (http:\S+)/.exec(this.output.slice(heard))?.[1];
    });
    this.address = address;
    await waitUntil('/healthz', startPatienceMs, async () => (await fetch(new URL('healthz', address))).ok);
  }
}

/** The variables of this process without those that would make another server of it. */
function serverEnvironment(own: Record<string, string>): NodeJS.ProcessEnv {
  const { DATABASE_URL: _database, HOST: _host, LOG_LEVEL: _level, NODE_OPTIONS: _options, ...others } = process.env;
  // Supervised: should the test runner be killed, the server ends as well.
  return { ...others, MAX_CONCURRENT_RUNS: '8', GAN_DASHBOARD_SUPERVISED: '1', ...own };
}
