import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { tensorflowAlone } from '../testing/engines';
import { Random } from '../random/random';
import { smallCtganConfig, smallGanConfig, smallTvaeConfig } from '../testing/gan-plans';
import { smallConfig } from '../testing/settings';
import { categories, column, memoryTable, quantities } from '../testing/tables';
import { encodedWidthOf } from './encoded-width';
import { openModel } from './open-model';

const random = Random.of(1);
const noise = [...random.fillNormal(new Float32Array(600))];
const table: [DatasetColumn, ReturnType<typeof quantities>][] = [
  [column({ name: 'smooth', type: 'number', role: 'numeric' }), quantities(noise)],
  [
    column({ name: 'modes', type: 'number', role: 'numeric' }),
    quantities(noise.map((value, i) => value + (i % 6) * 20)),
  ],
  [column({ name: 'few', type: 'integer', role: 'numeric' }), quantities(noise.map((_, i) => i % 12))],
  [
    column({ name: 'gaps', type: 'number', role: 'numeric' }),
    quantities(noise.map((value, i) => (i % 9 ? value : null))),
  ],
  [column({ name: 'flag', type: 'boolean', role: 'categorical' }), categories(noise.map((value) => value > 0))],
  [column({ name: 'many', type: 'text', role: 'categorical' }), categories(noise.map((_, i) => `name ${i % 40}`))],
  [
    column({ name: 'text', type: 'text', role: 'categorical' }),
    categories(noise.map((_, i) => (i % 7 ? `text ${i}` : null))),
  ],
  [column({ name: 'key', type: 'integer', role: 'id' }), quantities(noise.map((_, i) => i))],
  [column({ name: 'secret', type: 'text', role: 'excluded' }), categories(noise.map(() => 'x'))],
];

/** Counts as an import does. */
function counted([given, values]: (typeof table)[number]): DatasetColumn {
  const cells = values.kind === 'quantity' ? [...values.values] : [...values.codes];
  const present = cells.filter((cell) => !Number.isNaN(cell) && !(values.kind === 'category' && cell < 0));
  return { ...given, missing: cells.length - present.length, distinct: new Set(present).size };
}

const maxCategories = 25;
const configs = {
  'wgan-gp': smallConfig({ max_categories: maxCategories }),
  ctgan: smallCtganConfig({ max_categories: maxCategories }),
  gan: smallGanConfig({ max_categories: maxCategories }),
  tvae: smallTvaeConfig({ max_categories: maxCategories }),
};

describe('the encoded width', () => {
  it.each(['wgan-gp', 'ctgan', 'gan', 'tvae'] as const)('of %s is not above what was said before', async (name) => {
    const engine = await tensorflowAlone();
    const columns = table.map(counted);
    const source = memoryTable(Object.fromEntries(table.map(([{ name: key }, values]) => [key, values])));
    const said = encodedWidthOf(name, { columns, row_count: noise.length }, maxCategories);
    expect(said.columns.map(({ name: key }) => key)).not.toContain('secret');
    const fitted = await openModel(name, configs[name], engine).fit(source, columns, {
      seed: 1,
      onColumn: () => Promise.resolve(),
    });
    expect(fitted.encodedWidth).toBeLessThanOrEqual(said.at_most);
    expect(fitted.encodedWidth).toBeGreaterThan(said.at_most / 5);
  });
});
