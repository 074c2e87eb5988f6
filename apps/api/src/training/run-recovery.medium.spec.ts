import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { auditPageSchema, checkpointPageSchema, runSchema } from '@gan-dashboard/shared-types';
import type { Dataset, Run, RunStatus } from '@gan-dashboard/shared-types';
import { ApiClient } from '../testing/api-client';
import { brief, endless, smallTable } from '../testing/small-runs';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';
import { RunLauncher } from './run-launcher';

describe('runs that survive, with real trainers', { timeout: 90_000 }, () => {
  let server: TestApp;
  let api: ApiClient;
  let dataset: Dataset;

  beforeAll(async () => {
    server = await startTestApp({ maxConcurrentRuns: 1 });
    api = new ApiClient(server.url);
    dataset = await api.uploadCsv('small.csv', smallTable());
  }, 60_000);
  afterAll(() => server.close());

  const start = async (config: Record<string, unknown>, policy = 'auto', seed = 1): Promise<Run> => {
    const body = { dataset_id: dataset.id, model: 'wgan-gp', config, seed, on_interruption: policy };
    const response = await api.post('/runs', body);
    expect(response.status).toBe(201);
    return runSchema.parse(await response.json());
  };
  const underWay = async (id: string) => {
    await expect.poll(async () => (await api.run(id)).epoch, { timeout: 30_000 }).toBeGreaterThan(2);
  };
  const kill = async (id: string, signal: NodeJS.Signals = 'SIGKILL') => {
    const pid = await vi.waitFor(() => {
      const found = server.app.get(RunLauncher).supervisorOf(id)?.pid;
      if (found === undefined) throw new Error('no trainer yet');
      return found;
    });
    process.kill(pid, signal);
    return pid;
  };
  const finalSha = async (id: string) => {
    const page = checkpointPageSchema.parse(await (await api.request(`/runs/${id}/checkpoints`)).json());
    return page.items[0]?.sha256;
  };
  const statusesOf = async (id: string): Promise<string[]> =>
    (await api.events(id)).flatMap((message) => (message.type === 'status_update' ? [message.data.status] : []));
  const end = async (id: string) => {
    await api.post(`/runs/${id}/stop`, {});
    await api.untilStatus(id, 'stopped');
  };
  const becameAgain = (id: string, status: RunStatus, times: number) =>
    vi.waitFor(async () => expect((await statusesOf(id)).filter((it) => it === status)).toHaveLength(times), {
      timeout: 30_000,
      interval: 100,
    });

  it('auto: goes on by itself when its trainer is killed, to the result of an undisturbed run', async () => {
    const whole = await start(brief, 'auto', 5);
    await api.untilStatus(whole.id, 'completed');
    const { id } = await start({ ...brief, checkpoint_every: 2 }, 'auto', 5);
    await underWay(id);
    await kill(id);
    const run = await api.untilStatus(id, 'completed', 'failed');
    expect(run).toMatchObject({
      status: 'completed',
      epoch: brief.epochs,
      progress_percent: 100,
      attempt: 2,
      error: null,
    });
    expect(await statusesOf(id)).toEqual([
      'queued',
      'starting',
      'running',
      'interrupted',
      'queued',
      'starting',
      'running',
      'completed',
    ]);
    const events = await api.events(id);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter(({ type }) => type === 'training_complete')).toHaveLength(1);
    const percents = events.flatMap((message) => (message.type === 'progress' ? [message.progress_percent] : []));
    expect(percents).toEqual([...percents].sort((one, other) => one - other));
    const said = events.flatMap((message) => (message.type === 'log_entry' ? [message.data.message] : []));
    expect(said.filter((line) => line.includes('goes on from its checkpoint'))).toHaveLength(1);
    // The settings stand in the file, and those of the two runs differ; the metrics are those of the same training.
    const [one, other] = [(await api.run(whole.id)).summary, run.summary];
    for (const name of ['generator_loss', 'discriminator_loss']) expect(other[name]).toBe(one[name]);
    const trail = auditPageSchema.parse(await (await api.request(`/audit?run_id=${id}&limit=500`)).json());
    const acts = trail.items.filter(({ action }) => action.startsWith('run.'));
    expect(acts.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
      'server run.resume',
      'server run.interrupt',
      'local run.create',
    ]);
  });

  it('ask: waits for somebody to resume it, and says why it ended', async () => {
    const { id } = await start({ ...brief, checkpoint_every: 2 }, 'ask');
    await underWay(id);
    await kill(id);
    const run = await api.untilStatus(id, 'interrupted', 'failed');
    expect(run).toMatchObject({ status: 'interrupted', error: expect.stringContaining('SIGKILL') });
    expect(run.error).toContain('Resume it');
    expect((await api.events(id)).some(({ type }) => type === 'training_complete')).toBe(false);
    expect((await api.post(`/runs/${id}/resume`, {})).status).toBe(202);
    expect(await api.untilStatus(id, 'completed', 'failed')).toMatchObject({ status: 'completed', attempt: 2 });
  });

  it('never: is not resumed, but forked', async () => {
    const { id } = await start({ ...endless, checkpoint_every: 2 }, 'never');
    await underWay(id);
    await kill(id);
    await api.untilStatus(id, 'interrupted');
    const refused = await api.post(`/runs/${id}/resume`, {});
    expect([refused.status, await refused.json()]).toMatchObject([409, { detail: expect.stringContaining('Fork') }]);
    const fork = await api.post(`/runs/${id}/fork`, { config: { epochs: 2 } });
    expect(fork.status).toBe(201);
    await api.untilStatus(runSchema.parse(await fork.json()).id, 'completed');
  });

  it('gives up on a run that three attempts in a row did not bring on', async () => {
    const { id } = await start(endless);
    for (const attempt of [1, 2, 3]) {
      await becameAgain(id, 'starting', attempt);
      await kill(id);
      await becameAgain(id, 'interrupted', attempt);
    }
    const run = await api.untilStatus(id, 'interrupted');
    expect(run).toMatchObject({ attempt: 3, error: expect.stringContaining('3 attempts in a row') });
    expect((await api.post(`/runs/${id}/resume`, {})).status).toBe(202);
    await underWay(id);
    await end(id);
  });

  it('saves its state and goes on when the trainer is told to end from outside', async () => {
    const { id } = await start(endless);
    await underWay(id);
    await kill(id, 'SIGTERM');
    await becameAgain(id, 'running', 2);
    const said = (await api.events(id)).flatMap((message) =>
      message.type === 'log_entry' ? [message.data.message] : [],
    );
    expect(said.some((line) => line.includes('told to end from outside'))).toBe(true);
    expect(said.some((line) => line.includes('goes on from its checkpoint'))).toBe(true);
    await end(id);
  });

  it('kills its trainer and says no more once another process has the run', async () => {
    const { id } = await start(endless);
    await underWay(id);
    const pid = server.app.get(RunLauncher).supervisorOf(id)?.pid ?? 0;
    const dataSource = server.app.get(DataSource);
    // As another process does that has found the run without an owner: fence and owner are its own.
    await dataSource.query('UPDATE run SET fence = fence + 1, owner = 1 WHERE id = $1', [id]);
    const { last_seq: lastSeq } = await api.run(id);
    await expect.poll(() => server.app.get(RunLauncher).workingRunIds, { timeout: 20_000 }).toEqual([]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    // Nobody holds that owner's lock: the run is found, and goes on.
    await becameAgain(id, 'running', 2);
    const [next] = await api.events(id, lastSeq);
    expect(next).toMatchObject({ type: 'status_update', data: { status: 'interrupted' } });
    await end(id);
  });

  it('goes on by itself after a restart of the server, from where it was', async () => {
    const whole = await start(brief, 'auto', 9);
    await api.untilStatus(whole.id, 'completed');
    const { id } = await start(brief, 'auto', 9);
    await underWay(id);
    await server.stop();
    server = await server.restart();
    api = new ApiClient(server.url);
    const run = await api.untilStatus(id, 'completed', 'failed');
    expect(run).toMatchObject({ status: 'completed', attempt: 2 });
    expect(await finalSha(id)).toBe(await finalSha(whole.id));
    expect(await statusesOf(id)).toEqual([
      'queued',
      'starting',
      'running',
      'interrupted',
      'queued',
      'starting',
      'running',
      'completed',
    ]);
  });

  it('is still paused after a restart of the server', async () => {
    const { id } = await start(endless);
    await underWay(id);
    await api.post(`/runs/${id}/pause`, {});
    await server.stop();
    server = await server.restart();
    api = new ApiClient(server.url);
    await becameAgain(id, 'paused', 2);
    expect((await api.run(id)).status).toBe('paused');
    await end(id);
  });

  it('is left interrupted by a restart where its policy says so', async () => {
    const { id } = await start(endless, 'ask');
    await underWay(id);
    await server.stop();
    server = await server.restart();
    api = new ApiClient(server.url);
    const run = await api.run(id);
    expect(run).toMatchObject({ status: 'interrupted', error: expect.stringContaining('Resume it') });
    expect((await api.events(id)).at(-1)?.seq).toBe(run.last_seq);
    expect((await api.sample(id, { rows: 10 })).status).toBe('ready');
  });
});
