import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bookPictureSchema, datasetSchema } from '@gan-dashboard/shared-types';
import type { Dataset, OrderBook } from '@gan-dashboard/shared-types';
import { ApiClient } from '../../testing/api-client';
import { startTestApp } from '../../testing/test-app';
import type { TestApp } from '../../testing/test-app';

// Imports are processes of their own, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });
const patience = { timeout: 30_000, interval: 50 };
let server: TestApp;
let api: ApiClient;

beforeAll(async () => {
  server = await startTestApp();
  api = new ApiClient(server.url);
}, 60_000);
afterAll(() => server.close());

const json = async (path: string, status = 200, init?: RequestInit): Promise<unknown> => {
  const response = await api.request(path, init);
  const body: unknown = await response.json();
  expect({ status: response.status, body }).toMatchObject({ status });
  return body;
};
const settled = (id: string): Promise<Dataset> =>
  vi.waitFor(async () => {
    const dataset = datasetSchema.parse(await json(`/datasets/${id}`));
    expect(dataset.status).toBe('ready');
    return dataset;
  }, patience);
const upload = async (text: string): Promise<Dataset> => {
  const form = new FormData();
  form.set('file', new Blob([text]), 'book.csv');
  return settled(datasetSchema.parse(await json('/datasets', 201, { method: 'POST', body: form })).id);
};
const patch = (id: string, order_book: unknown, status = 200) =>
  json(`/datasets/${id}`, status, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ order_book }),
  });
const patched = async (id: string, order_book: unknown) => datasetSchema.parse(await patch(id, order_book));
const bookOf = ({ structure }: Dataset): OrderBook => {
  if (!structure?.order_book) throw new Error('the data set has no order book');
  return structure.order_book;
};
const noFaults = { faulty: 0, crossed: 0, misordered: 0, non_positive_size: 0, off_tick: 0, missing: 0 };

/** Two levels, prices in cents, 40 rows, then rows as they are given. */
const header = 'time,BidPrice1,BidSize1,AskPrice1,AskSize1,BidPrice2,BidSize2,AskPrice2,AskSize2';
const valid = Array.from({ length: 40 }, (_, row) => {
  const bid = 10_000 + (row % 7);
  const cells = [bid, 300 + row, bid + 1 + (row % 2), 200, bid - 2, 500, bid + 4, 700 + row];
  const texts = cells.map((cell, place) => (place % 2 === 0 ? (cell / 100).toFixed(2) : String(cell)));
  return `2024-01-02 10:00:${String(row).padStart(2, '0')},${texts.join(',')}`;
});
const csv = (...more: string[]) => `${[header, ...valid, ...more].join('\n')}\n`;
const at = '2024-01-02 11:00:00';

describe('an uploaded order book', () => {
  it('is known by its header, with its tick and its places', async () => {
    const dataset = await upload(csv());
    expect(bookOf(dataset)).toEqual({
      ...{ is_used: true, source: 'header', tick_size: 0.01, price_unit: 1, faults: noFaults },
      levels: [
        { bid_price: 'BidPrice1', bid_size: 'BidSize1', ask_price: 'AskPrice1', ask_size: 'AskSize1' },
        { bid_price: 'BidPrice2', bid_size: 'BidSize2', ask_price: 'AskPrice2', ask_size: 'AskSize2' },
      ],
    });
    expect(dataset.structure).toMatchObject({ kind: 'order_book', levels: 2, crossed_rows: 0 });
    expect(dataset.warnings).toEqual([]);
    expect(dataset.columns.map(({ order_book }) => order_book?.level)).toEqual([undefined, 1, 1, 1, 1, 2, 2, 2, 2]);
    expect(dataset.columns.every(({ role }) => role === 'numeric' || role === 'datetime')).toBe(true);
  });

  it('has its faulty rows counted by what is wrong with them, and said', async () => {
    const dataset = await upload(
      csv(
        `${at},100.05,1,100.02,1,99.99,1,100.06,1`,
        `${at},100.00,1,100.02,1,100.01,1,100.03,1`,
        `${at},100.00,0,100.02,1,99.98,-4,100.03,1`,
        `${at},100.00,1,100.02,1,99.98,,100.03,1`,
      ),
    );
    expect(bookOf(dataset).faults).toEqual({
      ...{ faulty: 4, crossed: 1, misordered: 1, non_positive_size: 1, off_tick: 0, missing: 1 },
    });
    expect(dataset.warnings.join()).toMatch(
      /4 rows \(9 %\) are no valid order books: 1 are crossed .* 1 have empty cells/,
    );
  });

  it('is switched off and on again', async () => {
    const { id } = await upload(csv());
    const off = await patched(id, { is_used: false });
    expect(off.structure).toMatchObject({ kind: 'time_series', order_book: { is_used: false } });
    expect(off.columns.some((column) => 'order_book' in column)).toBe(false);
    const on = await patched(id, { is_used: true });
    expect(on.structure).toMatchObject({ kind: 'order_book', levels: 2 });
    expect(on.columns.filter((column) => 'order_book' in column)).toHaveLength(8);
  });

  it('is corrected: fewer levels, another tick, whose faults are counted anew', async () => {
    const dataset = await upload(csv());
    const [best] = bookOf(dataset).levels;
    const top = await patched(dataset.id, { levels: [best] });
    expect(top.structure).toMatchObject({ levels: 1, order_book: { source: 'people', tick_size: 0.01 } });
    expect(top.columns.filter((column) => 'order_book' in column)).toHaveLength(4);
    const coarse = bookOf(await patched(dataset.id, { tick_size: 0.02, price_unit: 100 }));
    expect(coarse).toMatchObject({ tick_size: 0.02, price_unit: 100 });
    expect(coarse.faults.off_tick).toBeGreaterThan(0);
  });

  it('is not corrected to what cannot be', async () => {
    const { id, structure } = await upload(csv());
    const [best, second] = structure?.order_book?.levels ?? [];
    const errors = (body: unknown) => ({ errors: (body as { errors: { path: string; message: string }[] }).errors });
    const wrong = { ...best, bid_price: 'nope', ask_size: 'time' };
    expect(errors(await patch(id, { levels: [wrong, { ...second, bid_size: best?.bid_size }] }, 422))).toEqual({
      errors: [
        { path: 'order_book.levels.0.bid_price', message: 'there is no column "nope"' },
        { path: 'order_book.levels.0.ask_size', message: 'time holds datetime values, not numbers' },
        { path: 'order_book.levels.1.bid_size', message: 'BidSize1 is named twice' },
      ],
    });
    expect(errors(await patch(id, { tick_size: 7 }, 422)).errors[0]).toMatchObject({ path: 'order_book.tick_size' });
    expect(errors(await patch(id, { layout: 'lobster' }, 422)).errors[0]).toMatchObject({
      message: 'the table has 9 columns; a book of LOBSTER has 4 columns of numbers for each level',
    });
    await patch(id, { tick_size: -1 }, 400);
    const unchanged = datasetSchema.parse(await json(`/datasets/${id}`));
    expect(unchanged.structure).toEqual(structure);
  });

  it('is drawn: depth by level, spread and mid along its valid rows', async () => {
    const { id } = await upload(csv(`${at},100.05,1,100.02,1,99.99,1,100.06,1`));
    const picture = bookPictureSchema.parse(await json(`/datasets/${id}/order-book`));
    expect(picture).toMatchObject({ rows: 41, tick_size: 0.01, faults: { faulty: 1, crossed: 1 } });
    expect(picture.depth.ask).toEqual([
      { p25: 200, median: 200, p75: 200 },
      { p25: 709, median: 719, p75: 729 },
    ]);
    expect(picture.path.x).toHaveLength(40);
    expect(picture.path.x[0]).toBe('2024-01-02T10:00:00.000Z');
    expect(picture.path.mid.slice(0, 2)).toEqual([100.005, 100.02]);
    expect(picture.path.spread.slice(0, 4)).toEqual([1, 2, 1, 2]);
    expect(picture.spreads.at(0)).toEqual({ share: 0, ticks: 1 });
    expect(picture.spreads.at(-1)).toEqual({ share: 1, ticks: 2 });
  });
});

