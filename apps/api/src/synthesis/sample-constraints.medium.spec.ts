import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runSchema } from '@gan-dashboard/shared-types';
import type { Problem, SampleConstraint } from '@gan-dashboard/shared-types';
import { ApiClient } from '../testing/api-client';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });
const quick = {
  ...{ epochs: 2, batch_size: 100, steps_per_epoch: 2, pac: 1, latent_dim: 8 },
  ...{ generator_layers: [8], critic_layers: [8] },
};
const cities = ['Lyon', 'Paris', 'Bonn', 'Kiel'];
const countryOf = (city: string) => (city === 'Lyon' || city === 'Paris' ? 'France' : 'Germany');

describe('samples that hold constraints', () => {
  let server: TestApp;
  let api: ApiClient;
  let runId = '';
  let datasetId = '';

  beforeAll(async () => {
    server = await startTestApp();
    api = new ApiClient(server.url);
    const rows = Array.from({ length: 400 }, (_, i) => {
      const city = cities[(i * 7) % 4] ?? '';
      return [city, countryOf(city), (i % 97) / 4, 3 + ((i * 13) % 89) / 4, 1000 + i].join();
    });
    ({ id: datasetId } = await api.uploadCsv('quotes.csv', `city,country,bid,ask,code\n${rows.join('\n')}\n`));
    const body = { dataset_id: datasetId, model: 'ctgan', config: quick, seed: 1 };
    ({ id: runId } = runSchema.parse(await (await api.post('/runs', body)).json()));
    await api.untilStatus(runId, 'completed');
  });
  afterAll(() => server.close());

  const constraints: SampleConstraint[] = [
    { kind: 'inequality', low: 'bid', high: 'ask', strict: true },
    { kind: 'fixed_combinations', columns: ['city', 'country'] },
    { kind: 'unique', columns: ['bid'] },
  ];
  const textOf = async (id: string) => (await api.request(`/samples/${id}/file`)).text();
  const cellsOf = (text: string) =>
    text
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(','));

  it('hold them in every row, with what is measured, and are the same bytes again', async () => {
    const conditions = [{ column: 'country', equals: 'France' }];
    const wishes = { rows: 60, seed: 9, conditions, constraints };
    const sample = await api.sample(runId, wishes);
    expect(sample).toMatchObject({ status: 'ready', error: null, constraints });
    expect(sample.hit_rate).toBeGreaterThan(0);
    expect(sample.hit_rate).toBeLessThanOrEqual(1);
    expect(sample.completed_share).toBeGreaterThan(0);
    expect(sample.completed_share).toBeLessThan(1);
    const text = await textOf(sample.id);
    const rows = cellsOf(text);
    expect(rows).toHaveLength(60);
    for (const [city, country, bid, ask] of rows) {
      expect(country).toBe(countryOf(city ?? ''));
      expect(country).toBe('France');
      expect(Number(bid)).toBeLessThan(Number(ask));
    }
    expect(new Set(rows.map(([, , bid]) => bid)).size).toBe(60);
    const again = await api.sample(runId, wishes);
    expect(await textOf(again.id)).toBe(text);
  });

  it.each<[SampleConstraint, number, string, string]>([
    [{ kind: 'inequality', low: 'bid', high: 'city' }, 5, 'constraints.0.high', 'cannot be compared, as it is text'],
    [{ kind: 'unique', columns: ['city'] }, 5, 'constraints.0.columns', '5 rows cannot all differ in city'],
    [
      { kind: 'fixed_combinations', columns: ['city', 'x'] },
      5,
      'constraints.0.columns.1',
      '"x" is not one of this run',
    ],
  ])('that cannot be held are refused at once: %j', async (constraint, rows, path, message) => {
    const response = await api.post(`/runs/${runId}/samples`, { rows, constraints: [constraint] });
    expect(response.status).toBe(422);
    const { detail, errors } = (await response.json()) as Problem;
    expect(errors?.map((error) => error.path)).toEqual([path]);
    expect(detail).toContain(message);
  });

  it('end with the reason where no row is left that differs', async () => {
    const unique: SampleConstraint[] = [
      { kind: 'unique', columns: ['city', 'country'] },
      { kind: 'fixed_combinations', columns: ['city', 'country'] },
    ];
    const sample = await api.sample(runId, { rows: 6, constraints: unique });
    expect(sample).toMatchObject({ status: 'failed', hit_rate: null });
    expect(sample.error).toMatch(
      /^The last 50,000 rows drawn did not meet: city, country as a combination of the table and city, country different in each row\. 4 of 6 rows were found/,
    );
  });

  it('are drawn also when the data set was deleted since', async () => {
    expect((await api.request(`/datasets/${datasetId}`, { method: 'DELETE' })).status).toBe(204);
    const sample = await api.sample(runId, { rows: 10, constraints: constraints.slice(1, 2) });
    expect(sample).toMatchObject({ status: 'ready', error: null });
    expect(cellsOf(await textOf(sample.id)).every(([city, country]) => country === countryOf(city ?? ''))).toBe(true);
  });
});
