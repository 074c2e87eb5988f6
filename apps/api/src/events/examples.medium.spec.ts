import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FakeRuns, WorkingRun, startEventServer } from '../testing/event-server';
import type { EventServer } from '../testing/event-server';
import { createTestDataSource } from '../testing/test-data-source';

const docs = fileURLToPath(new URL('../../../../docs/', import.meta.url));
const folder = `${docs}examples/events/`;

/** A page stays open and has relative addresses; Node has its EventSource behind a flag, but neither of these. */
const asInPage = (url: string) =>
  `data:text/javascript,${encodeURIComponent(
    `const Native = EventSource;
     setInterval(() => undefined, 1e6);
     globalThis.EventSource = class extends Native { constructor(path) { super(new URL(path, '${url}')); } };`,
  )}`;

const examples: { file: string; program: string; arguments: (url: string) => string[]; resumes: boolean }[] = [
  {
    file: 'eventsource.mjs',
    program: process.execPath,
    arguments: (url) => ['--no-warnings', '--experimental-eventsource', '--import', asInPage(url)],
    resumes: true,
  },
  { file: 'fetch.mjs', program: process.execPath, arguments: () => [], resumes: true },
  { file: 'websocket.mjs', program: process.execPath, arguments: () => [], resumes: true },
  { file: 'stream.py', program: 'python3', arguments: () => [], resumes: true },
  { file: 'curl.sh', program: 'sh', arguments: () => [], resumes: false },
];

const isHere = (program: string) => spawnSync(program, ['--version']).status === 0;
const missing = ['python3', 'curl'].filter((program) => !isHere(program));
if (missing.length > 0) console.warn(`examples in these are left out, they are not installed: ${missing.join(', ')}`);
const runnable = examples.filter(
  ({ program, file }) => !missing.includes(program) && !missing.some((name) => file.startsWith(name)),
);

/** A client as its user would run it, and the places of the events that it has printed. */
class RunningExample {
  private text = '';
  private errors = '';
  private ended = false;
  private waiting: (() => void)[] = [];
  private readonly process: ChildProcess;

  constructor(
    private readonly file: string,
    program: string,
    programArguments: string[],
  ) {
    // In a group of its own, so that a shell's pipe ends with it.
    this.process = spawn(program, programArguments, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      // A runner that asks for colours would have the numbers printed with escape codes around them.
      env: { ...process.env, FORCE_COLOR: '0' },
    });
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => this.wake(() => (this.text += text)));
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.process.on('close', () => this.wake(() => (this.ended = true)));
    this.process.on('error', (error) => this.wake(() => (this.errors += error.message)));
  }

  /** Scripts print `type run seq`; curl prints the message itself. */
  seqsOf(runId: string): number[] {
    const pattern = new RegExp(`(?:${runId} |"run_id":"${runId}","seq":)(\\d+)`, 'g');
    return [...this.text.matchAll(pattern)].map(([, seq]) => Number(seq));
  }

  async until(condition: (example: RunningExample) => boolean): Promise<void> {
    while (!condition(this)) {
      if (this.ended) throw new Error(`${this.file} ended: ${this.text}\n${this.errors}`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  stop(): void {
    if (this.process.pid !== undefined && !this.ended) process.kill(-this.process.pid, 'SIGKILL');
  }

  private wake(change: () => void): void {
    change();
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

describe('the examples of docs/events.md', () => {
  let dataSource: DataSource;
  let closeDatabase: () => Promise<void>;
  let server: EventServer;
  const running: RunningExample[] = [];
  const runs = new FakeRuns();

  beforeAll(async () => {
    ({ dataSource, close: closeDatabase } = await createTestDataSource());
    server = await startEventServer(dataSource, runs);
  });
  afterEach(() => {
    for (const example of running.splice(0)) example.stop();
  });
  afterAll(async () => {
    await server.app.close();
    await closeDatabase();
  });

  it.each(examples)('$file stands in the document as it is', ({ file }) => {
    expect(readFileSync(`${docs}events.md`, 'utf8')).toContain(readFileSync(folder + file, 'utf8'));
  });

  it('receive everything from the start, and what happened while the server was away', async () => {
    const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
    const run = new WorkingRun(server, runs);
    await run.write(5);
    const clients = runnable.map((example) => {
      const client = new RunningExample(example.file, example.program, [
        ...example.arguments(server.url),
        folder + example.file,
        server.url,
      ]);
      running.push(client);
      return { client, resumes: example.resumes };
    });
    for (const { client } of clients) await client.until((example) => example.seqsOf(run.id).length >= 5);
    await run.write(3);
    for (const { client } of clients) await client.until((example) => example.seqsOf(run.id).length >= 8);
    await server.app.close();
    server = await startEventServer(dataSource, runs, { port: server.port });
    const later = new WorkingRun(server, runs);
    await later.write(4);
    for (const { client, resumes } of clients) {
      if (resumes) {
        await client.until((example) => example.seqsOf(later.id).length >= 4);
      }
      expect(client.seqsOf(run.id)).toEqual(upTo(8));
      expect(client.seqsOf(later.id)).toEqual(resumes ? upTo(4) : []);
    }
  }, 90_000);
});