describe('the tick', () => {
  const ticked = async (price: (row: number) => string) => {
    const rows = Array.from({ length: 300 }, (_, row) => `${price(row)},10,${price(row + 400)},10`);
    const dataset = await upload(`bid_price_1,bid_size_1,ask_price_1,ask_size_1\n${rows.join('\n')}\n`);
    return bookOf(dataset);
  };

  it('is the greatest step that all prices are on', async () => {
    expect((await ticked((row) => (50 + row * 0.05).toFixed(2))).tick_size).toBe(0.05);
    expect((await ticked((row) => (99 + row / 256).toFixed(8))).tick_size).toBe(1 / 256);
  });

  it('is known of prices that were rounded to fewer decimals than it has', async () => {
    const book = await ticked((row) => (99 + row / 256).toFixed(4));
    expect(book).toMatchObject({ tick_size: 1 / 256, faults: noFaults });
  });

  it('is not made finer by a few rows that are off it', async () => {
    const book = await ticked((row) => (row === 7 ? '52.003' : (50 + row * 0.01).toFixed(3)));
    expect(book).toMatchObject({ tick_size: 0.01, faults: { off_tick: 1 } });
  });

  it('of generated treasuries is an eighth of a 32nd', async () => {
    const response = await api.post('/datasets/generate', { kind: 'treasury_orderbook', rows: 300, seed: 3 });
    const dataset = await settled(datasetSchema.parse(await response.json()).id);
    expect(bookOf(dataset)).toMatchObject({ tick_size: 1 / 256, faults: noFaults });
  });
});

describe('a file of LOBSTER', () => {
  const rows = Array.from({ length: 60 }, (_, row) => {
    const bid = 5_859_400 + 100 * (row % 9);
    return [bid + 200, 18, bid, 200 + row, bid + 500, 40, bid - 300, 100].join(',');
  });

  it('is proposed, and used once people say so', async () => {
    const dataset = await upload(`${rows.join('\n')}\n`);
    expect(dataset.structure).toMatchObject({ kind: 'table', order_book: { is_used: false, source: 'lobster' } });
    expect(dataset.warnings.join()).toMatch(/look like an order book of LOBSTER with 2 levels/);
    const used = await patched(dataset.id, { is_used: true });
    expect(bookOf(used)).toMatchObject({
      ...{ is_used: true, source: 'lobster', tick_size: 100, price_unit: 0.0001, faults: noFaults },
      levels: [{ ask_price: 'column_1', ask_size: 'column_2', bid_price: 'column_3', bid_size: 'column_4' }, {}],
    });
  });

  it('may have another header', async () => {
    const { id } = await upload(`a,b,c,d,e,f,g,h\n${rows.join('\n')}\n`);
    expect(await json(`/datasets/${id}/order-book`, 409)).toMatchObject({
      detail: expect.stringMatching(/has no order book/),
    });
    await patch(id, { is_used: true }, 422);
    expect(bookOf(await patched(id, { layout: 'lobster' }))).toMatchObject({ is_used: true, source: 'lobster' });
  });
});
