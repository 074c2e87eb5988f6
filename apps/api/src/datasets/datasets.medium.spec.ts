import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  datasetPageSchema,
  datasetPreviewSchema,
  datasetProfileSchema,
  datasetSchema,
} from '@gan-dashboard/shared-types';
import type { Dataset, Page } from '@gan-dashboard/shared-types';
import { ApiClient } from '../testing/api-client';
import { insertRun } from '../testing/builders';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';
import { DatasetCleaner } from './dataset-cleaner';
import { DatasetEntity } from './dataset.entity';
import { DatasetFiles } from './dataset-files';
import { DatasetRegistry } from './dataset-registry';
import { DatasetsRepository } from './datasets.repository';
import { DatasetsService } from './datasets.service';
import { storeSource } from './upload/store-source';

// Imports are processes of their own, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });
const patience = { timeout: 30_000, interval: 50 };
const maxUploadBytes = 100_000;
let server: TestApp;
let api: ApiClient;

beforeAll(async () => {
  server = await startTestApp({ maxUploadBytes });
  api = new ApiClient(server.url);
}, 60_000);
afterAll(() => server.close());

const json = async (path: string, status = 200, init?: RequestInit): Promise<unknown> => {
  const response = await api.request(path, init);
  const body: unknown = await response.json();
  expect({ status: response.status, body }).toMatchObject({ status });
  return body;
};
const get = async (id: string): Promise<Dataset> => datasetSchema.parse(await json(`/datasets/${id}`));
const list = async (query = ''): Promise<Page<Dataset>> => datasetPageSchema.parse(await json(`/datasets${query}`));
const settled = (id: string) =>
  vi.waitFor(async () => {
    const dataset = await get(id);
    expect(dataset.status).not.toBe('importing');
    return dataset;
  }, patience);
const patch = (id: string, body: unknown, status = 200) =>
  json(`/datasets/${id}`, status, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const upload = (fields: Record<string, string | { name: string; text: string }>, status = 201) => {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.set(field, value);
    else form.set(field, new Blob([value.text]), value.name);
  }
  return json('/datasets', status, { method: 'POST', body: form });
};
const filesIn = (folder: string) => {
  const path = join(server.config.dataDir, folder);
  return existsSync(path) ? readdirSync(path) : [];
};
const storedFolders = () => filesIn('datasets');
const plain = 'day,price,side\n2024-01-02,1.25,buy\n2024-01-03,2.5,sell\n2024-01-04,3,buy\n';

