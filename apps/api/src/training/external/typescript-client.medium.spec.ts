import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runPageSchema } from '@gan-dashboard/shared-types';
import type { Run } from '@gan-dashboard/shared-types';
import { ApiClient } from '../../testing/api-client';
import { NetworkGate } from '../../testing/network-gate';
import { startTestApp } from '../../testing/test-app';
import type { TestApp } from '../../testing/test-app';

/** Node runs the client's sources as they are. */
const client = new URL('../../../../../clients/typescript/src/index.ts', import.meta.url).href;
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('the TypeScript client', () => {
  let server: TestApp;
  let api: ApiClient;
  let gate: NetworkGate;
  let spool: string;
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
  });
  afterEach(async () => {
    for (const program of programs.splice(0)) program.kill('SIGKILL');
    await rm(spool, { recursive: true, force: true });
  });

  const start = (script: string) => {
    const text = `import { init } from ${JSON.stringify(client)};\nimport { once } from 'node:events';\n${script}`;
    const program = spawn(process.execPath, ['--input-type=module', '--no-warnings', '-e', text], {
      env: { ...process.env, GAN_DASHBOARD_URL: gate.url, GAN_DASHBOARD_SPOOL: spool },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    programs.push(program);
    let words = '';
    for (const stream of [program.stdout, program.stderr]) {
      stream.on('data', (chunk: Buffer) => (words += chunk.toString()));
    }
    return {
      program,
      ended: once(program, 'close').then(([code]) => ({ code: code as number | null, words })),
      says: (said: string) => vi.waitFor(() => expect(words).toContain(said), { timeout: 30_000, interval: 20 }),
    };
  };
  const runNamed = (name: string): Promise<Run> =>
    vi.waitFor(
      async () => {
        const { items } = runPageSchema.parse(await (await api.request(`/runs?search=${name}`)).json());
        expect(items).toHaveLength(1);
        return items[0] as Run;
      },
      { timeout: 30_000, interval: 50 },
    );
  const stepsOf = async (id: string) =>
    (await api.events(id)).flatMap((message) => (message.type === 'training_update' ? [message.data.step] : []));

  it('reports a training; what cannot be sent waits for the server', { timeout: 60_000 }, async () => {
    await gate.cut();
    const { program, ended, says } = start(`
const run = await init({ name: 'away', model: 'my-gan', totalEpochs: 600 });
for (let epoch = 1; epoch <= 600; epoch++) run.log({ generator_loss: 1 / epoch, nan: NaN }, { epoch });
run.logLine('done');
console.log('logged');
await once(process.stdin, 'data');
console.log('arrived: ' + await run.finish('completed', { withinMs: 30_000 }));
process.exit();`);
    await says('logged');
    await gate.open();
    program.stdin?.write('\n');
    expect(await ended).toMatchObject({ code: 0, words: expect.stringContaining('arrived: true') });
    const run = await runNamed('away');
    expect(run).toMatchObject({ status: 'completed', model: 'my-gan', epoch: 600, progress_percent: 100 });
    expect(run.summary).toEqual({ generator_loss: 1 / 600, nan: 'NaN' });
    expect(await stepsOf(run.id)).toEqual(upTo(600));
    expect(await readdir(spool)).toEqual([]);
  });

  it('sends what a killed program has left behind, once', { timeout: 60_000 }, async () => {
    const first = start(`
const run = await init({ name: 'killed' });
for (let step = 1; step <= 300; step++) {
  run.log({ loss: step }, { step });
  if (step === 100) { console.log('a hundred'); await once(process.stdin, 'data'); }
}
console.log('logged');
setInterval(() => undefined, 1000);`);
    await first.says('a hundred');
    const { id } = await runNamed('killed');
    await vi.waitFor(async () => expect((await stepsOf(id)).length).toBeGreaterThan(0), { timeout: 20_000 });
    await gate.cut();
    first.program.stdin?.write('\n');
    await first.says('logged');
    first.program.kill('SIGKILL');
    await first.ended;
    await gate.open();
    const second = start(`
const run = await init({ name: 'next' });
await once(process.stdin, 'data');
await run.finish();
process.exit();`);
    await vi.waitFor(async () => expect(await stepsOf(id)).toEqual(upTo(300)), { timeout: 30_000, interval: 100 });
    second.program.stdin?.write('\n');
    expect(await second.ended).toMatchObject({ code: 0 });
    expect(await readdir(spool)).toEqual([]);
  });

  it('sends what is left when a program just ends', { timeout: 60_000 }, async () => {
    const { ended } = start(`const run = await init({ name: 'short' });\nrun.log({ loss: 1 }, { step: 1 });`);
    expect(await ended).toMatchObject({ code: 0 });
    const run = await runNamed('short');
    expect(run.status).toBe('running');
    expect(await stepsOf(run.id)).toEqual([1]);
  });
});
