import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { auditPageSchema, retentionPlanSchema } from '@gan-dashboard/shared-types';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { RetentionConfig } from '../platform/configuration/retention-config';
import { FileStore } from '../platform/files/file-store';
import { ApiClient } from '../testing/api-client';
import { quick, smallTable } from '../testing/small-runs';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';

const free = { maxAgeMs: undefined, maxCount: undefined, maxBytes: undefined };
const unlimited: RetentionConfig = { runs: free, checkpoints: free, samples: free, datasets: free };

describe('retention', () => {
  let server: TestApp;
  let api: ApiClient;

  beforeAll(async () => {
    server = await startTestApp();
    api = new ApiClient(server.url);
  }, 60_000);
  afterAll(() => server.close());

  function limit(limits: Partial<RetentionConfig>): void {
    server.app.get<{ retention: RetentionConfig }>(APP_CONFIG).retention = { ...unlimited, ...limits };
  }
  const dryRun = async () => retentionPlanSchema.parse(await (await api.request('/retention')).json());
  const apply = async () => retentionPlanSchema.parse(await (await api.post('/retention/run', {})).json());
  const filesOf = (folder: string) => server.app.get(FileStore).list(folder);

  it('says what it would remove, removes that and nothing else, and tells of it', { timeout: 90_000 }, async () => {
    const table = await api.uploadCsv('kept.csv', smallTable());
    const spare = await api.uploadCsv('spare.csv', smallTable().replace(/\n$/, ''));
    const run = await api.startRun(table.id, quick);
    await api.untilStatus(run.id, 'completed');
    const sample = await api.sample(run.id, { rows: 20 });
    expect(await dryRun()).toEqual({ items: [], size_bytes: 0, failed: [] });

    limit({ datasets: { ...free, maxCount: 0 }, samples: { ...free, maxBytes: 0 } });
    const plan = await dryRun();
    expect(plan.items.map(({ kind, id, reason }) => [kind, id, reason])).toEqual([
      ['sample', sample.id, 'bytes'],
      ['dataset', spare.id, 'count'],
    ]);
    expect((await api.request(`/samples/${sample.id}`)).status).toBe(200);
    expect(await apply()).toEqual(plan);
    expect((await api.request(`/samples/${sample.id}`)).status).toBe(404);
    expect((await api.request(`/datasets/${spare.id}`)).status).toBe(404);
    expect((await api.request(`/datasets/${table.id}`)).status).toBe(200);
    expect(await filesOf('samples/')).toEqual([]);
    const audit = auditPageSchema.parse(await (await api.request('/audit')).json());
    expect(audit.items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['retention.sample', 'retention.dataset', 'sample.delete', 'dataset.delete']),
    );
  });

  it('removes a run with all its files, but none with the tag keep', { timeout: 90_000 }, async () => {
    const table = await api.uploadCsv('runs.csv', smallTable());
    const [kept, gone] = [await api.startRun(table.id, quick), await api.startRun(table.id, quick)];
    for (const { id } of [kept, gone]) await api.untilStatus(id, 'completed');
    const patched = await api.request(`/runs/${kept.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tags: ['keep'] }),
    });
    expect(patched.status).toBe(200);
    expect(await filesOf(`runs/${gone.id}/`)).not.toEqual([]);
    limit({ runs: { ...free, maxCount: 0 } });
    const { items, failed } = await apply();
    expect(failed).toEqual([]);
    expect(items.map(({ id }) => id)).toContain(gone.id);
    expect(items.map(({ id }) => id)).not.toContain(kept.id);
    expect((await api.request(`/runs/${gone.id}`)).status).toBe(404);
    expect(await filesOf(`runs/${gone.id}/`)).toEqual([]);
    expect(await filesOf(`runs/${kept.id}/`)).not.toEqual([]);
  });

  it(
    'removes the files of a run that people deleted once the time to restore it is over',
    { timeout: 60_000 },
    async () => {
      const table = await api.uploadCsv('deleted.csv', smallTable());
      const { id } = await api.startRun(table.id, quick);
      await api.untilStatus(id, 'completed');
      expect((await api.request(`/runs/${id}`, { method: 'DELETE' })).status).toBe(204);
      limit({});
      expect((await dryRun()).items).toEqual([]);
      await server.app
        .get(DataSource)
        .query(`UPDATE run SET deleted_at = now() - interval '99 days' WHERE id = $1`, [id]);
      expect((await apply()).items).toMatchObject([{ kind: 'run_files', id, reason: 'deleted' }]);
      expect(await filesOf(`runs/${id}/`)).toEqual([]);
      expect((await dryRun()).items).toEqual([]);
    },
  );
});
