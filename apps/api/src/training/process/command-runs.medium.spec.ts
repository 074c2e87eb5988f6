import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { logPageSchema, metricHistorySchema, modelListSchema } from '@gan-dashboard/shared-types';
import type { Dataset, Run } from '@gan-dashboard/shared-types';
import { ApiClient } from '../../testing/api-client';
import { startTestApp } from '../../testing/test-app';
import type { TestApp } from '../../testing/test-app';

const python = `
import csv, json, sys, time
config_file, data, epochs, seed, output = sys.argv[1:]
config = json.load(open(config_file))
rows = list(csv.DictReader(open(data)))
print("read", len(rows), "rows, rate", config["rate"])
for epoch in range(1, int(epochs) + 1):
    print(f"Epoch {epoch}/{epochs} Generator Loss: {1 / epoch} Discriminator Loss: {config['rate']}")
open(output + "/weights.txt", "w").write("w")
`;

const trainers = `
trainers:
  - name: python-gan
    title: A GAN in Python
    description: Reads a CSV file and prints.
    command: [python3, train.py, '{config}', '{data}', '{epochs}', '{seed}', '{output}']
    config:
      - { name: epochs, kind: integer, default: 3, minimum: 1, maximum: 100 }
      - { name: rate, kind: number, default: 0.5, minimum: 0, maximum: 1 }
  - name: shell-loop
    command: [sh, -c, 'trap "echo saving; exit 7" TERM; i=0; while :; do i=$((i+1)); echo "step $i loss: 0.$i"; sleep 0.05; done']
  - name: broken
    command: [sh, -c, 'echo "Traceback: no such column" >&2; exit 3']
`;

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version']);
    return true;
  } catch {
    return false;
  }
}

describe('runs of programs that trainers.yaml declares', () => {
  let folder: string;
  let server: TestApp;
  let api: ApiClient;
  let dataset: Dataset;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-trainers-'));
    await writeFile(join(folder, 'train.py'), python);
    // Where there is no Python its program cannot be declared.
    const text = hasPython()
      ? trainers
      : trainers.replace(/ {2}- name: python-gan[\s\S]*(?= {2}- name: shell-loop)/, '');
    await writeFile(join(folder, 'trainers.yaml'), text);
    server = await startTestApp({ trainersFile: join(folder, 'trainers.yaml') });
    api = new ApiClient(server.url);
    dataset = await api.uploadCsv('prices.csv', `price,volume\n${'1.5,2\n'.repeat(50)}`);
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (name: string, config: Record<string, unknown> = {}): Promise<Run> => {
    const request = { dataset_id: dataset.id, model: `process:${name}`, config, on_interruption: 'ask' };
    const response = await api.post('/runs', request);
    expect(response.status).toBe(201);
    return (await response.json()) as Run;
  };

  it('stand beside the models of the dashboard, with their settings', async () => {
    const { items } = modelListSchema.parse(await (await api.request('/models')).json());
    expect(items.map(({ name }) => name)).toEqual(expect.arrayContaining(['wgan-gp', 'process:shell-loop']));
    const wrong = await api.post('/runs', { dataset_id: dataset.id, model: 'process:shell-loop', config: { rate: 1 } });
    expect(wrong.status).toBe(422);
    expect(await wrong.json()).toMatchObject({ errors: [{ path: 'config.rate' }] });
    const unknown = await api.post('/runs', { dataset_id: dataset.id, model: 'process:nothing' });
    expect(await unknown.json()).toMatchObject({ detail: expect.stringContaining('process:shell-loop') });
  });

  it.skipIf(!hasPython())(
    'train: metrics, progress, log and the files that they write',
    { timeout: 60_000 },
    async () => {
      const { id } = await start('python-gan', { rate: 0.25 });
      const run = await api.untilStatus(id, 'completed', 'failed');
      expect(run).toMatchObject({
        status: 'completed',
        error: null,
        epoch: 3,
        total_epochs: 3,
        progress_percent: 100,
        config: { epochs: 3, rate: 0.25 },
        summary: { generator_loss: 1 / 3, discriminator_loss: 0.25 },
      });
      const { series } = metricHistorySchema.parse(await (await api.request(`/runs/${id}/metrics`)).json());
      expect(series.find(({ name }) => name === 'generator_loss')).toMatchObject({ epoch: [1, 2, 3], step: [1, 2, 3] });
      const { items } = logPageSchema.parse(await (await api.request(`/runs/${id}/logs?from_line=1`)).json());
      expect(items.map(({ message }) => message)).toContain('read 50 rows, rate 0.25');
      expect(await readFile(join(server.config.dataDir, 'runs', id, 'output', 'weights.txt'), 'utf8')).toBe('w');
    },
  );

  it('pause, go on, save nothing, and stop', { timeout: 60_000 }, async () => {
    const { id } = await start('shell-loop');
    const stepsOf = async () => (await api.events(id)).filter(({ type }) => type === 'training_update').length;
    await expect.poll(stepsOf, { timeout: 20_000 }).toBeGreaterThan(2);
    expect((await api.post(`/runs/${id}/pause`, {})).status).toBe(202);
    await api.untilStatus(id, 'paused');
    const saved = await api.post(`/runs/${id}/checkpoint`, {});
    expect(saved.status).toBe(409);
    await api.post(`/runs/${id}/resume`, {});
    await api.untilStatus(id, 'running');
    const before = await stepsOf();
    await expect.poll(stepsOf, { timeout: 20_000 }).toBeGreaterThan(before);
    expect((await api.post(`/runs/${id}/stop`, {})).status).toBe(202);
    const stopped = await api.untilStatus(id, 'stopped', 'failed');
    expect(stopped).toMatchObject({ status: 'stopped', error: null, total_epochs: 0, epoch: 0 });
    const complete = (await api.events(id)).find(({ type }) => type === 'training_complete');
    expect(complete?.data).toMatchObject({ status: 'stopped', return_code: 7 });
  });

  it('fail with the last words of the program', { timeout: 60_000 }, async () => {
    const { id } = await start('broken');
    const run = await api.untilStatus(id, 'failed', 'completed');
    expect(run.error).toMatch(/exit code 3.*Traceback: no such column/);
    await vi.waitFor(async () => {
      const complete = (await api.events(id)).find(({ type }) => type === 'training_complete');
      expect(complete?.data).toMatchObject({ status: 'failed', return_code: 3 });
    });
  });
});