describe('an upload', () => {
  it('is stored, imported, previewed, profiled, downloaded and deleted', async () => {
    const fields = { name: ' Prices ', file: { name: '../../Preise ä.csv', text: plain } };
    const { id, ...given } = datasetSchema.parse(await upload(fields));
    expect(given).toMatchObject({ status: 'importing', name: 'Prices', file_name: 'Preise ä.csv', origin: 'upload' });
    const ready = await settled(id);
    expect(ready).toMatchObject({ status: 'ready', row_count: 3, rejected_row_count: 0, size_bytes: plain.length });
    expect(ready.structure?.kind).toBe('time_series');

    const preview = datasetPreviewSchema.parse(await json(`/datasets/${id}/preview?rows=2`));
    expect(preview.rows).toEqual([
      ['2024-01-02', 1.25, 'buy'],
      ['2024-01-03', 2.5, 'sell'],
    ]);
    const profile = datasetProfileSchema.parse(await json(`/datasets/${id}/profile`));
    expect(profile.columns[1]).toMatchObject({ name: 'price', min: 1.25, max: 3, mean: 2.25 });

    const file = await api.request(`/datasets/${id}/file`);
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; filename="Preise _\.csv"; filename\*=UTF-8''/,
    );
    expect(await file.text()).toBe(plain);

    expect((await api.request(`/datasets/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await json(`/datasets/${id}`, 404)).toMatchObject({ title: 'Not found' });
    expect(storedFolders()).not.toContain(id);
  });

  it('of the same content as another says so', async () => {
    const text = `${plain}2024-01-05,4,sell\n`;
    const first = datasetSchema.parse(await upload({ file: { name: 'first.csv', text } }));
    const second = datasetSchema.parse(await upload({ file: { name: 'second.csv', text } }));
    expect(second.warnings.join()).toMatch(/same content as the data set "first"/);
    expect((await settled(second.id)).warnings.join()).toMatch(/same content as the data set "first"/);
    expect(await settled(first.id)).toMatchObject({ sha256: second.sha256, warnings: [] });
  });

  it('that cannot be read is failed, with the reason', async () => {
    const { id } = datasetSchema.parse(await upload({ file: { name: 'empty.csv', text: 'a,b\n' } }));
    expect(await settled(id)).toMatchObject({ status: 'failed', row_count: null });
    expect((await get(id)).error).toMatch(/no rows below it/);
    expect(await json(`/datasets/${id}/preview`, 409)).toMatchObject({ detail: expect.stringMatching(/could not be/) });
    await expect(server.app.get(DatasetsService).trainingSource(id)).rejects.toThrow(/could not be imported/);
  });

  it.each([
    ['without a file', { name: 'x' }, 400, /no file in the field "file"/],
    ['in another field', { data: { name: 'x.csv', text: plain } }, 400, /It has: data/],
    ['that is too large', { file: { name: 'x.csv', text: 'x'.repeat(maxUploadBytes + 1) } }, 413, /97\.7 KiB/],
  ])('%s is refused, and nothing of it stays', async (_name, fields, status, detail) => {
    const before = storedFolders();
    expect(await upload(fields, status)).toMatchObject({ status, detail: expect.stringMatching(detail) });
    expect(storedFolders()).toEqual(before);
  });

  it('that announces too much is refused unread', async () => {
    const text = 'x'.repeat(maxUploadBytes + 2 ** 21);
    expect(await upload({ file: { name: 'x.csv', text } }, 413)).toMatchObject({ title: 'Too large' });
  });

  it('that is no form is refused', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'text/csv' }, body: plain };
    expect(await json('/datasets', 415, init)).toMatchObject({ detail: expect.stringMatching(/multipart\/form-data/) });
    const broken = { method: 'POST', headers: { 'content-type': 'multipart/form-data' }, body: plain };
    await json('/datasets', 400, broken);
    const cut = { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=b' }, body: openForm };
    await json('/datasets', 400, cut);
  });

  it('that the client gives up leaves nothing', async () => {
    const before = storedFolders();
    const sending = httpRequest(`${server.url}/api/v1/datasets`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 50_000 },
    });
    const gone = new Promise((resolve) => sending.once('error', resolve));
    sending.write(openForm);
    await vi.waitFor(() => expect(filesIn('incoming').join()).toMatch(/\.csv\.part$/), patience);
    sending.destroy(new Error('given up'));
    await gone;
    await vi.waitFor(() => expect(filesIn('incoming')).toEqual([]), patience);
    expect(storedFolders()).toEqual(before);
  });
});

const openForm = '--b\r\ncontent-disposition: form-data; name="file"; filename="x.csv"\r\n\r\na,b\n1,2\n';

describe('the list', () => {
  it('goes page by page, newest first, and can be searched', async () => {
    for (const name of ['page a.csv', 'page b.csv', 'page c.csv']) await upload({ file: { name, text: plain } });
    const first = await list('?search=PAGE&limit=2');
    expect(first.items.map(({ name }) => name)).toEqual(['page c', 'page b']);
    const second = await list(`?search=PAGE&limit=2&cursor=${first.next_cursor ?? ''}`);
    expect(second.items.map(({ name }) => name)).toEqual(['page a']);
    expect(second.next_cursor).toBeNull();
    expect((await list('?search=%25')).items).toEqual([]);
  });

  it('names what is wrong with a request', async () => {
    expect(await json('/datasets?cursor=x', 400)).toMatchObject({ errors: [{ path: 'cursor' }] });
    expect(await json('/datasets?limit=0', 400)).toMatchObject({ errors: [{ path: 'limit' }] });
    await json('/datasets/not-an-id', 400);
  });
});

describe('roles', () => {
  it('are changed by people within what the values allow', async () => {
    const { id } = datasetSchema.parse(await upload({ file: { name: 'roles.csv', text: plain } }));
    await settled(id);
    const changed = datasetSchema.parse(
      await patch(id, { name: 'Renamed', columns: [{ name: 'price', role: 'categorical' }] }),
    );
    expect(changed.name).toBe('Renamed');
    expect(changed.columns[1]).toMatchObject({ name: 'price', role: 'categorical' });
    expect(datasetProfileSchema.parse(await json(`/datasets/${id}/profile`)).columns[1]?.role).toBe('categorical');
    const wrong = {
      columns: [
        { name: 'side', role: 'numeric' },
        { name: 'nope', role: 'id' },
      ],
    };
    expect(await patch(id, wrong, 422)).toMatchObject({
      errors: [
        { path: 'columns.0.role', message: expect.stringMatching(/side holds text values and cannot be numeric/) },
        { path: 'columns.1.name', message: 'there is no column "nope"' },
      ],
    });
  });
});

describe('generated data', () => {
  it('is never crossed and comes through the same import', async () => {
    const response = await api.post('/datasets/generate', { kind: 'treasury_orderbook', rows: 500, seed: 3 });
    expect(response.status).toBe(201);
    const ready = await settled(datasetSchema.parse(await response.json()).id);
    expect(ready).toMatchObject({ status: 'ready', origin: 'generated', row_count: 500, warnings: [] });
    const preview = await api.request(`/datasets/${ready.id}/preview`);
    const { plot } = datasetPreviewSchema.parse(await preview.json());
    expect(plot.series.map(({ name }) => name)).toEqual(['bid_price_1', 'ask_price_1', 'bid_price_2', 'ask_price_2']);
    expect(ready.columns).toHaveLength(21);
    expect(ready.structure).toMatchObject({ kind: 'order_book', levels: 5, crossed_rows: 0, repeated_timestamps: 0 });
  });

  it('of the same seed has the same content', async () => {
    const make = async () => {
      const response = await api.post('/datasets/generate', { kind: 'yield_curve', rows: 50, seed: 9 });
      return datasetSchema.parse(await response.json());
    };
    const [first, second] = [await make(), await make()];
    expect(first.sha256).toBe(second.sha256);
    expect(first.name).toBe('Yield curve (seed 9)');
  });
});

describe('the csv folder', () => {
  const put = (name: string, text: string, time: Date) => {
    mkdirSync(join(server.config.dataDir, 'csv'), { recursive: true });
    const path = join(server.config.dataDir, 'csv', name);
    writeFileSync(path, text);
    utimesSync(path, time, time);
  };
  const named = async (name: string) => (await list(`?search=${name}`)).items;

  it('registers a file once, whoever is faster', async () => {
    const registry = server.app.get(DatasetRegistry);
    const files = server.app.get(DatasetFiles);
    const take = async () => {
      const id = randomUUID();
      const stored = await storeSource(Readable.from([plain]), files.incomingSource(id), 1_000);
      await files.keepSource(id);
      return registry.registerFromFolder({ id, fileName: 'raced.csv', stored });
    };
    expect((await Promise.all([take(), take(), take()])).sort()).toEqual([false, false, true]);
    expect(await named('raced.csv')).toHaveLength(1);
  });

  it('registers new and changed files once, and never those that were deleted', async () => {
    put('rates.csv', plain, new Date('2024-01-01'));
    const [first, ...others] = await vi.waitFor(async () => {
      const found = await named('rates.csv');
      expect(found).toHaveLength(1);
      return found;
    }, patience);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ origin: 'folder', file_name: 'rates.csv' });

    put('rates.csv', `${plain}2024-01-05,9,sell\n`, new Date('2024-01-02'));
    await vi.waitFor(async () => expect(await named('rates.csv')).toHaveLength(2), patience);
    const newest = await server.app.get(DatasetsService).findByFileName('rates.csv');
    expect((await settled(newest?.id ?? '')).row_count).toBe(4);
    expect((await settled(first?.id ?? '')).row_count).toBe(3);

    for (const { id } of await named('rates.csv')) await api.request(`/datasets/${id}`, { method: 'DELETE' });
    put('rates.csv', plain, new Date('2024-01-03'));
    put('zz-marker.csv', plain, new Date('2024-01-03'));
    await vi.waitFor(async () => expect(await named('zz-marker.csv')).toHaveLength(1), patience);
    expect(await named('rates.csv')).toEqual([]);
  });
});

describe('an import', () => {
  it('whose process has died is taken over by one that lives', { timeout: 60_000 }, async () => {
    const { id } = datasetSchema.parse(await upload({ file: { name: 'orphan.csv', text: plain } }));
    await settled(id);
    await server.app
      .get(DataSource)
      .query(`UPDATE dataset SET status = 'importing', row_count = null, importer = 12345 WHERE id = $1`, [id]);
    expect(await settled(id)).toMatchObject({ status: 'ready', row_count: 3 });
  });

  it('that another process is at work on is left to it', async () => {
    const { id } = datasetSchema.parse(await upload({ file: { name: 'busy.csv', text: plain } }));
    await settled(id);
    const dataSource = server.app.get(DataSource);
    const { importer } = await dataSource.getRepository(DatasetEntity).findOneByOrFail({ id });
    await dataSource.query(`UPDATE dataset SET status = 'importing' WHERE id = $1`, [id]);
    expect(await server.app.get(DatasetsRepository).takeOverImports(999)).toEqual([]);
    expect((await dataSource.getRepository(DatasetEntity).findOneByOrFail({ id })).importer).toBe(importer);
    await dataSource.query(`UPDATE dataset SET status = 'ready' WHERE id = $1`, [id]);
  });
});

describe('the files of a deleted data set', () => {
  it('stay as long as a run has them, and go with the last one', async () => {
    const { id } = datasetSchema.parse(await upload({ file: { name: 'needed.csv', text: plain } }));
    await settled(id);
    const dataSource = server.app.get(DataSource);
    const runId = await insertRun(dataSource, { status: 'completed' });
    await dataSource.query('UPDATE run SET dataset_id = $2 WHERE id = $1', [runId, id]);
    expect((await api.request(`/datasets/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(storedFolders()).toContain(id);
    expect((await server.app.get(DatasetsService).trainingSource(id)).dataset.id).toBe(id);
    await dataSource.query('UPDATE run SET deleted_at = now() WHERE id = $1', [runId]);
    await server.app.get(DatasetCleaner).sweep();
    expect(storedFolders()).not.toContain(id);
    expect(await server.app.get(DatasetsRepository).deletedWithFiles()).not.toContain(id);
  });
});

describe('a server that starts', () => {
  it('takes up imports that the last one did not finish', { timeout: 60_000 }, async () => {
    const kept = datasetSchema.parse(await upload({ file: { name: 'kept.csv', text: plain } }));
    const lost = datasetSchema.parse(await upload({ file: { name: 'lost.csv', text: plain } }));
    await Promise.all([settled(kept.id), settled(lost.id)]);
    const folder = (id: string) => join(server.config.dataDir, 'datasets', id);
    await server.app
      .get(DataSource)
      .query(`UPDATE dataset SET status = 'importing', row_count = null, warnings = '[]' WHERE id IN ($1, $2)`, [
        kept.id,
        lost.id,
      ]);
    await server.stop();
    rmSync(folder(lost.id), { recursive: true });
    server = await server.restart();
    api = new ApiClient(server.url);
    expect(await settled(kept.id)).toMatchObject({ status: 'ready', row_count: 3 });
    expect(await settled(lost.id)).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/source file is gone/),
    });
    expect(existsSync(join(folder(kept.id), 'data.parquet'))).toBe(true);
  });
});
