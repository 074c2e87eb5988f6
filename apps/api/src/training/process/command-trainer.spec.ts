import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TrainTask, WorkerMessage } from '@gan-dashboard/shared-types';
import type { ProcessEnd } from '../trainer-process';
import { CommandTrainer } from './command-trainer';
import { GroupGuard } from './group-guard';
import type { CommandTrainerDefinition } from './trainers-file';

const task: TrainTask = {
  task: 'train',
  run_id: '11111111-1111-4111-8111-111111111111',
  model: 'process:test',
  config: { epochs: 3, rate: 0.5 },
  seed: 7,
  data: {
    parquet_path: 'data.parquet',
    source_name: 'prices.csv',
    columns: [],
    csv_path: '/data of the run/source.csv',
  },
  checkpoint_folder: 'checkpoints',
};

/** Prints like a trainer of somebody else: an epoch a line, a bar with carriage returns, words on stderr. */
const pythonTrainer = `
import json, sys, time
config = json.load(open(sys.argv[1]))
assert config["rate"] == 0.5
for epoch in range(1, int(sys.argv[2]) + 1):
    for batch in range(1, 41):
        done = "#" * (batch // 4)
        sys.stderr.write(f"\\rEpoch {epoch}/{sys.argv[2]}: {batch * 100 // 40:3d}%|{done:10s}| {batch}/40 [00:01<00:01]")
    sys.stderr.write("\\n")
    print(f"Epoch {epoch}/{sys.argv[2]} Generator Loss: {1 / epoch} Discriminator Loss: -1.5e-1 Real Scores: nan")
print("warnings.warn: be careful", file=sys.stderr)
print("data", sys.argv[3], "seed", sys.argv[4])
open(sys.argv[5] + "/model.bin", "w").write("weights")
`;

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version']);
    return true;
  } catch {
    return false;
  }
}

class Watched {
  readonly messages: WorkerMessage[] = [];
  readonly output: { stream: string; line: string }[] = [];
  readonly errors: string[] = [];
  readonly trainer: CommandTrainer;
  readonly ended: Promise<ProcessEnd>;

  constructor(folder: string, definition: Partial<CommandTrainerDefinition>) {
    const { promise, resolve } = Promise.withResolvers<ProcessEnd>();
    this.ended = promise;
    const options = {
      definition: {
        name: 'test',
        title: 'test',
        description: '',
        command: [],
        workingFolder: folder,
        environment: {},
        passEnvironment: [],
        maxRunSeconds: undefined,
        maxLineLength: 8_192,
        patterns: [],
        readsOtherLines: true,
        fields: [],
        ...definition,
      },
      task,
      configFile: join(folder, 'config.json'),
      outputFolder: join(folder, 'output'),
      guard: new GroupGuard(),
    };
    this.trainer = new CommandTrainer(options, {
      onMessage: (message) => this.messages.push(message),
      onOutput: (stream, line) => this.output.push({ stream, line }),
      onProtocolError: (error) => this.errors.push(error),
      onEnd: resolve,
    });
  }

  get lines(): string[] {
    return this.output.map(({ line }) => line);
  }

  ofKind<Kind extends WorkerMessage['kind']>(kind: Kind): Extract<WorkerMessage, { kind: Kind }>[] {
    return this.messages.filter((message): message is Extract<WorkerMessage, { kind: Kind }> => message.kind === kind);
  }

  async untilLine(text: string): Promise<void> {
    await vi.waitFor(() => expect(this.lines).toContain(text), { timeout: 10_000, interval: 10 });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie that nobody has waited for yet is gone as far as anybody is concerned.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('CommandTrainer', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gan-dashboard-command-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    writeFileSync(join(folder, 'train.py'), pythonTrainer);
  });

  describe.skipIf(!hasPython())('with a Python program (skipped where there is no python3)', () => {
    const command = ['python3', 'train.py', '{config}', '{epochs}', '{data}', '{seed}', '{output}'];

    it.each([
      ['as it prints', {}],
      ['that keeps its lines back until the end', { PYTHONUNBUFFERED: '' }],
    ])('reads metrics, progress and lines %s', async (_how, environment) => {
      const run = new Watched(folder, { command, environment });
      expect(await run.ended).toEqual({ exitCode: 0, signal: null });
      expect(run.messages[0]).toMatchObject({ kind: 'started', data: { total_epochs: 3, seed: 7, parameters: {} } });
      expect(run.ofKind('update').map(({ data }) => data)).toEqual(
        [1, 2, 3].map((epoch) => ({
          epoch,
          total_epochs: 3,
          step: epoch,
          generator_loss: 1 / epoch,
          discriminator_loss: -0.15,
          real_scores: 'NaN',
        })),
      );
      const percents = run.ofKind('progress').map(({ data }) => data.progress_percent);
      expect(percents.length).toBeGreaterThan(10);
      expect(percents.at(-1)).toBe(100);
      expect(percents).toEqual([...percents].sort((a, b) => a - b));
      expect(run.messages.at(-1)).toEqual({ kind: 'finished', outcome: 'completed' });
      // Of 120 states of the bars, the three full ones.
      expect(run.lines.filter((line) => line.includes('%|'))).toHaveLength(3);
      expect(run.lines).toContain('data /data of the run/source.csv seed 7');
      expect(run.output).toContainEqual({ stream: 'stderr', line: 'warnings.warn: be careful' });
      expect(readFileSync(join(folder, 'output', 'model.bin'), 'utf8')).toBe('weights');
      expect(run.errors).toEqual([]);
    });

    it('says what a program said last that fails', async () => {
      const run = new Watched(folder, { command: ['python3', '-c', 'raise ValueError("no such column")'] });
      expect(await run.ended).toEqual({ exitCode: 1, signal: null });
      expect(run.output.at(-1)).toEqual({ stream: 'stderr', line: 'ValueError: no such column' });
      expect(run.ofKind('finished')).toEqual([]);
    });
  });

