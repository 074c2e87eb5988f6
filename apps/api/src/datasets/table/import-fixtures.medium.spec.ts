import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { TableFixture } from '../testing/table-fixture';
import type { ImportResult } from './table-protocol';

const fixtures = join(import.meta.dirname, '../testing/fixtures');
// Each import is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });
const fixture = new TableFixture();
afterAll(() => fixture.close());

const types = ({ columns }: ImportResult) => columns.map(({ name, type }) => `${name}: ${type}`);
const rowsOf = async ({ columns }: ImportResult) =>
  (await fixture.tables.preview(fixture.parquetPath, columns, 100)).rows;

/** What each readable fixture must give; every file of the folder stands here. */
const expectations: Record<string, (result: ImportResult) => void | Promise<void>> = {
  'plain.csv': async (result) => {
    expect(types(result)).toEqual(['day: date', 'price: number', 'size: integer', 'side: text', 'note: text']);
    expect(result.columns.map(({ decimals }) => decimals)).toEqual([undefined, 3, 0, undefined, undefined]);
    expect(result.structure).toEqual({ kind: 'time_series', time_column: 'day', repeated_timestamps: 0 });
    expect((await rowsOf(result))[2]).toEqual(['2024-01-04', 98.125, 300, 'buy', 'third']);
    expect(result.warnings).toEqual([]);
  },
  'byte-order-mark.csv': (result) => {
    expect(types(result)).toEqual(['city, country: text', 'value: integer']);
  },
  'utf-16.csv': async (result) => {
    expect(result.reading).toMatchObject({ encoding: 'utf-16', delimiter: ';' });
    expect(await rowsOf(result)).toEqual([
      ['Köln', 1],
      ['Zürich', 2],
    ]);
  },
  'latin-1.csv': async (result) => {
    expect(result.reading.encoding).toBe('latin-1');
    expect((await rowsOf(result))[0]).toEqual(['Köln', 1]);
    expect(result.warnings.join()).toMatch(/not UTF-8/);
  },
  'semicolon.csv': (result) => {
    expect(types(result)).toEqual(['a: text', 'b: text', 'c: date']);
    expect(result.warnings.join()).toMatch(/Column a looks like numbers with a decimal comma \(e\.g\. "3,5"\)/);
  },
  'tabs.csv': (result) => {
    expect(result.reading.delimiter).toBe('\t');
    expect(result.row_count).toBe(2);
  },
  'quoted-newlines.csv': async (result) => {
    expect(await rowsOf(result)).toEqual([
      [1, 'first line\nsecond line'],
      [2, 'he said "hi"'],
      [3, 'plain'],
    ]);
  },
  'duplicate-headers.csv': (result) => {
    expect(result.columns.map(({ name }) => name)).toEqual(['id', 'ID_2', 'column_3', 'name', 'name_2']);
    expect(result.warnings).toHaveLength(3);
  },
  'mixed-line-ends.csv': (result) => {
    expect(result.row_count).toBe(3);
    expect(result.warnings.join()).toMatch(/mixes line ends \(2 CRLF, 2 LF, 0 CR\)/);
  },
  'carriage-returns.csv': (result) => {
    expect(result.row_count).toBe(2);
    expect(types(result)).toEqual(['a: integer', 'b: integer']);
  },
  'all-null-column.csv': (result) => {
    expect(result.columns[1]).toMatchObject({ name: 'empty', type: 'text', role: 'excluded', missing: 3, distinct: 0 });
    expect(result.warnings).toContain('Column empty has no values.');
  },
  'null-values.csv': async (result) => {
    expect(result.columns).toMatchObject([
      { type: 'integer', missing: 5, distinct: 2 },
      { type: 'text', missing: 5, distinct: 2 },
    ]);
    expect((await rowsOf(result)).at(-1)).toEqual([2, ' kept ']);
    expect(result.reading.null_values).toContain(' ?');
  },
  'ragged.csv': (result) => {
    expect([result.row_count, result.rejected_row_count]).toEqual([2, 2]);
    expect(result.profile.rejected_rows).toEqual([
      { line: 3, column: 'b', reason: 'too few columns: 1 of 2', text: '3' },
      { line: 4, column: null, reason: 'too many columns: 3 instead of 2', text: '4,5,6' },
    ]);
    expect(result.warnings.join()).toMatch(/2 of 4 rows were rejected/);
  },
  'late-type-error.csv': (result) => {
    expect(types(result)).toEqual(['value: text', 'when: text']);
    expect(result.warnings).toHaveLength(2);
    expect(result.warnings[0]).toMatch(/Column value: 1 of 62 values are not numbers \(e\.g\. "oops"\)/);
    expect(result.warnings[1]).toMatch(/Column when: 1 of 62 values are not ISO 8601 dates \(e\.g\. "not a day"\)/);
  },
  'no-header.csv': (result) => {
    expect(result.reading.has_header).toBe(false);
    expect(types(result)).toEqual(['column_1: integer', 'column_2: text', 'column_3: integer']);
    expect(result.row_count).toBe(3);
  },
  'years-as-names.csv': (result) => {
    expect(types(result)).toEqual(['city: text', '2019: integer', '2020: integer']);
  },
  'stray-quotes.csv': async (result) => {
    expect(result.reading.quote).toBe('');
    expect([result.row_count, result.rejected_row_count]).toEqual([5, 0]);
    expect((await rowsOf(result))[1]).toEqual(['"x"y', 4]);
    expect(result.warnings.join()).toMatch(/Quotes in the file do not pair up/);
  },
  'blank-lines.csv': (result) => {
    expect(result.row_count).toBe(2);
    expect(result.warnings).toEqual(['3 blank line(s) were skipped.']);
  },
  'one-column.csv': async (result) => {
    expect(await rowsOf(result)).toEqual([['red'], ['green, light'], ['blue']]);
  },
  'codes.csv': async (result) => {
    expect(types(result)).toEqual(['zip: text', 'account: text']);
    expect((await rowsOf(result))[0]).toEqual(['01234', '12345678901234567890']);
    expect(result.warnings.join()).toMatch(/Column account has integers of more than 15 digits/);
  },
  'thousands.csv': (result) => {
    expect(result.warnings.join()).toMatch(/Column amount looks like numbers with thousands separators/);
  },
  'us-dates.csv': async (result) => {
    expect(result.columns[0]).toMatchObject({ type: 'date', datetime_format: '%m/%d/%Y' });
    expect((await rowsOf(result))[0]).toEqual(['2024-01-13', 1]);
    expect(result.warnings).toEqual([]);
  },
  'ambiguous-dates.csv': (result) => {
    expect(result.columns[0]).toMatchObject({ type: 'date', datetime_format: '%m/%d/%Y' });
    expect(result.warnings.join()).toMatch(/every value fits both %m\/%d\/%Y and %d\/%m\/%Y/);
  },
  'offset-times.csv': async (result) => {
    expect(await rowsOf(result)).toEqual([
      ['2023-12-31T22:00:00.000Z', 1],
      ['2024-01-01T00:00:01.250Z', 2],
    ]);
  },
  'booleans.csv': async (result) => {
    expect(result.columns).toMatchObject([
      { type: 'boolean', role: 'categorical' },
      { type: 'integer', role: 'categorical' },
    ]);
    expect((await rowsOf(result))[1]).toEqual([false, 1]);
  },
  'hostile-names.csv': async (result) => {
    const names = ['a"; DROP TABLE x; --', "b'); ATTACH '/etc/passwd'", '__proto__', 'constructor'];
    expect(result.columns.map(({ name }) => name)).toEqual(names);
    expect(await rowsOf(result)).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    expect(result.profile.columns.map(({ max }) => max)).toEqual([5, 6, 7, 8]);
  },
  'one-broken-byte.csv': async (result) => {
    expect([result.row_count, result.rejected_row_count]).toEqual([20, 1]);
    expect(result.profile.rejected_rows[0]).toMatchObject({ line: 22, column: 'name' });
    expect((await rowsOf(result))[0]).toEqual(['Zoë 0', 0]);
  },
  'names-of-ours.csv': async (result) => {
    expect(result.columns.map(({ name }) => name)).toEqual(['value', 'n', 't', 'bin', 'c1', 'file_row_number_2']);
    expect((await rowsOf(result))[1]).toEqual(['y', 2, '2024-01-02', 3, 'd', 5]);
    expect(result.profile.columns[0]?.top_values).toEqual([
      { value: 'x', count: 2 },
      { value: 'y', count: 1 },
    ]);
  },
  'order-book.csv': (result) => {
    expect(result.structure).toEqual({
      kind: 'order_book',
      levels: 1,
      time_column: 'ts',
      repeated_timestamps: 1,
      crossed_rows: 2,
      order_book: {
        is_used: true,
        source: 'header',
        levels: [{ bid_price: 'bid_px_00', bid_size: 'bid_sz_00', ask_price: 'ask_px_00', ask_size: 'ask_sz_00' }],
        tick_size: 0.1,
        price_unit: 1,
        faults: { faulty: 2, crossed: 2, misordered: 0, non_positive_size: 0, off_tick: 0, missing: 0 },
      },
    });
    expect(result.warnings.join()).toMatch(/2 rows \(67 %\) are no valid order books: 2 are crossed/);
  },
};

