import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runSchema, sampleSchema } from '@gan-dashboard/shared-types';
import type { Problem } from '@gan-dashboard/shared-types';
import { ApiClient } from '../testing/api-client';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });
const quick = {
  ...{ epochs: 2, batch_size: 100, steps_per_epoch: 2, pac: 1, latent_dim: 8 },
  ...{ generator_layers: [8], critic_layers: [8] },
};

describe('samples that meet conditions', () => {
  let server: TestApp;
  let api: ApiClient;
  let runId = '';

  beforeAll(async () => {
    server = await startTestApp();
    api = new ApiClient(server.url);
    const rows = Array.from({ length: 300 }, (_, index) => `${index / 8},${['buy', 'sell', 'sell'][index % 3]}`);
    const { id: datasetId } = await api.uploadCsv('orders.csv', `size,side\n${rows.join('\n')}\n`);
    const body = { dataset_id: datasetId, model: 'ctgan', config: quick, seed: 1 };
    ({ id: runId } = runSchema.parse(await (await api.post('/runs', body)).json()));
    await api.untilStatus(runId, 'completed');
  });
  afterAll(() => server.close());

  const rowsOf = async (id: string) => {
    const lines = (await (await api.request(`/samples/${id}/file`)).text()).trimEnd().split('\r\n');
    return lines.slice(1).map((line) => line.split(','));
  };

  it('hold them in every row, and tell how many rows had to be drawn', async () => {
    const conditions = [
      { column: 'side', equals: 'buy' },
      { column: 'size', at_least: 1, at_most: 36 },
    ];
    const sample = await api.sample(runId, { rows: 120, seed: 5, conditions });
    expect(sample).toMatchObject({ status: 'ready', conditions, balance: null });
    expect(sample.hit_rate).toBeGreaterThan(0);
    expect(sample.hit_rate).toBeLessThanOrEqual(1);
    const rows = await rowsOf(sample.id);
    expect(rows).toHaveLength(120);
    expect(rows.filter(([size, side]) => side !== 'buy' || Number(size) < 1 || Number(size) > 36)).toEqual([]);
    expect(sample.preview.every(([, side]) => side === 'buy')).toBe(true);
  });

  it('have the shares of a balance to the row, as Parquet too', async () => {
    const balance = {
      column: 'side',
      shares: [
        { value: 'buy', share: 3 },
        { value: 'sell', share: 1 },
      ],
    };
    const sample = await api.sample(runId, { rows: 100, balance });
    expect(sample).toMatchObject({ status: 'ready', conditions: [], balance });
    const sides = (await rowsOf(sample.id)).map(([, side]) => side);
    expect(sides.filter((side) => side === 'buy')).toHaveLength(75);
    const parquet = await api.sample(runId, { rows: 100, balance, format: 'parquet' });
    expect(parquet).toMatchObject({ status: 'ready', hit_rate: sample.hit_rate, preview: sample.preview });
  });

  it('are plain rows without any, of which no rate is told', async () => {
    expect(await api.sample(runId, { rows: 5 })).toMatchObject({
      ...{ status: 'ready', conditions: [], balance: null, hit_rate: null },
    });
  });

  it.each([
    [{ conditions: [{ column: 'sid', equals: 'buy' }] }, 'conditions.0.column', 'Column "sid" is not one of this run'],
    [{ conditions: [{ column: 'side', equals: 'hold' }] }, 'conditions.0.equals', 'no value "hold". Its values are: "'],
    [{ conditions: [{ column: 'size', at_least: 900 }] }, 'conditions.0', 'its values lie from 0 to 37.375'],
    [{ balance: { column: 'size' } }, 'balance.column', 'Choose a categorical column'],
  ])('that no row can meet are refused at once: %j', async (wishes, path, message) => {
    const response = await api.post(`/runs/${runId}/samples`, { rows: 5, ...wishes });
    expect(response.status).toBe(422);
    const { detail, errors } = (await response.json()) as Problem;
    expect(errors?.map((error) => error.path)).toEqual([path]);
    expect(detail).toContain(message);
  });

  it('that are malformed are refused with the field', async () => {
    const response = await api.post(`/runs/${runId}/samples`, { conditions: [{ column: 'side', is: 'buy' }] });
    expect(response.status).toBe(400);
    expect(((await response.json()) as Problem).errors).toEqual([
      { path: 'conditions.0', message: 'Unrecognized key: "is"' },
      { path: 'conditions.0', message: 'equals, one_of, at_least or at_most must be given' },
    ]);
  });

  it('that contradict each other end the search with the reason', async () => {
    const conditions = [
      { column: 'side', equals: 'buy' },
      { column: 'side', equals: 'sell' },
    ];
    const response = await api.post(`/runs/${runId}/samples`, { rows: 5, conditions });
    const { id } = sampleSchema.parse(await response.json());
    const failed = await vi.waitFor(
      async () => {
        const sample = sampleSchema.parse(await (await api.request(`/samples/${id}`)).json());
        expect(sample.status).toBe('failed');
        return sample;
      },
      { timeout: 60_000, interval: 50 },
    );
    expect(failed.error).toMatch(/^The last 50,000 rows drawn did not meet: side is "buy" and side is "sell"\./);
    expect(failed).toMatchObject({ conditions, hit_rate: null });
  });
});
