import { checkpointSchema, logPageSchema, runSchema } from '@gan-dashboard/shared-types';
import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../testing/api-client';
import { startTestS3 } from '../platform/files/testing/s3-server';
import { smallTable } from '../testing/small-runs';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';
import { CommandLine } from './testing/command-line';

const small = [
  '--set',
  'checkpoint_every=1',
  '--set',
  'steps_per_epoch=4',
  '--set',
  'batch_size=100',
  '--set',
  'generator_layers=16',
];
const train = [
  'train',
  'prices.csv',
  '--model',
  'gan',
  '--epochs',
  '3',
  '--seed',
  '7',
  '--run-folder',
  'mine',
  ...small,
];

describe('a run folder in the dashboard', { timeout: 120_000 }, () => {
  let folder: string;
  let server: TestApp;
  let api: ApiClient;
  const run = (...args: string[]) => CommandLine.run(args, folder);
  const idIn = (text: string) => /[?]run=([0-9a-f-]{36})/.exec(text)?.[1] ?? '';
  const stepsOf = async (id: string, there = api) => {
    const answer = await there.request(`/runs/${id}/checkpoints`);
    const { items } = z.object({ items: z.array(checkpointSchema) }).parse(await answer.json());
    return items.map(({ step }) => step);
  };

  /** The run as it would be, had it been stopped after its second epoch. @returns its metrics had it not been */
  async function stoppedAfterTwoEpochs() {
    const path = await mkdtemp(join(folder, 'part-'));
    await cp(join(folder, 'mine'), path, { recursive: true });
    const all = (await readFile(join(path, 'metrics.jsonl'), 'utf8')).split('\n').slice(0, 3);
    await writeFile(join(path, 'metrics.jsonl'), `${all.slice(0, 2).join('\n')}\n`);
    const file = join(path, 'run.json');
    const settings = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await writeFile(file, JSON.stringify({ ...settings, status: 'stopped' }));
    const last = (await readdir(join(path, 'checkpoints'))).filter((name) => name.includes('epoch-000003'));
    for (const name of last) await rm(join(path, 'checkpoints', name));
    return { path, record: all.map((line) => JSON.parse(line) as Record<string, unknown>) };
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gan-import-'));
    await writeFile(join(folder, 'prices.csv'), smallTable());
    server = await startTestApp();
    api = new ApiClient(server.url);
    expect(await run(...train)).toMatchObject({ code: 0 });
  }, 120_000);
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('is a run with its settings, metrics, log and end', async () => {
    await appendFile(join(folder, 'mine/metrics.jsonl'), '{"cut off');
    const { code, stdout, stderr } = await run('import', 'mine', '--url', `${server.url}/`, '--name', 'from the shell');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^warning: metrics\.jsonl, line 4 cannot be read and is left out\.\n$/),
    });
    const id = idIn(stdout);
    const imported = runSchema.parse(await (await api.request(`/runs/${id}`)).json());
    expect(imported).toMatchObject({ name: 'from the shell', model: 'gan', status: 'completed', seed: 7, epoch: 3 });
    expect(imported).toMatchObject({ config: { epochs: 3, steps_per_epoch: 4 }, tags: ['imported'] });
    expect(imported).toMatchObject({ origin: 'dashboard', dataset_id: expect.any(String) });
    expect(await stepsOf(id)).toEqual([12, 8, 4]);
    const sample = await api.sample(id, { rows: 20, seed: 1 });
    expect(sample).toMatchObject({ status: 'ready', error: null });
    const updates = (await api.events(id)).filter(({ type }) => type === 'training_update');
    expect(updates.map(({ data }) => ('epoch' in data ? data.epoch : undefined))).toEqual([1, 2, 3]);
    const logs = logPageSchema.parse(await (await api.request(`/runs/${id}/logs?search=Epoch`)).json());
    expect(logs.items.map(({ message }) => message).join('\n')).toContain('Epoch 3/3');
  });

  /** Imports a run that was stopped, resumes it there, and holds it against one that was not stopped. */
  async function goesOnIn(dashboard: TestApp) {
    const there = new ApiClient(dashboard.url);
    const { record, path } = await stoppedAfterTwoEpochs();
    const { code, stdout } = await run('import', path, '--url', dashboard.url);
    expect(code).toBe(0);
    const id = idIn(stdout);
    expect(await there.run(id)).toMatchObject({ status: 'stopped', epoch: 2 });
    expect((await there.post(`/runs/${id}/resume`, {})).status).toBe(202);
    const end = await there.untilStatus(id, 'completed', 'failed');
    expect(end).toMatchObject({ status: 'completed', epoch: 3, error: null });
    expect(await stepsOf(id, there)).toEqual([12, 8, 4]);
    const losses = (await there.events(id)).flatMap(({ type, data }) => {
      return type === 'training_update' ? [(data as Record<string, unknown>)['generator_loss']] : [];
    });
    expect(losses).toEqual(record.map((line) => line['generator_loss']));
    expect(await there.sample(id, { rows: 20, seed: 1 })).toMatchObject({ status: 'ready', error: null });
  }

  it('goes on in the dashboard where it was stopped', () => goesOnIn(server));

  it('goes on where the files are in S3, and leaves none in the data folder', async () => {
    const bucket = await startTestS3();
    const remote = await startTestApp({ storage: bucket.config });
    try {
      await goesOnIn(remote);
      const folders = await readdir(remote.config.dataDir);
      expect(folders).not.toContain('datasets');
      expect(folders).not.toContain('runs');
      expect(await readdir(join(remote.config.dataDir, 'incoming'))).toEqual([]);
    } finally {
      await remote.close();
      await bucket.close();
    }
  });

  it('comes without its table where the CSV is not there, and not with another one', async () => {
    const { path } = await stoppedAfterTwoEpochs();
    await writeFile(join(folder, 'other.csv'), 'a,b\n1,2\n');
    const wrong = await run('import', path, '--url', server.url, '--data', 'other.csv');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('is not the table of the run') });
    const other = await mkdtemp(join(tmpdir(), 'gan-import-'));
    await cp(path, join(other, 'alone/run'), { recursive: true });
    const { code, stdout, stderr } = await CommandLine.run(['import', 'alone/run', '--url', server.url], other);
    await rm(other, { recursive: true });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('can be sampled, not resumed') });
    expect(await api.run(idIn(stdout))).toMatchObject({ origin: 'dashboard', dataset_id: null });
    expect(await api.sample(idIn(stdout), { rows: 5, seed: 1 })).toMatchObject({ status: 'ready' });
  });

  it('is offered with the token, and says what to do without one', async () => {
    const asked: (string | undefined)[] = [];
    const closed = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"title":"Sign in","status":401}');
    });
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
    const answer = await run('import', 'mine', '--url', url, '--token', 'gand_secret');
    await new Promise((resolve) => closed.close(resolve));
    expect(answer).toMatchObject({ code: 1, stderr: expect.stringContaining('give it as --token') });
    expect(asked).toEqual(['Bearer gand_secret']);
  });

  it('is taken by no run that is not its own', async () => {
    const made = await api.post('/runs', { origin: 'external', model: 'ctgan' });
    const { id } = runSchema.parse(await made.json());
    const bring = (body: Uint8Array<ArrayBuffer>) =>
      api.request(`/runs/${id}/checkpoints`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/octet-stream' },
      });
    const [name = ''] = await readdir(join(folder, 'mine/checkpoints'));
    const checkpoint = new Uint8Array(await readFile(join(folder, 'mine/checkpoints', name)));
    expect((await bring(checkpoint)).status).toBe(409);
    await api.post(`/runs/${id}/events`, [{ type: 'training_complete', data: { status: 'completed' } }]);
    expect((await bring(checkpoint.slice(0, -1))).status).toBe(422);
    expect((await api.post(`/runs/${id}/adopt`, {})).status).toBe(409);
    expect((await bring(checkpoint)).status).toBe(201);
    expect((await api.post(`/runs/${id}/adopt`, {})).status).toBe(422);
    expect(await api.run(id)).toMatchObject({ origin: 'external' });
  });

  it.each([
    [['import', 'mine'], 2, '--url is ""; it takes the address'],
    [['import', 'mine', '--url', 'file:///etc'], 2, '--url is "file:///etc"'],
    [['import', 'nowhere', '--url', 'http://127.0.0.1:9'], 2, '"nowhere" is no run folder'],
    [['import', 'mine', '--url', 'http://127.0.0.1:9'], 1, 'where no dashboard answers'],
  ])('is refused with the reason: %j', async (args, code, message) => {
    expect(await run(...args)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
  });
});
