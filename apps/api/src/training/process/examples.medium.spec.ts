import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPageSchema } from '@gan-dashboard/shared-types';
import type { Run } from '@gan-dashboard/shared-types';
import { ApiClient } from '../../testing/api-client';
import { startTestApp } from '../../testing/test-app';
import type { TestApp } from '../../testing/test-app';

const folder = fileURLToPath(new URL('../../../../../docs/examples/any-trainer/', import.meta.url));

function has(program: string): boolean {
  try {
    execFileSync(program, ['--version']);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!has('python3'))('the examples of docs/any-trainer.md (skipped where there is no python3)', () => {
  let server: TestApp;
  let api: ApiClient;
  beforeAll(async () => {
    server = await startTestApp({ trainersFile: `${folder}trainers.yaml` });
    api = new ApiClient(server.url);
  }, 60_000);
  afterAll(() => server.close());

  const train = async (model: string, config: Record<string, unknown>): Promise<Run> => {
    const rows = Array.from({ length: 300 }, (_, index) => `x,${(100 + 5 * Math.sin(index)).toFixed(3)}`);
    const dataset = await api.uploadCsv(`${model.replace(':', '-')}.csv`, `name,price\n${rows.join('\n')}\n`);
    const response = await api.post('/runs', { dataset_id: dataset.id, model, config, seed: 5 });
    expect(response.status).toBe(201);
    return api.untilStatus(((await response.json()) as Run).id, 'completed', 'failed', 'interrupted');
  };

  it('train a program in Python', { timeout: 60_000 }, async () => {
    const run = await train('process:normal-gan', { epochs: 15 });
    expect(run).toMatchObject({ status: 'completed', epoch: 15, total_epochs: 15, progress_percent: 100 });
    expect(Object.keys(run.summary).sort()).toEqual([
      'discriminator_loss',
      'fake_scores',
      'generator_loss',
      'real_scores',
    ]);
  });

  it('read a shell script by a pattern', { timeout: 60_000 }, async () => {
    const run = await train('process:shell-loop', { epochs: 8 });
    expect(run).toMatchObject({ status: 'completed', epoch: 8, progress_percent: 100 });
    expect(run.summary).toEqual({ generator_loss: 0.892, discriminator_loss: 1.108 });
  });

  it.skipIf(!has('curl'))('report with curl', { timeout: 60_000 }, async () => {
    const { stdout } = await promisify(execFile)('sh', [`${folder}report.sh`, server.url], { timeout: 30_000 });
    expect(stdout).toContain('"accepted":10');
    const { items } = runPageSchema.parse(await (await api.request('/runs?search=from%20a%20shell')).json());
    expect(items).toMatchObject([
      { status: 'completed', epoch: 5, total_epochs: 5, summary: { generator_loss: 0.85 } },
    ]);
  });
});
