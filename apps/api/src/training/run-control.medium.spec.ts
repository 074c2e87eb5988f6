import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditPageSchema, checkpointPageSchema, checkpointSchema, runSchema } from '@gan-dashboard/shared-types';
import type { AuditEntry, Checkpoint, Dataset, Problem, Run } from '@gan-dashboard/shared-types';
import { ApiClient } from '../testing/api-client';
import { brief, endless, quick, smallTable } from '../testing/small-runs';
import { SocketReader } from '../testing/socket-reader';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';
import { RunLauncher } from './run-launcher';

describe('control of runs with real trainers', { timeout: 60_000 }, () => {
  let server: TestApp;
  let api: ApiClient;
  let dataset: Dataset;

  beforeAll(async () => {
    server = await startTestApp({ maxConcurrentRuns: 1 });
    api = new ApiClient(server.url);
    dataset = await api.uploadCsv('small.csv', smallTable());
  }, 60_000);
  afterAll(() => server.close());

  const ask = async (id: string, action: string, client = api): Promise<Run> => {
    const response = await client.post(`/runs/${id}/${action}`, {});
    expect(response.status).toBe(202);
    return runSchema.parse(await response.json());
  };
  const refused = async (id: string, action: string, body: object = {}): Promise<[number, string]> => {
    const response = await api.post(`/runs/${id}/${action}`, body);
    return [response.status, ((await response.json()) as Problem).detail ?? ''];
  };
  const checkpointsOf = async (id: string): Promise<Checkpoint[]> =>
    checkpointPageSchema.parse(await (await api.request(`/runs/${id}/checkpoints`)).json()).items;
  const lastState = async (id: string) => {
    const [newest] = await checkpointsOf(id);
    return { sha256: newest?.sha256, step: newest?.step };
  };
  const auditOf = async (id: string): Promise<AuditEntry[]> =>
    auditPageSchema.parse(await (await api.request(`/audit?run_id=${id}`)).json()).items.reverse();
  const statusesOf = async (id: string) =>
    (await api.events(id)).flatMap((message) => (message.type === 'status_update' ? [message.data.status] : []));
  const underWay = async (id: string) => {
    await expect.poll(async () => (await api.run(id)).epoch, { timeout: 30_000 }).toBeGreaterThan(1);
  };
  const started = async (config: Record<string, unknown>): Promise<string> => {
    const { id } = await api.startRun(dataset.id, config);
    await underWay(id);
    return id;
  };

  it('pauses a run in its place, and lets it go on there', async () => {
    const id = await started(endless);
    const pid = server.app.get(RunLauncher).supervisorOf(id)?.pid;
    expect((await ask(id, 'pause')).status).toBe('paused');
    const [status, reason] = await refused(id, 'pause');
    expect([status, reason]).toEqual([409, expect.stringContaining('paused already')]);
    const { epoch } = await api.run(id);
    expect((await ask(id, 'resume')).status).toBe('running');
    await expect.poll(async () => (await api.run(id)).epoch).toBeGreaterThan(epoch);
    expect(server.app.get(RunLauncher).supervisorOf(id)?.pid).toBe(pid);
    await ask(id, 'stop');
    await api.untilStatus(id, 'stopped');
    expect(await statusesOf(id)).toEqual(['queued', 'starting', 'running', 'paused', 'running', 'stopping', 'stopped']);
    expect((await api.run(id)).attempt).toBe(1);
  });

  it('stops a paused run with its state', async () => {
    const id = await started(endless);
    await ask(id, 'pause');
    await ask(id, 'stop');
    await api.untilStatus(id, 'stopped');
    expect((await checkpointsOf(id)).map(({ reason }) => reason)).toEqual(['stop']);
  });

  it('resumes a stopped run to the very result of one that never stopped', async () => {
    const whole = await api.startRun(dataset.id, brief, 7);
    await api.untilStatus(whole.id, 'completed');
    const parts = await api.startRun(dataset.id, brief, 7);
    await underWay(parts.id);
    await ask(parts.id, 'stop');
    const stopped = await api.untilStatus(parts.id, 'stopped');
    expect(stopped.epoch).toBeLessThan(brief.epochs);
    expect(await ask(parts.id, 'resume')).toMatchObject({ id: parts.id });
    const ended = await api.untilStatus(parts.id, 'completed', 'failed');
    expect(ended).toMatchObject({ status: 'completed', attempt: 2, epoch: brief.epochs, error: null });
    expect(await lastState(parts.id)).toEqual(await lastState(whole.id));
    const events = await api.events(parts.id);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const percents = events.flatMap((message) => (message.type === 'progress' ? [message.progress_percent] : []));
    expect(percents).toEqual([...percents].sort((one, other) => one - other));
  });

  it('saves the state of a run on demand, at work and in a pause', async () => {
    const id = await started(endless);
    const saved = await api.post(`/runs/${id}/checkpoint`, {});
    expect(saved.status).toBe(201);
    const checkpoint = checkpointSchema.parse(await saved.json());
    expect(checkpoint).toMatchObject({ run_id: id, reason: 'requested' });
    await ask(id, 'pause');
    const [inPause, again] = [
      checkpointSchema.parse(await (await api.post(`/runs/${id}/checkpoint`, {})).json()),
      checkpointSchema.parse(await (await api.post(`/runs/${id}/checkpoint`, {})).json()),
    ];
    expect(inPause.step).toBeGreaterThan(checkpoint.step);
    expect(again.id).toBe(inPause.id);
    const events = (await api.events(id)).filter(({ type }) => type === 'checkpoint_saved');
    expect(events[0]).toMatchObject({ data: { checkpoint_id: checkpoint.id, step: checkpoint.step } });
    await ask(id, 'stop');
    await api.untilStatus(id, 'stopped');
  });

  it('forks a run from its newest checkpoint, with other settings', async () => {
    const { id } = await api.startRun(dataset.id, quick);
    await api.untilStatus(id, 'completed');
    const [newest] = await checkpointsOf(id);
    const response = await api.post(`/runs/${id}/fork`, { config: { epochs: 5 }, name: 'on' });
    expect(response.status).toBe(201);
    const fork = runSchema.parse(await response.json());
    expect(fork).toMatchObject({ name: 'on', parent_run_id: id, parent_checkpoint_id: newest?.id, total_epochs: 5 });
    const ended = await api.untilStatus(fork.id, 'completed', 'failed');
    expect(ended).toMatchObject({ status: 'completed', epoch: 5, error: null });
    expect(await lastState(fork.id)).toMatchObject({ step: 5 * quick.steps_per_epoch });
  });

  it('refuses a fork that what was learned does not fit, naming the setting', async () => {
    const { id } = await api.startRun(dataset.id, quick);
    await api.untilStatus(id, 'completed');
    const response = await api.post(`/runs/${id}/fork`, {
      config: { latent_dim: 7, epochs: 4, generator_layers: [8] },
    });
    expect(response.status).toBe(422);
    const { errors } = (await response.json()) as Problem;
    expect(errors?.map(({ path }) => path)).toEqual(['config.latent_dim', 'config.generator_layers']);
    expect(await refused(id, 'fork', { config: { epochs: 0 } })).toEqual([422, expect.stringContaining('epochs')]);
    const elsewhere = '00000000-0000-4000-8000-000000000000';
    expect((await refused(id, 'fork', { checkpoint_id: elsewhere }))[0]).toBe(404);
  });

  it('retries a run: the same settings, seed and data give the same result', async () => {
    const { id } = await api.startRun(dataset.id, quick, 11);
    await api.untilStatus(id, 'completed');
    const response = await api.post(`/runs/${id}/retry`, {});
    expect(response.status).toBe(201);
    const again = runSchema.parse(await response.json());
    expect(again).toMatchObject({ seed: 11, parent_run_id: id, parent_checkpoint_id: null });
    await api.untilStatus(again.id, 'completed');
    expect(await lastState(again.id)).toEqual(await lastState(id));
  });

  it('takes a waiting run off the queue, and puts it back', async () => {
    const id = await started(endless);
    const waiting = await api.startRun(dataset.id, quick);
    expect(await api.run(waiting.id)).toMatchObject({ status: 'queued', queue_position: 1 });
    expect(await refused(waiting.id, 'pause')).toEqual([409, expect.stringContaining('queue')]);
    expect((await ask(waiting.id, 'stop')).status).toBe('stopped');
    expect(await ask(waiting.id, 'resume')).toMatchObject({ status: 'queued', ended_at: null });
    await ask(id, 'stop');
    await api.untilStatus(waiting.id, 'completed');
  });

  it('refuses what a run cannot do, with the reason and the way out', async () => {
    const { id } = await api.startRun(dataset.id, quick);
    await api.untilStatus(id, 'completed');
    expect(await refused(id, 'stop')).toEqual([409, expect.stringContaining('completed')]);
    expect(await refused(id, 'resume')).toEqual([409, expect.stringContaining('Fork it')]);
    expect(await refused(id, 'checkpoint')).toEqual([409, expect.stringContaining('completed')]);
    expect((await refused('00000000-0000-4000-8000-000000000000', 'stop'))[0]).toBe(404);
  });

  it('controls a run that another process works on', async () => {
    const web = await server.restart({ role: 'web' });
    const elsewhere = new ApiClient(web.url);
    const id = await started(endless);
    expect(web.app.get(RunLauncher).workingRunIds).toEqual([]);
    expect((await ask(id, 'pause', elsewhere)).status).toBe('paused');
    const saved = await elsewhere.post(`/runs/${id}/checkpoint`, {});
    expect(saved.status).toBe(201);
    expect((await ask(id, 'resume', elsewhere)).status).toBe('running');
    expect((await ask(id, 'stop', elsewhere)).status).toBeOneOf(['stopping', 'stopped']);
    await api.untilStatus(id, 'stopped');
    await web.stop();
  });

  it('answers in time though the process that works on the run does not, and does it later', async () => {
    const hasty = await server.restart({ role: 'web', controlWaitMs: 0 });
    const id = await started(endless);
    const response = await new ApiClient(hasty.url).post(`/runs/${id}/checkpoint`, {});
    expect(response.status).toBe(202);
    expect(runSchema.parse(await response.json()).status).toBe('running');
    await expect.poll(async () => (await checkpointsOf(id)).map(({ reason }) => reason)).toEqual(['requested']);
    await hasty.stop();
    await ask(id, 'stop');
    await api.untilStatus(id, 'stopped');
  });

  it('takes controls on the WebSocket', async () => {
    const id = await started(endless);
    const client = await SocketReader.open(`${server.url}/ws`);
    for (const control of ['pause', 'checkpoint', 'resume', 'stop', 'hold']) {
      client.send({ control, run: id, request_id: control });
      await client.until((reader) => reader.answers().some(({ request_id }) => request_id === control));
    }
    expect(client.answers().map((answer) => answer.data)).toMatchObject([
      { control: 'pause', run: id, status: 'paused' },
      { control: 'checkpoint', run: id, status: 'paused' },
      { control: 'resume', run: id, status: 'running' },
      { control: 'stop', run: id },
      { status: 400 },
    ]);
    client.close();
    await api.untilStatus(id, 'stopped');
  });

  it('keeps a trail of what was done', async () => {
    const id = await started(endless);
    await api.request(`/runs/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'new', on_interruption: 'ask' }),
    });
    await ask(id, 'pause');
    await ask(id, 'stop');
    await api.untilStatus(id, 'stopped');
    expect((await api.request(`/runs/${id}`, { method: 'DELETE' })).status).toBe(204);
    const trail = await auditOf(id);
    expect(trail.map(({ actor, action }) => `${actor} ${action}`)).toEqual(
      ['create', 'change', 'pause', 'stop', 'delete'].map((action) => `local run.${action}`),
    );
    expect(trail[1]?.detail).toEqual({ name: 'new', on_interruption: 'ask' });
  });
});
