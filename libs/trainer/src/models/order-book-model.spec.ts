import type { Cell } from '@gan-dashboard/shared-types';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { columnTransformSchema } from '../data/column-transform';
import { workerEngines } from '../testing/engines';
import { smallCtganConfig, smallGanConfig, smallTvaeConfig } from '../testing/gan-plans';
import { bookCells, bookColumns, bookTable } from '../testing/order-books';
import { smallConfig } from '../testing/settings';
import { compileConditions } from '../data/row-conditions';
import { openModel } from './open-model';
import { doppelgangerConfigSchema } from './series/doppelganger/config';
import type { RowSampler } from './table-model';

const levels = 3;
const columns = bookColumns(levels);
const rows = bookCells(300, levels);
const engines = workerEngines();

async function trained(name: string, config: object, given = rows) {
  const model = openModel(name, config, engines);
  const fitted = await model.fit(bookTable(columns, given), columns, { seed: 3, onColumn: () => Promise.resolve() });
  for (let step = 0; step < 3; step++) fitted.model.step({ step, totalSteps: 3 });
  // As a checkpoint keeps them.
  const transforms = z.array(columnTransformSchema).parse(JSON.parse(JSON.stringify(fitted.transforms)));
  expect(isDeepStrictEqual(transforms, fitted.transforms)).toBe(true);
  const { rowCount } = fitted;
  const sampler = await model.openSampler({ transforms, rowCount, state: fitted.model.getState() });
  await fitted.model.dispose?.();
  return { fitted, transforms, sampler };
}

const models: [string, object][] = [
  ['wgan-gp', smallConfig()],
  ['ctgan', smallCtganConfig()],
  ['gan', smallGanConfig()],
  ['tvae', smallTvaeConfig()],
];

function numberAt(row: readonly Cell[], name: string): number {
  return Number(row[columns.findIndex((column) => column.name === name)]);
}

function faultsOf(row: readonly Cell[]): string[] {
  const prices: number[] = [];
  for (let level = levels; level >= 1; level--) prices.push(numberAt(row, `bid_price_${level}`));
  for (let level = 1; level <= levels; level++) prices.push(numberAt(row, `ask_price_${level}`));
  const sizes = columns.filter(({ name }) => name.includes('size')).map(({ name }) => numberAt(row, name));
  return [
    ...(prices.every((price, i) => i === 0 || price > (prices[i - 1] ?? 0)) ? [] : ['order']),
    ...(prices.every((price) => price > 0 && price === Number(price.toFixed(2))) ? [] : ['grid']),
    ...(sizes.every((size) => size > 0 && size % 100 === 0) ? [] : ['size']),
  ];
}

describe.each(models)('an order book learned by %s', (name, config) => {
  it('comes back in the columns of the source, never crossed or out of order, even hardly trained', async () => {
    const { sampler, transforms } = await trained(name, config);
    expect(transforms.map(({ column }) => column.name)).toEqual(columns.map((column) => column.name));
    const drawn = sampler.draw({ from: 0, rows: 500 }, 1);
    expect(drawn.flatMap(faultsOf)).toEqual([]);
    expect(drawn.every((row) => row.length === columns.length)).toBe(true);
    expect(
      drawn.every((row) => /^2024-01-02 \d\d:\d\d:\d\d$/.test(String(row[0]).replace('T', ' ').slice(0, 19))),
    ).toBe(true);
    expect(new Set(drawn.map((row) => row.at(-1)))).toEqual(new Set(['north', 'south']));
  });
});

describe('an order book', () => {
  it('meets conditions on its own columns and on others', async () => {
    const { sampler, transforms } = await trained('ctgan', smallCtganConfig());
    const conditions = compileConditions(
      [
        { column: 'bid_price_1', at_least: 99.9 },
        { column: 'venue', equals: 'south' },
      ],
      transforms,
    );
    const hints = conditions.map((condition) => sampler.hintFor?.(condition) ?? null);
    expect(hints[0]).toBeNull();
    expect(hints[1]?.share).toBeGreaterThan(0);
    const drawn = (sampler satisfies RowSampler).draw({ from: 0, rows: 200 }, 2);
    expect(drawn.filter((row) => conditions[0]?.test(row[1] ?? null)).length).toBeGreaterThan(0);
    expect(() => compileConditions([{ column: 'bid_price_1', at_least: 1_000 }], transforms)).toThrow('bid_price_1');
  });

  it('is learned without its faulty rows, which the log tells', async () => {
    const crossed = rows.map((row, index) => (index < 30 ? { ...row, bid_price_1: 150, venue: 'moon' } : row));
    const { fitted, sampler } = await trained('wgan-gp', smallConfig(), crossed);
    expect(fitted.rowCount).toBe(270);
    expect(fitted.messages).toEqual([
      'Order book: 270 of 300 rows are learned; 30 are no valid books (30 crossed) and were left out.',
    ]);
    expect(sampler.draw({ from: 0, rows: 300 }, 1).map((row) => row.at(-1))).not.toContain('moon');
    const repaired = await trained('wgan-gp', smallConfig({ order_book_rows: 'repair' }), crossed);
    expect(repaired.fitted.rowCount).toBe(300);
  });

  it('is learned as a sequence, row after row, by a model of windows', async () => {
    const config = doppelgangerConfigSchema.parse({
      ...{ batch_size: 16, sequence_length: 6, rows_per_emission: 2, attribute_layers: [8], lstm_units: 6 },
      ...{ latent_dim: 3, critic_layers: [12], checkpoint_seconds: 0, quality_every: 0 },
    });
    const { sampler, transforms } = await trained('doppelganger', config);
    const places = columns.map(({ name }) => transforms.findIndex(({ column }) => column.name === name));
    expect(places).not.toContain(-1);
    const drawn = sampler.draw({ from: 0, rows: 60 }, 1);
    expect(drawn.every((row) => row.length === transforms.length)).toBe(true);
    expect(drawn.map((row) => places.map((place) => row[place] ?? null)).flatMap(faultsOf)).toEqual([]);
    const times = drawn.map((row) => Date.parse(`${String(row[places[0] ?? 0]).replace(' ', 'T')}Z`));
    expect(times.every((time, row) => row % 6 === 0 || time > (times[row - 1] ?? 0))).toBe(true);
  });

  it('is a plain table where no column is marked', async () => {
    const model = openModel('wgan-gp', smallConfig(), engines);
    const plain = columns.map(({ order_book: _, ...column }) => column);
    const fitted = await model.fit(bookTable(plain, rows), plain, { seed: 3, onColumn: () => Promise.resolve() });
    expect(fitted.transforms.every(({ kind }) => kind === 'numeric' || kind === 'categorical')).toBe(true);
    await fitted.model.dispose?.();
  });
});
