import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EncodedRows } from '../engine/gan-shape';
import { Random } from '../random/random';
import { column } from '../testing/tables';
import { roundingTo } from './cell-writers';
import type { ColumnTransform, ContinuousColumn } from './column-transform';
import { cellText, csvLine } from './csv';
import { CsvWriter } from './csv-writer';
import { sparseLayoutOf } from './sparse-layout';
import { sparseRowDecoder } from './sparse-row-decoder';

const component = (mean: number, std: number) => ({ mean, std, weight: 0.5, log_offset: 0 });
const quantity = (given: Pick<ContinuousColumn, 'column'> & Partial<ContinuousColumn>): ContinuousColumn => ({
  kind: 'continuous',
  scale: { kind: 'linear' },
  components: [component(10, 8), component(-300.5, 40)],
  ...{ low: -600, high: 90, special: [], counts: [6, 4], missing: 0, grid: null, decimals: null },
  ...{ smallest: -400.25, largest: 77.125 },
  ...given,
});
const day = 86_400_000;
const times = { components: [component(19_700 * day, 90 * day)], low: 19_000 * day, high: 20_000 * day, counts: [10] };
const within = { smallest: 19_100 * day, largest: 19_990 * day };

/** Every kind of column that sparse rows can have, with what is odd about each. */
const transforms: ColumnTransform[] = [
  { kind: 'id', column: column({ name: 'key', type: 'integer', role: 'id' }) },
  { kind: 'id', column: column({ name: 'name, of it', type: 'text', role: 'id' }) },
  quantity({
    column: column({ name: 'whole', type: 'integer', role: 'numeric' }),
    ...{ grid: { origin: 0, step: 1 }, missing: 3 },
  }),
  quantity({ column: column({ name: 'cents', type: 'number', role: 'numeric', decimals: 2 }), decimals: 2 }),
  quantity({ column: column({ name: 'all digits', type: 'number', role: 'numeric', decimals: 9 }) }),
  quantity({
    column: column({ name: 'gain', type: 'number', role: 'numeric', decimals: 3 }),
    scale: { kind: 'log', shift: 1 },
    ...{ components: [component(3, 2)], low: 0, high: 20, special: [0, -0.5], counts: [5, 4, 1] },
    ...{ decimals: 3, smallest: -0.5, largest: 4e8 },
  }),
  quantity({
    column: column({ name: 'tiny', type: 'number', role: 'numeric', decimals: 10 }),
    ...{ components: [component(0, 2e-7)], low: -1e-6, high: 1e-6, counts: [9], decimals: 10 },
    ...{ smallest: -1e-6, largest: 1e-6 },
  }),
  quantity({
    column: column({ name: 'huge', type: 'number', role: 'numeric', decimals: 1 }),
    ...{ components: [component(0, 3e21)], low: -1e22, high: 1e22, counts: [9], decimals: 1 },
    ...{ smallest: -1e22, largest: 1e22 },
  }),
  quantity({
    column: column({ name: 'date', type: 'date', role: 'datetime' }),
    ...{ ...times, ...within, grid: { origin: 19_100 * day, step: day } },
  }),
  quantity({
    column: column({ name: 'time', type: 'datetime', role: 'datetime', datetime_format: '%d.%m.%Y, %H:%M' }),
    ...{ ...times, ...within, grid: { origin: 19_100 * day, step: 60_000 }, missing: 2 },
  }),
  {
    kind: 'categorical',
    column: column({ name: 'label', type: 'text', role: 'categorical' }),
    ...{ values: ['plain', '', 'a "quoted", one', 'Grüße 🙂', 'two\nlines', ' padded'], counts: [5, 4, 3, 2, 2, 1] },
    ...{ rest: { values: ['rare', 'rarer,'], counts: [2, 1] }, missing: 1 },
  },
  {
    kind: 'categorical',
    column: column({ name: 'flag', type: 'boolean', role: 'categorical' }),
    ...{ values: [true, false], counts: [5, 4], rest: null, missing: 0 },
  },
  {
    kind: 'categorical',
    column: column({ name: 'rating', type: 'number', role: 'categorical', decimals: 1 }),
    ...{ values: [1.5, -2, 1e-7, 1e21], counts: [5, 4, 1, 1], rest: null, missing: 0 },
  },
  {
    kind: 'text',
    column: column({ name: 'memo', type: 'text', role: 'categorical' }),
    ...{ patterns: ['Aa9-99', 'aaa, aa', 'é9'], counts: [5, 4, 3], present: 12, missing: 2 },
  },
  { kind: 'constant', column: column({ name: 'fixed', type: 'text', role: 'categorical' }), value: 'same' },
  { kind: 'constant', column: column({ name: 'none', type: 'text', role: 'categorical' }), value: null },
];