  const sh = (script: string): Pick<CommandTrainerDefinition, 'command'> => ({ command: ['sh', '-c', script] });

  it('pauses and goes on with the whole group, and stops while it waits', async () => {
    const run = new Watched(folder, sh('(while :; do echo tick; sleep 0.02; done) & echo "child $!"; wait'));
    await run.untilLine('tick');
    const child = Number(run.lines.find((line) => line.startsWith('child'))?.slice(6));
    const stateOf = () => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${child}/status`, 'utf8'))?.[1];
    run.trainer.send({ task: 'pause' });
    await vi.waitFor(() => expect(stateOf()).toBe('T'), { interval: 5 });
    run.trainer.send({ task: 'resume' });
    await vi.waitFor(() => expect(stateOf()).not.toBe('T'), { interval: 5 });
    run.trainer.send({ task: 'pause' });
    run.trainer.send({ task: 'stop' });
    await run.ended;
    expect(run.messages.slice(1)).toEqual([
      { kind: 'paused' },
      { kind: 'resumed' },
      { kind: 'paused' },
      { kind: 'finished', outcome: 'stopped' },
    ]);
    expect(isAlive(child)).toBe(false);
  });

  it('lets a program tidy up when it is stopped', async () => {
    const run = new Watched(folder, sh('trap "echo saved; exit 3" TERM; echo ready; while :; do sleep 0.02; done'));
    await run.untilLine('ready');
    run.trainer.send({ task: 'stop' });
    expect(await run.ended).toEqual({ exitCode: 3, signal: null });
    expect(run.lines).toContain('saved');
    expect(run.messages.at(-1)).toEqual({ kind: 'finished', outcome: 'stopped' });
  });

  it('is killed with all that it has started when it does not listen', async () => {
    const run = new Watched(folder, sh('trap "" TERM; sleep 600 & echo "child $!"; while :; do sleep 0.02; done'));
    await vi.waitFor(() => expect(run.lines[0]).toMatch(/^child \d+/));
    const child = Number(run.lines[0]?.slice(6));
    run.trainer.send({ task: 'stop' });
    run.trainer.kill('SIGKILL');
    expect(await run.ended).toEqual({ exitCode: null, signal: 'SIGKILL' });
    expect(run.ofKind('finished')).toEqual([]);
    await vi.waitFor(() => expect(isAlive(child)).toBe(false));
  });

  it('does not wait for what a program leaves behind', async () => {
    const run = new Watched(folder, sh('sleep 600 & echo "child $!"; exit 0'));
    expect(await run.ended).toEqual({ exitCode: 0, signal: null });
    const child = Number(run.lines[0]?.slice(6));
    await vi.waitFor(() => expect(isAlive(child)).toBe(false));
  });

  it('says that a program could not be started', async () => {
    const run = new Watched(folder, { command: ['./no-such-program'] });
    expect(await run.ended).toEqual({ exitCode: null, signal: null });
    expect(run.messages).toEqual([{ kind: 'failed', error: expect.stringContaining('could not be started') }]);
  });

  it('ends a program that runs longer than it may', async () => {
    const run = new Watched(folder, { ...sh('sleep 600'), maxRunSeconds: 0.05 });
    expect(await run.ended).toEqual({ exitCode: null, signal: 'SIGTERM' });
    expect(run.ofKind('failed')[0]?.error).toContain('max_run_seconds');
  });

  it('gives a program what it needs of the environment and nothing else', async () => {
    vi.stubEnv('SECRET_OF_THE_SERVER', 'x');
    vi.stubEnv('WANTED', 'w');
    const run = new Watched(folder, { command: ['env'], environment: { THREADS: '2' }, passEnvironment: ['WANTED'] });
    await run.ended;
    vi.unstubAllEnvs();
    expect(run.lines).toEqual(expect.arrayContaining(['WANTED=w', 'THREADS=2', `GAN_DASHBOARD_RUN=${task.run_id}`]));
    expect(run.lines.join()).not.toContain('SECRET_OF_THE_SERVER');
  });

  it('takes in a flood without losing a line', { timeout: 30_000 }, async () => {
    const run = new Watched(folder, sh('i=0; while [ $i -lt 3000 ]; do echo "line $i"; i=$((i+1)); done'));
    await run.ended;
    expect(run.lines).toEqual(Array.from({ length: 3_000 }, (_, index) => `line ${index}`));
  });

  it('ends the program when the server is killed', { timeout: 30_000 }, async () => {
    // A server of its own, as far as the guard is concerned: it starts a program, watches it, and is killed.
    const server = join(folder, 'server.mjs');
    writeFileSync(
      server,
      `import { fork, spawn } from 'node:child_process';
       const guard = fork(${JSON.stringify(process.env['GROUP_GUARD'])}, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], detached: true });
       const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
       guard.send({ watch: child.pid }, () => console.log(String(child.pid)));
       setInterval(() => undefined, 1000);`,
    );
    const process_ = spawn(process.execPath, [server], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [text] = (await once(process_.stdout, 'data')) as [Buffer];
    const program = Number(text.toString());
    expect(isAlive(program)).toBe(true);
    process_.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(program)).toBe(false), { timeout: 20_000, interval: 50 });
    expect(existsSync(server)).toBe(true);
  });
});
