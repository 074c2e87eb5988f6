import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ApiClient } from './testing/api-client';
import { NetworkGate } from './testing/network-gate';
import { endless, smallTable } from './testing/small-runs';
import { startTestApp } from './testing/test-app';
import type { TestApp } from './testing/test-app';

const folder = fileURLToPath(new URL('../../../clients/api/examples/', import.meta.url));
const patience = { timeout: 60_000, interval: 50 };
const isHere = (program: string) => spawnSync(program, ['--version']).status === 0;
const examples = [
  { file: 'train.ts', program: process.execPath, needs: [process.execPath] },
  { file: 'train.py', program: 'python3', needs: ['python3'] },
  { file: 'train.sh', program: 'bash', needs: ['bash', 'curl'] },
].map((example) => ({ ...example, missing: example.needs.filter((program) => !isHere(program)) }));
for (const { file, missing } of examples) {
  if (missing.length > 0) console.warn(`${file} is left out, this is not installed: ${missing.join(', ')}`);
}

/** A script as its user would run it, and what it has said. */
class RunningScript {
  words = '';
  readonly ended: Promise<number | null>;
  private readonly process: ChildProcess;

  constructor(program: string, programArguments: string[]) {
    this.process = spawn(program, programArguments, { env: { ...process.env, FORCE_COLOR: '0' }, detached: true });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.words += text));
    }
    this.ended = once(this.process, 'close').then(([code]) => code as number | null);
  }

  get run(): string | undefined {
    return /^run (\S+)$/m.exec(this.words)?.[1];
  }

  get epochs(): number[] {
    return [...this.words.matchAll(/^epoch (\d+)/gm)].map(([, epoch]) => Number(epoch));
  }

  stop(): void {
    const { pid, exitCode, signalCode } = this.process;
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  }
}

describe('the examples of clients/api', () => {
  let server: TestApp;
  let gate: NetworkGate;
  let work: string;
  const scripts: { script: RunningScript; output: string }[] = [];

  beforeAll(async () => {
    server = await startTestApp({ maxConcurrentRuns: examples.length });
    gate = await NetworkGate.open(server.url);
    work = await mkdtemp(join(tmpdir(), 'gan-dashboard-examples-'));
  });
  afterAll(async () => {
    for (const { script } of scripts) script.stop();
    await gate.cut();
    await server.close();
    await rm(work, { recursive: true, force: true });
  });

  it('upload, train, go on after the connection was cut, and download', { timeout: 120_000 }, async () => {
    const api = new ApiClient(server.url);
    const input = join(work, 'prices.csv');
    await writeFile(input, smallTable());
    const config = JSON.stringify({ ...endless, steps_per_epoch: 40 });
    for (const { file, program, missing } of examples) {
      if (missing.length > 0) continue;
      const output = join(work, `${file}.csv`);
      scripts.push({ script: new RunningScript(program, [folder + file, gate.url, input, output, config]), output });
    }
    const each = (check: (script: RunningScript) => void) =>
      Promise.all(scripts.map(({ script }) => vi.waitFor(() => check(script), patience)));

    await each(({ epochs, words }) => expect(epochs.length, words).toBeGreaterThan(0));
    await gate.cut();
    const before = scripts.map(({ script }) => script.epochs.at(-1) ?? 0);
    await vi.waitFor(async () => {
      for (const [index, { script }] of scripts.entries()) {
        expect((await api.run(script.run ?? '')).epoch).toBeGreaterThan((before[index] ?? 0) + 2);
      }
    }, patience);
    await gate.open();
    await Promise.all(
      scripts.map(({ script }, index) =>
        vi.waitFor(() => expect(script.epochs.at(-1)).toBeGreaterThan((before[index] ?? 0) + 2), patience),
      ),
    );
    for (const { script } of scripts) await api.post(`/runs/${script.run}/stop`, {});
    for (const { script, output } of scripts) {
      expect(await script.ended, script.words).toBe(0);
      const first = script.epochs[0] ?? 0;
      expect(script.epochs).toEqual(Array.from({ length: script.epochs.length }, (_, index) => first + index));
      expect(script.words).toMatch(/^stopped$/m);
      const lines = (await readFile(output, 'utf8')).trimEnd().split('\r\n');
      expect([lines[0], lines.length]).toEqual(['time,price,side,volume', 1001]);
    }
  });
});
