import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  ManyMetrics,
  MetricSeries,
  Problem,
  Run,
  RunBulkResult,
  RunFields,
  RunGroup,
  RunPage,
  RunView,
} from '@gan-dashboard/shared-types';
import { EventLog } from '../../events/event-log';
import { RunLogWriter } from '../../events/run-log-writer';
import { MetricStore } from '../../history/metric-store';
import { update } from '../../testing/builders';
import { startTestApp } from '../../testing/test-app';
import type { TestApp } from '../../testing/test-app';
import { projectRun } from '../run-projection';

const count = 10_000;

/** Run n of 10,000: every tenth failed, every fourth tagged prod, every fifth a ctgan, losses of n / 1000. */
const seeding = `
  INSERT INTO run (id, created_at, created_by, name, status, model, config, seed, total_epochs, tags, summary)
  SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
    timestamptz '2026-01-01T00:00Z' + n * interval '1 minute', 'test', 'run ' || n,
    CASE WHEN n % 10 = 0 THEN 'failed' ELSE 'completed' END,
    CASE WHEN n % 5 = 0 THEN 'ctgan' ELSE 'wgan-gp' END,
    jsonb_build_object('epochs', 100 * (n % 3), 'optimizer', jsonb_build_object('name', CASE WHEN n % 2 = 0 THEN 'Adam' ELSE 'SGD' END)),
    n, 10, CASE WHEN n % 4 = 0 THEN '["prod", "two words"]'::jsonb ELSE '[]' END,
    CASE WHEN n = 7 THEN '{"generator_loss": "NaN"}' WHEN n = 8 THEN '{}'
      ELSE jsonb_build_object('generator_loss', n / 1000.0) END
  FROM generate_series(1, ${count}) AS n`;

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