const refusals: Record<string, RegExp> = {
  'empty.csv': /The file is empty/,
  'blank.csv': /only blank lines/,
  'header-only.csv': /header line but no rows/,
  'binary.csv': /NUL byte/,
  'nul-bytes.csv': /1 NUL byte/,
  'control-characters.csv': /not text/,
  'title-above-header.csv': /Line 1 has one field, but most lines below it have 3/,
  'every-row-ragged.csv': /All 2 rows were rejected\. Line 1 has 2 column\(s\); line 2: too many columns/,
};

describe('files that can be read', () => {
  it('has an expectation for each file', () => {
    expect(readdirSync(join(fixtures, 'ok')).sort()).toEqual(Object.keys(expectations).sort());
  });

  it.each(Object.entries(expectations))('%s', async (name, expectation) => {
    const result = await fixture.importFile(join(fixtures, 'ok', name));
    expect(result.profile.row_count).toBe(result.row_count);
    expect(result.profile.columns.map((column) => column.name)).toEqual(result.columns.map((column) => column.name));
    await expectation(result);
  });
});

describe('files that cannot be read', () => {
  it('has an expectation for each file', () => {
    expect(readdirSync(join(fixtures, 'not-ok')).sort()).toEqual(Object.keys(refusals).sort());
  });

  it.each(Object.entries(refusals))('%s', async (name, message) => {
    await expect(fixture.importFile(join(fixtures, 'not-ok', name))).rejects.toThrow(message);
  });
});