function encodedRows(rowCount: number): EncodedRows {
  const { layout } = sparseLayoutOf(transforms, true);
  const random = Random.of(11, 'encoded');
  const numbers = layout.spans.filter(({ kind }) => kind === 'number').length;
  const widths = layout.spans.flatMap((span) => (span.kind === 'choice' ? [span.width] : []));
  return {
    rowCount,
    numbers: random.fillUniform(new Float32Array(rowCount * numbers), -1, 1),
    choices: Uint16Array.from({ length: rowCount * widths.length }, (_, i) => random.integer(widths[i % widths.length] ?? 1)),
  };
}

describe('the bytes of a sample', () => {
  const rows = 2_000;
  const encoded = encodedRows(rows);
  const layout = sparseLayoutOf(transforms, true);
  const decode = sparseRowDecoder(transforms, layout, 9);
  const random = Random.of(9, 'sample', 0);
  const cells = Array.from({ length: rows }, (_, row) => decode(encoded, row, 100_000 + row, random));
  const line = (row: (typeof cells)[number]) =>
    csvLine(transforms.map(({ column: each }, index) => cellText(row[index] ?? null, each)));

  it('are those that they have been for the same encoded rows and seed', () => {
    const writer = new CsvWriter(transforms.map(({ column: each }) => each));
    for (const row of cells) writer.add(row);
    const text = Buffer.from(writer.take()).toString();
    // Compared by lines first: a difference is to be seen.
    expect(text.split('\r\n')).toEqual(cells.map(line).join('').split('\r\n'));
    expect(createHash('sha256').update(text).digest('hex')).toBe(
      '347ddab68d3c0dc8f24e5a06898c97b5c983b1a8064719efc4cea7cd9ec5d77e',
    );
  });

  it('are those of csvLine for every number', () => {
    const numbers = [0, -0, 0.1, -0.5, 1.005, 99.9004, 1e-7, 1.5e-7, -3, 9, 10, 2 ** 31 - 1, -(2 ** 31), 2 ** 53, 1e21];
    const odd = [...numbers, 2_147_483_647.5, 999_999.999_999_999, 0.000_000_001, 4e-10, Number.NaN, Infinity];
    const drawn = Array.from({ length: 5_000 }, () => (random.uniform() - 0.5) * 10 ** random.integer(14));
    const places = [undefined, 0, 1, 2, 5, 9, 12];
    const columns = places.map((decimals, index) =>
      column({ name: `n${index}`, type: 'number', role: 'numeric', ...(decimals === undefined ? {} : { decimals }) }),
    );
    const writer = new CsvWriter(columns);
    for (const value of [...odd, ...drawn]) {
      const row = places.map((decimals = 0) => Number(value.toFixed(decimals)));
      for (const written of [row, row.map(() => value)]) {
        writer.add(written);
        const expected = csvLine(columns.map((each, index) => cellText(written[index] ?? null, each)));
        expect(Buffer.from(writer.take()).toString()).toBe(expected);
      }
    }
  });

  it('hold text of any length, and more texts than are kept', () => {
    const writer = new CsvWriter([column({ name: 'text', type: 'text', role: 'categorical' })]);
    const texts = Array.from({ length: 3_000 }, (_, i) => `${'é,'.repeat(i % 150)}${i}`);
    for (const text of [...texts, 'x'.repeat(300_000), ...texts]) writer.add([text]);
    const expected = [...texts, 'x'.repeat(300_000), ...texts].map((text) => csvLine([text])).join('');
    expect(writer.byteLength).toBe(Buffer.byteLength(expected));
    expect(Buffer.from(writer.take()).toString()).toBe(expected);
    expect(writer.byteLength).toBe(0);
  });
});

describe('rounding', () => {
  it.each([0, 1, 2, 3, 9, 15, 22, 25])('to %i decimals is that of toFixed, to the bit', (decimals) => {
    const round = roundingTo(decimals);
    const random = Random.of(decimals, 'rounding');
    const halves = Array.from({ length: 2_000 }, () => (random.integer(2_000_001) - 1_000_000.5) / 10 ** decimals);
    const drawn = Array.from({ length: 5_000 }, () => (random.uniform() - 0.5) * 10 ** random.integer(16));
    for (const value of [0, -0, -0.001, 1.005, 1.45, 8.345, ...halves, ...drawn]) {
      expect(round(value)).toBe(Number(value.toFixed(decimals)));
    }
  });
});
