import { logPageSchema, runSchema } from '@gan-dashboard/shared-types';
import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../testing/api-client';
import { smallTable } from '../testing/small-runs';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';
import { CommandLine } from './testing/command-line';

const small = ['--set', 'steps_per_epoch=4', '--set', 'batch_size=100', '--set', 'generator_layers=16'];
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
    const id = /[?]run=([0-9a-f-]{36})/.exec(stdout)?.[1] ?? '';
    const imported = runSchema.parse(await (await api.request(`/runs/${id}`)).json());
    expect(imported).toMatchObject({ name: 'from the shell', model: 'gan', status: 'completed', seed: 7, epoch: 3 });
    expect(imported).toMatchObject({ config: { epochs: 3, steps_per_epoch: 4 }, tags: ['imported'] });
    const [checkpoint] = (await readdir(join(folder, 'mine/checkpoints'))).slice(-1);
    expect(checkpoint).toContain('epoch-000003');
    expect(imported.notes).toMatch(/after step 12, has SHA-256 [0-9a-f]{64}\./);
    const updates = (await api.events(id)).filter(({ type }) => type === 'training_update');
    expect(updates.map(({ data }) => ('epoch' in data ? data.epoch : undefined))).toEqual([1, 2, 3]);
    const logs = logPageSchema.parse(await (await api.request(`/runs/${id}/logs?search=Epoch`)).json());
    expect(logs.items.map(({ message }) => message).join('\n')).toContain('Epoch 3/3');
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
