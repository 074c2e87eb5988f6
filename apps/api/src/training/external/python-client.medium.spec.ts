import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { logPageSchema, runPageSchema } from '@gan-dashboard/shared-types';
import type { Run } from '@gan-dashboard/shared-types';
import { ApiClient } from '../../testing/api-client';
import { NetworkGate } from '../../testing/network-gate';
import { startTestApp } from '../../testing/test-app';
import type { TestApp } from '../../testing/test-app';

const clientFolder = fileURLToPath(new URL('../../../../../clients/python', import.meta.url));

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version']);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasPython())('the Python client (skipped where there is no python3)', () => {
  let server: TestApp;
  let api: ApiClient;
  let gate: NetworkGate;
  let spool: string;
  let name: string;
  let count = 0;
  const programs: ChildProcess[] = [];

  beforeAll(async () => {
    server = await startTestApp();
    api = new ApiClient(server.url);
    gate = await NetworkGate.open(server.url);
  }, 60_000);
  afterAll(async () => {
    await gate.cut();
    await server.close();
  });
  beforeEach(async () => {
    spool = await mkdtemp(join(tmpdir(), 'gan-dashboard-spool-'));
    name = `python ${++count}`;
  });
  afterEach(async () => {
    for (const program of programs.splice(0)) program.kill('SIGKILL');
    await rm(spool, { recursive: true, force: true });
  });

  /** Runs a program after `import gan_dashboard, time`; NAME, and the address and spool by the environment. */
  const start = (script: string) => {
    const program = spawn(
      'python3',
      ['-u', '-c', `import gan_dashboard, sys, time\nNAME = ${JSON.stringify(name)}\n${script}`],
      {
        env: {
          ...process.env,
          PYTHONPATH: clientFolder,
          PYTHONDONTWRITEBYTECODE: '1',
          GAN_DASHBOARD_URL: gate.url,
          GAN_DASHBOARD_SPOOL: spool,
        },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    programs.push(program);
    let words = '';
    for (const stream of [program.stdout, program.stderr])
      stream.on('data', (chunk: Buffer) => (words += chunk.toString()));
    return {
      program,
      ended: once(program, 'close').then(([code]) => ({ code: code as number | null, words })),
      says: (text: string) => vi.waitFor(() => expect(words).toContain(text), { timeout: 30_000, interval: 20 }),
    };
  };
  const runNamed = async (): Promise<Run> =>
    vi.waitFor(
      async () => {
        const query = new URLSearchParams({ search: name });
        const { items } = runPageSchema.parse(await (await api.request(`/runs?${query.toString()}`)).json());
        expect(items).toHaveLength(1);
        return items[0] as Run;
      },
      { timeout: 30_000, interval: 50 },
    );
  const stepsOf = async (id: string) =>
    (await api.events(id)).flatMap((message) => (message.type === 'training_update' ? [message.data.step] : []));
  const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

  it('reports a training from its start to its end', { timeout: 60_000 }, async () => {
    const { ended } = start(`
with gan_dashboard.init(name=NAME, model="my-gan", config={"rate": 0.5}, total_epochs=4, seed=3, tags=["t"]) as run:
    for epoch in range(1, 5):
        run.log({"generator_loss": 1 / epoch, "discriminator_loss": float("nan"), "note": "x"}, epoch=epoch)
    run.log_line("two\\nlines", level="warning")
    gan_dashboard.log({"score": float("-inf")})
`);
    expect(await ended).toMatchObject({ code: 0, words: expect.stringContaining('note is no number') });
    const run = await runNamed();
    expect(run).toMatchObject({
      origin: 'external',
      status: 'completed',
      model: 'my-gan',
      config: { rate: 0.5 },
      seed: 3,
      tags: ['t'],
      epoch: 4,
      total_epochs: 4,
      progress_percent: 100,
      summary: { generator_loss: 0.25, discriminator_loss: 'NaN', score: '-Infinity' },
    });
    expect(await stepsOf(run.id)).toEqual([1, 2, 3, 4, 5]);
    const logs = logPageSchema.parse(await (await api.request(`/runs/${run.id}/logs?from_line=1`)).json());
    expect(logs.items.map(({ message, level }) => [message, level])).toEqual([
      ['two', 'warning'],
      ['lines', 'warning'],
    ]);
    expect(await readdir(spool)).toEqual([]);
  });

  it('says how a training failed, and leaves the error to the program', { timeout: 60_000 }, async () => {
    const { ended } = start(`
with gan_dashboard.init(name=NAME) as run:
    run.log({"loss": 1}, step=1)
    raise ValueError("no more data")
`);
    expect(await ended).toMatchObject({ code: 1, words: expect.stringContaining('no more data') });
    expect(await runNamed()).toMatchObject({ status: 'failed', error: 'ValueError: no more data' });
  });

  it('keeps what it cannot send, in order, and never stops the training', { timeout: 60_000 }, async () => {
    await gate.cut();
    const { program, ended, says } = start(`
run = gan_dashboard.init(name=NAME)
begin = time.monotonic()
for step in range(1, 1201):
    run.log({"loss": step}, step=step)
assert time.monotonic() - begin < 20
print("logged")
sys.stdin.readline()
print("arrived:", run.finish(seconds=30))
`);
    await says('logged');
    await gate.open();
    program.stdin?.write('\n');
    expect(await ended).toMatchObject({ code: 0, words: expect.stringContaining('arrived: True') });
    const run = await runNamed();
    expect(run.status).toBe('completed');
    expect(await stepsOf(run.id)).toEqual(upTo(1_200));
  });

  it('sends what a killed program has left behind, once', { timeout: 60_000 }, async () => {
    const first = start(`
run = gan_dashboard.init(name=NAME)
for step in range(1, 301):
    run.log({"loss": step}, step=step)
    if step == 100:
        print("a hundred")
        sys.stdin.readline()
print("logged")
time.sleep(600)
`);
    await first.says('a hundred');
    const { id } = await runNamed();
    await vi.waitFor(async () => expect((await stepsOf(id)).length).toBeGreaterThan(0), { timeout: 20_000 });
    await gate.cut();
    first.program.stdin?.write('\n');
    await first.says('logged');
    first.program.kill('SIGKILL');
    await first.ended;
    await gate.open();
    const second = start(`
run = gan_dashboard.init(name="another", spool_dir=${JSON.stringify(spool)})
sys.stdin.readline()
run.finish()
`);
    await vi.waitFor(async () => expect(await stepsOf(id)).toEqual(upTo(300)), { timeout: 30_000, interval: 100 });
    // The first run is still there for whoever looks; that its program has gone, silence will tell.
    expect((await api.run(id)).status).toBe('running');
    second.program.stdin?.write('\n');
    expect(await second.ended).toMatchObject({ code: 0 });
    await vi.waitFor(async () => expect(await readdir(spool)).toEqual([]));
  });

  it('hears that it is to stop', { timeout: 60_000 }, async () => {
    const { ended, says } = start(`
gan_dashboard.HEARTBEAT_SECONDS = 0.2
run = gan_dashboard.init(name=NAME, on_stop=lambda: print("asked"))
while run.id is None:
    time.sleep(0.02)
print("begun")
while not run.should_stop:
    time.sleep(0.02)
run.finish("stopped")
`);
    await says('begun');
    const { id } = await runNamed();
    expect((await api.post(`/runs/${id}/stop`, {})).status).toBe(202);
    expect(await ended).toMatchObject({ code: 0, words: expect.stringContaining('asked') });
    expect((await api.run(id)).status).toBe('stopped');
  });

  it('goes on without a word when the server refuses it, unless it is strict', { timeout: 60_000 }, async () => {
    const lenient = start(
      'run = gan_dashboard.init(name=NAME, seed=-1)\nrun.log({"a": 1})\nprint("arrived:", run.finish(seconds=20))',
    );
    expect(await lenient.ended).toMatchObject({ code: 0, words: expect.stringMatching(/seed[\s\S]*arrived: False/) });
    const strict = start('run = gan_dashboard.init(name=NAME, strict=True)\nrun.finish("great")');
    expect(await strict.ended).toMatchObject({
      code: 1,
      words: expect.stringContaining('completed, failed or stopped'),
    });
  });
});