describe('10,000 runs', () => {
  let server: TestApp;
  let dataSource: DataSource;

  beforeAll(async () => {
    server = await startTestApp();
    dataSource = server.app.get(DataSource);
    await dataSource.query(seeding);
  }, 60_000);
  afterAll(() => server.close());

  const url = (path: string, query: Record<string, string> = {}) =>
    `${server.url}/api/v1/runs${path}?${new URLSearchParams(query).toString()}`;
  async function get<Answer>(path: string, query: Record<string, string> = {}): Promise<Answer> {
    const answer = await fetch(url(path, query));
    expect([path, answer.status]).toEqual([path, 200]);
    return (await answer.json()) as Answer;
  }
  async function post<Answer>(path: string, body: unknown): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url(path), { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
    return (await answer.json()) as Answer;
  }
  const total = async (query: string) => (await get<RunPage>('', { query, count: 'true', limit: '1' })).total;
  const seedsBy = async (query: Record<string, string>) =>
    (await get<RunPage>('', { limit: '3', ...query })).items.map(({ seed }) => seed);

  it.each([
    ['', 10_000],
    ['status:failed', 1_000],
    ['generator_loss < 1 and tag:prod', 248],
    ['generator_loss <= 1 tag:prod', 249],
    ['config.epochs >= 100', 6_667],
    ['model:CTGAN or status:failed', 2_000],
    ['model:ctgan and not status:failed', 1_000],
    ['-(model:ctgan or tag:prod)', 6_000],
    ['tag:"two words" config.optimizer.name:adam', 2_500],
    ['config.optimizer.name:adam config.epochs:0', 1_666],
    ['"run 999"', 11],
    ['name = "run 999"', 1],
    ['generator_loss:nan', 1],
    ['generator_loss > 9.999', 1],
    ['not generator_loss > 0', 2],
    ['generator_loss != 1', 9_999],
    ['created:2026-01-01', 1_439],
    ['created >= 2026-01-07T22:00Z', 41],
    ['config.missing:1', 0],
    ['seed > 10 seed < 14', 3],
  ])('%s finds %i', async (query, expected) => {
    expect(await total(query)).toBe(expected);
  });

  it('names the position of what it cannot read', async () => {
    const answer = await fetch(url('', { query: 'tag:prod and generator_loss < low' }));
    expect(answer.status).toBe(400);
    const problem = (await answer.json()) as Problem;
    expect(problem.errors).toEqual([
      { path: 'query', message: expect.stringContaining('At character 31: generator_loss is compared with a number') },
    ]);
  });

  it('sorts by fields, metrics and config; runs without the value come last', async () => {
    expect(await seedsBy({ sort: 'summary.generator_loss', order: 'asc' })).toEqual([1, 2, 3]);
    expect(await seedsBy({ sort: 'summary.generator_loss', order: 'desc' })).toEqual([10_000, 9_999, 9_998]);
    const end = await get<RunPage>('', { sort: 'summary.generator_loss', order: 'desc', offset: '9998', limit: '5' });
    expect(end.items.map(({ seed }) => seed).sort()).toEqual([7, 8]);
    expect(await seedsBy({ sort: 'config.epochs', order: 'desc', query: 'seed <= 6' })).toEqual([5, 2, 4]);
    expect(await seedsBy({ sort: 'config.optimizer.name', order: 'asc', query: 'seed <= 4' })).toEqual([2, 4, 1]);
    expect(await seedsBy({ sort: 'seed', order: 'asc' })).toEqual([1, 2, 3]);
    expect((await fetch(url('', { sort: 'name; drop table run' }))).status).toBe(400);
  });

  it('is paged without a gap, from the start and from the middle', async () => {
    const seen: (number | null)[] = [];
    let cursor: string | null = null;
    do {
      const page: RunPage = await get('', {
        limit: '500',
        query: 'model:ctgan',
        sort: 'name',
        order: 'asc',
        ...(cursor === null ? {} : { cursor }),
      });
      seen.push(...page.items.map(({ seed }) => seed));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(2_000);
    expect(seen).toHaveLength(2_000);
    const middle = await get<RunPage>('', {
      limit: '2',
      offset: '1000',
      query: 'model:ctgan',
      sort: 'name',
      order: 'asc',
    });
    expect(middle.items.map(({ seed }) => seed)).toEqual(seen.slice(1_000, 1_002));
    expect(middle.next_cursor).not.toBeNull();
  });

  it('groups by a config field with mean and standard deviation', async () => {
    const { items } = await get<{ items: RunGroup[] }>('/groups', {
      by: 'config.epochs',
      metric: 'generator_loss',
      query: 'seed <= 9',
    });
    // Seeds 3, 6, 9; 1, 4 and 7, which is NaN; 2, 5 and 8, which was not measured.
    expect(items.map(({ value, count: runs, measured }) => [value, runs, measured])).toEqual([
      ['0', 3, 3],
      ['100', 3, 2],
      ['200', 3, 2],
    ]);
    expect(items[0]).toMatchObject({
      mean: expect.closeTo(0.006, 9),
      sd: expect.closeTo(0.003, 9),
      min: 0.003,
      max: 0.009,
    });
    expect(items[1]?.run_ids).toEqual([idOf(7), idOf(4), idOf(1)]);
  });

  it('says what runs can be filtered by', async () => {
    expect(await get<RunFields>('/fields')).toEqual({
      config: ['epochs', 'optimizer'],
      metrics: ['generator_loss'],
      tags: ['prod', 'two words'],
      models: ['ctgan', 'wgan-gp'],
    });
  });

  it('tags, archives, deletes and restores many, and says what it refused', async () => {
    const ids = [idOf(1), idOf(2), idOf(3)];
    await dataSource.query(`UPDATE run SET status = 'running' WHERE id = $1`, [idOf(3)]);
    const act = (action: string, more = {}) => post<RunBulkResult>('/bulk', { ids, action, ...more });
    expect((await act('tag', { tags: ['mine'] })).changed.sort()).toEqual(ids);
    expect(await total('tag:mine')).toBe(3);
    await act('untag', { tags: ['mine'] });
    expect(await total('tag:mine')).toBe(0);
    await act('archive');
    expect(await total('seed <= 3')).toBe(0);
    await act('unarchive');
    const deleted = await act('delete');
    expect(deleted.changed.sort()).toEqual(ids.slice(0, 2));
    expect(deleted.refused).toEqual([{ id: idOf(3), reason: 'The run is running. Stop it first, then delete it.' }]);
    expect((await get<RunPage>('', { deleted: 'true' })).items.map(({ id }) => id).sort()).toEqual(ids.slice(0, 2));
    expect((await fetch(`${server.url}/api/v1/runs/${idOf(1)}`)).status).toBe(404);
    expect((await act('restore')).changed.sort()).toEqual(ids.slice(0, 2));
    expect((await get<Run>(`/${idOf(1)}`)).name).toBe('run 1');
    expect((await fetch(url('/bulk'), { method: 'POST', body: '{}' })).status).toBe(400);
  });

  it('is exported as CSV with the chosen columns', async () => {
    await dataSource.query(`UPDATE run SET name = $1 WHERE id = $2`, ['=1+1, "quoted"', idOf(44)]);
    const answer = await fetch(
      url('/export', { query: 'seed:44', columns: 'name,seed,config.epochs,summary.generator_loss,tags' }),
    );
    expect(answer.headers.get('content-type')).toContain('text/csv');
    expect(await answer.text()).toBe(
      'name,seed,config.epochs,summary.generator_loss,tags\r\n"\'=1+1, ""quoted""",44,200,0.044,prod; two words\r\n',
    );
    const all = await (await fetch(url('/export', { columns: 'id' }))).text();
    expect(all.split('\r\n')).toHaveLength(count + 2);
  });

  it('answers the series of many runs at once', async () => {
    const log = new EventLog(dataSource);
    for (const n of [20, 21]) {
      const writer = new RunLogWriter({ runId: idOf(n), log, onDurable: () => undefined, project: projectRun });
      await writer.write(Array.from({ length: 400 }, (_, epoch) => update(epoch + 1)));
    }
    const { items } = await get<ManyMetrics>('/metrics', {
      ids: [idOf(21), idOf(20), idOf(9_999_999)].join(','),
      names: 'generator_loss',
      points: '50',
    });
    expect(items.map(({ run_id: id }) => id)).toEqual([idOf(21), idOf(20)]);
    expect(items[0]?.series.map(({ name, step }) => [name, step.length])).toEqual([['generator_loss', 50]]);
    const single = await server.app.get(MetricStore).read(idOf(20), { names: 'generator_loss', points: 50 });
    expect(items[1]?.series).toEqual(single.series);
    const bare = await get<ManyMetrics>('/metrics', {
      ids: idOf(20),
      names: 'generator_loss',
      points: '50',
      bands: 'false',
    });
    const { name, is_complete, step, last } = single.series[0] as MetricSeries;
    const none = { epoch: [], time: [], min: [], max: [] };
    expect(bare.items[0]?.series).toEqual([{ name, is_complete, step, last, ...none }]);
    expect((await fetch(url('/metrics', { ids: 'mine' }))).status).toBe(400);
  });

  it('keeps views, one a name', async () => {
    const first = await post<RunView>('/views', { name: 'failures', state: 'q=status%3Afailed' });
    const second = await post<RunView>('/views', { name: 'failures', state: 'q=status%3Afailed&sort=name' });
    expect(second.id).toBe(first.id);
    expect((await get<{ items: RunView[] }>('/views')).items).toEqual([second]);
    expect((await fetch(url(`/views/${first.id}`), { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(url(`/views/${first.id}`), { method: 'DELETE' })).status).toBe(404);
    expect((await get<{ items: RunView[] }>('/views')).items).toEqual([]);
  });
});
