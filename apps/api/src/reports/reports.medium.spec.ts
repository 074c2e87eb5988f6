import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { reportDetailSchema, reportPageSchema, reportSchema } from '@gan-dashboard/shared-types';
import type { Dataset, Report, ReportDetail } from '@gan-dashboard/shared-types';
import { ApiClient } from '../testing/api-client';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });
const patience = { timeout: 60_000, interval: 20 };
const quick = { epochs: 2, batch_size: 100, steps_per_epoch: 2, generator_layers: [8], critic_layers: [8] };
const evilName = '</h3><script>alert("name")</script>';
const evilValue = '<img src=x onerror=alert(1)>';
const built = process.env['REPORT_WORKER'];
const fixture = (name: string) => fileURLToPath(new URL(`./testing/${name}`, import.meta.url));

describe('reports', () => {
  let server: TestApp;
  let api: ApiClient;
  let real: Dataset;
  let synthetic: Dataset;

  beforeAll(async () => {
    server = await startTestApp();
    api = new ApiClient(server.url);
    const csv = (shift: number, rows: number) =>
      `value,size,"${evilName.replaceAll('"', '""')}"\n${Array.from({ length: rows }, (_, i) => {
        const value = ((i * 7 + shift) % 101) / 8;
        return `${value},${value * 2 + (i % 5)},${i % 3 === 0 ? evilValue : 'plain'}`;
      }).join('\n')}\n`;
    real = await api.uploadCsv('real.csv', csv(0, 400));
    synthetic = await api.uploadCsv('synthetic.csv', csv(0.5, 300));
  });
  afterAll(() => server.close());
  afterEach(() => {
    process.env['REPORT_WORKER'] = built;
  });

  const ask = async (body: Record<string, unknown>, headers = {}): Promise<Report> => {
    const response = await api.post('/reports', body, headers);
    expect(response.status, await response.clone().text()).toBe(202);
    return reportSchema.parse(await response.json());
  };
  const get = async (id: string): Promise<ReportDetail> =>
    reportDetailSchema.parse(await (await api.request(`/reports/${id}`)).json());
  const ended = (id: string) =>
    vi.waitFor(async () => {
      const report = await get(id);
      expect(report.status).toBeOneOf(['ready', 'failed']);
      return report;
    }, patience);
  const ofBoth = () => ({ real_dataset_id: real.id, synthetic_dataset_id: synthetic.id });
  const workFiles = () => {
    const folder = join(server.config.dataDir, 'work', 'reports');
    return existsSync(folder) ? readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))) : [];
  };

  it('compare two data sets, and escape whatever these are named', async () => {
    const { id, status } = await ask(ofBoth());
    expect(status).toBe('queued');
    const { content, error, progress_percent: percent, is_copying: isCopying } = await ended(id);
    expect(error).toBeNull();
    expect(percent).toBe(100);
    expect(isCopying).not.toBeNull();
    expect(content?.lineage.real).toMatchObject({ sha256: real.sha256, rows: 400, rows_used: 400 });
    expect(content?.quality.columns?.map(({ column }) => column)).toContain(evilName);

    const file = await api.request(`/reports/${id}/file.html`);
    expect(file.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(file.headers.get('content-disposition')).toMatch(/^attachment;/);
    const html = await file.text();
    expect(html).toContain('&lt;/h3&gt;&lt;script&gt;');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html).not.toMatch(/<script|<img|<link|src=["']?http/);
    expect((await api.request(`/reports/${id}/html`)).status).toBe(200);
  });

  it('of a run draw rows from its checkpoint, and say from which', async () => {
    const { id: runId } = await api.startRun(real.id, quick);
    await api.untilStatus(runId, 'completed');
    expect((await api.request(`/runs/${runId}/report`)).status).toBe(404);
    const { id, checkpoint_id: checkpointId } = await ask({ run_id: runId, rows: 200, seed: 5 });
    const { content, error } = await ended(id);
    expect(error).toBeNull();
    expect(content?.lineage).toMatchObject({
      run: { id: runId, model: 'wgan-gp', seed: 1 },
      checkpoint: { id: checkpointId },
      synthetic: { rows: 200 },
      seed: 5,
    });
    // A twentieth of the 400 rows is held out of the training; privacy is measured against it.
    expect(content?.quality.rows).toEqual({ real: 380, synthetic: 200, holdout: 20 });
    expect(content?.lineage.real).toMatchObject({ rows: 400, rows_used: 400 });
    expect(content?.quality.privacy?.overfitting).toMatchObject({ expected_closer: 0.95 });
    expect(content?.quality.privacy?.nndr.holdout).toBeDefined();
    expect(content?.quality.scores.map(({ name }) => name)).toContain('dcr_overfitting_protection');
    expect(content?.privacy?.sentences.join(' ')).toContain('of the 20 that were held out');
    const html = await (await api.request(`/reports/${id}/file.html`)).text();
    expect(html).toContain('<td>held out, training</td>');
    expect(content?.lineage.checkpoint?.sha256).toMatch(/^[0-9a-f]{64}$/);
    const page = reportPageSchema.parse(await (await api.request(`/reports?run_id=${runId}`)).json());
    expect(page.items.map((report) => report.id)).toEqual([id]);
    expect(reportDetailSchema.parse(await (await api.request(`/runs/${runId}/report`)).json()).id).toBe(id);
    const audit = await (await api.request(`/audit?run_id=${runId}`)).text();
    expect(audit).toContain('report.create');
  });

  it('are asked for once with an Idempotency-Key, and listed page by page', async () => {
    const key = { 'Idempotency-Key': 'one report' };
    const [first, second] = [await ask(ofBoth(), key), await ask(ofBoth(), key)];
    expect(second.id).toBe(first.id);
    await ended(first.id);
    const page = reportPageSchema.parse(await (await api.request('/reports?limit=1')).json());
    expect(page.items.map(({ id }) => id)).toEqual([first.id]);
    const next = reportPageSchema.parse(
      await (await api.request(`/reports?limit=1&cursor=${page.next_cursor}`)).json(),
    );
    expect(next.items[0]?.id).not.toBe(first.id);
    expect((await api.request('/reports?cursor=nonsense')).status).toBe(400);
  });

  it('refuse what cannot be compared, with the way out', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect((await api.post('/reports', { run_id: unknown })).status).toBe(404);
    expect((await api.post('/reports', { real_dataset_id: real.id })).status).toBe(400);
    const target = await api.post('/reports', { ...ofBoth(), target: 'price' });
    expect(target.status).toBe(422);
    expect(await target.text()).toContain('take one of: value, size');
    const other = await api.uploadCsv('other.csv', `other\n${'1\n2\n3\n'.repeat(40)}`);
    const { id } = await ask({ real_dataset_id: real.id, synthetic_dataset_id: other.id });
    expect((await ended(id)).error).toMatch(/The synthetic table lacks "value"/);
    expect((await api.request(`/reports/${id}/file.html`)).status).toBe(409);
  });

  it('fail with the reason when their process is killed, and the next one is made', async () => {
    process.env['REPORT_WORKER'] = fixture('dying-worker.mjs');
    const { id } = await ask(ofBoth());
    expect(await ended(id)).toMatchObject({ status: 'failed', error: expect.stringContaining('ended by SIGKILL') });
    process.env['REPORT_WORKER'] = built;
    expect((await ended((await ask(ofBoth())).id)).status).toBe('ready');
  });

  it('end with their process when they are deleted, and leave nothing', async () => {
    process.env['REPORT_WORKER'] = fixture('hanging-worker.mjs');
    const { id } = await ask(ofBoth());
    await vi.waitFor(
      async () => expect(await get(id)).toMatchObject({ status: 'running', phase: 'measuring for ever' }),
      patience,
    );
    const pid = Number(readFileSync(workFiles().find((path) => path.endsWith('pid')) ?? '', 'utf8'));
    expect((await api.request(`/reports/${id}`, { method: 'DELETE' })).status).toBe(204);
    await vi.waitFor(() => expect(workFiles()).toEqual([]), patience);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect((await api.request(`/reports/${id}`)).status).toBe(404);
  });

  it('that the end of the server cut off are made at the next start', async () => {
    process.env['REPORT_WORKER'] = fixture('hanging-worker.mjs');
    const { id } = await ask(ofBoth());
    await vi.waitFor(async () => expect((await get(id)).status).toBe('running'), patience);
    await server.stop();
    process.env['REPORT_WORKER'] = built;
    server = await server.restart();
    api = new ApiClient(server.url);
    expect((await ended(id)).status).toBe('ready');
  });
});
