import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { TableFixture } from '../testing/table-fixture';
import type { ImportResult } from './table-protocol';

// Each import is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });
const fixture = new TableFixture();
afterAll(() => fixture.close());

const total = ({ row_count, rejected_row_count }: ImportResult) => row_count + rejected_row_count;
const lines = (count: number, line: string) => `${line}\n`.repeat(count);

describe('every data row is read or rejected', () => {
  // With its own detection DuckDB drops the header and the first k rows of such a file (duckdb/duckdb#25827).
  it.each([100, 1_000, 3_000])('where rows widen from two to three columns after %i rows', async (narrow) => {
    const result = await fixture.importText(`a,b\n${lines(narrow, '1,2')}${lines(30_000 - narrow, '1,2,3')}`);
    expect([result.row_count, result.rejected_row_count]).toEqual([narrow, 30_000 - narrow]);
    expect(result.columns.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(result.profile.rejected_rows).toHaveLength(100);
    expect(result.profile.rejected_rows[0]?.line).toBe(narrow + 2);
  });

  it('where only the last line has a second column', async () => {
    const result = await fixture.importText('c0\nv0\na;b\n');
    expect(total(result)).toBe(2);
    expect(result.columns.map(({ name }) => name)).toEqual(['c0']);
  });

  it('where a few rows are ragged', async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) => (index % 700 === 699 ? '1,2,3,4|5' : '1,2,3'));
    const result = await fixture.importText(`a,b,c\n${rows.join('\n')}\n`);
    expect(result.reading.delimiter).toBe(',');
    expect([result.row_count, result.rejected_row_count]).toEqual([2_996, 4]);
  });

  it('where the type of a cell changes late', async () => {
    const result = await fixture.importText(`n\n${lines(63_000, '1')}x\n`);
    expect(result.row_count).toBe(63_001);
    expect(result.columns[0]?.type).toBe('text');
  });

  it('where a line is longer than can be read', async () => {
    const result = await fixture.importText(`a,b\n1,2\n3,${'x'.repeat(2_100_000)}\n5,6\n`);
    expect([result.row_count, result.rejected_row_count]).toEqual([2, 1]);
    expect(result.profile.rejected_rows[0]).toMatchObject({ line: 3, reason: 'the line is longer than 2 MB' });
    expect(result.profile.rejected_rows[0]?.text.length).toBeLessThanOrEqual(500);
  });

  it('where a quote is never closed', async () => {
    const result = await fixture.importText(`a,b\n${lines(500, '1,2')}"3,4\n${lines(500, '5,6')}`);
    expect(total(result)).toBe(1_001);
  });

  it('in tables that are damaged at random', async () => {
    const line = fc.constantFrom('1,2', '3,x', '4', '5,6,7', '"a,b",8', '"a\nb",9', '', ',', '"",1');
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 40 }), async (body) => {
        const filled = body.filter((text) => text !== '');
        const result = await fixture.importText(`a,b\n1,2\n${body.join('\n')}\n`);
        expect(total(result)).toBe(filled.length + 1);
      }),
      { numRuns: 8 },
    );
  });

  it('of many columns', async () => {
    const names = Array.from({ length: 600 }, (_, index) => `c${index}`);
    const row = names.map((_, index) => index).join(',');
    const result = await fixture.importText(`${names.join(',')}\n${lines(20, row)}`);
    expect(result.row_count).toBe(20);
    expect(result.columns).toHaveLength(600);
  });
});

const sharedData = resolve(import.meta.dirname, '../../../../../../shared/data');
const hasSharedData = existsSync(sharedData);

describe.skipIf(!hasSharedData)('real files (skipped where ../shared/data is absent)', () => {
  const read = (name: string) => fixture.importFile(join(sharedData, name));
  const countTypes = ({ columns }: ImportResult) =>
    Object.fromEntries(
      [...new Set(columns.map(({ type }) => type))].map((type) => [
        type,
        columns.filter((column) => column.type === type).length,
      ]),
    );

  it('a treasury order book whose instruments interleave', async () => {
    const result = await read('treasury_orderbook_sample.csv');
    expect([result.row_count, result.rejected_row_count]).toEqual([4_320, 0]);
    expect(countTypes(result)).toEqual({ datetime: 1, number: 10, integer: 10 });
    expect(result.structure).toMatchObject({
      kind: 'order_book',
      levels: 5,
      time_column: 'timestamp',
      crossed_rows: 1_160,
      repeated_timestamps: 3_780,
      order_book: {
        is_used: true,
        source: 'header',
        tick_size: 0.0001,
        faults: { faulty: 1_160, crossed: 1_160, misordered: 0, non_positive_size: 0, off_tick: 0, missing: 0 },
      },
    });
    expect(result.columns[1]).toMatchObject({
      ...{ name: 'bid_price_1', decimals: 4, role: 'numeric' },
      order_book: { side: 'bid', quantity: 'price', level: 1, tick_size: 0.0001 },
    });
  });

  it('a yield curve in which 0.0 means missing', async () => {
    const result = await read('us_treasury_yield_curve.csv');
    expect([result.row_count, result.rejected_row_count]).toEqual([8_055, 0]);
    expect(countTypes(result)).toEqual({ date: 1, number: 12 });
    expect(result.structure).toMatchObject({ kind: 'time_series', time_column: 'date' });
    expect(result.warnings.join()).toMatch(/BC_1MONTH: 37 % of the values are exactly 0/);
  });

  it('a stock without a time column', async () => {
    const result = await read('google_stock.csv');
    expect([result.row_count, result.rejected_row_count]).toEqual([3_685, 0]);
    expect(countTypes(result)).toEqual({ number: 5, integer: 1 });
    expect(result.structure).toEqual({ kind: 'table' });
  });

  it('a census whose texts have a leading space and whose question marks are missing values', async () => {
    const result = await read('adult.csv');
    expect([result.row_count, result.rejected_row_count]).toEqual([32_561, 0]);
    expect(countTypes(result)).toEqual({ integer: 6, text: 9 });
    expect(result.columns.find(({ name }) => name === 'workclass')).toMatchObject({ missing: 1_836, distinct: 8 });
    expect(result.profile.columns[1]?.top_values?.[0]).toEqual({ value: ' Private', count: 22_696 });
  });
});
