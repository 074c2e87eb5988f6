import { describe, expect, it } from 'vitest';
import { Random } from '../random/random';
import { tensorflowAlone } from '../testing/engines';
import { smallCtganConfig, smallGanConfig, smallTvaeConfig } from '../testing/gan-plans';
import { smallConfig } from '../testing/settings';
import { categories, column, memoryTable, quantities } from '../testing/tables';
import { openModel } from './open-model';
import { runSizeOf } from './run-size';

const random = Random.of(1);
const noise = [...random.fillNormal(new Float32Array(400))];
const columns = [
  { ...column({ name: 'amount', type: 'number', role: 'numeric' }), distinct: 400 },
  { ...column({ name: 'kind', type: 'text', role: 'categorical' }), distinct: 8 },
];
const source = memoryTable({
  amount: quantities(noise),
  kind: categories(noise.map((_, i) => `kind ${i % 8}`)),
});
const configs = {
  'wgan-gp': { ...smallConfig({}), quality_every: 0, steps_per_epoch: 0 },
  ctgan: { ...smallCtganConfig({}), quality_every: 0, steps_per_epoch: 0 },
  gan: { ...smallGanConfig({}), quality_every: 0, steps_per_epoch: 0 },
  tvae: { ...smallTvaeConfig({}), quality_every: 0, steps_per_epoch: 0 },
};

describe('the size of a run', () => {
  it.each(['wgan-gp', 'ctgan', 'gan', 'tvae'] as const)('of %s bounds what it turns out to be', async (name) => {
    const config = configs[name];
    const said = runSizeOf(name, config, { columns, row_count: 400 });
    if (!said) throw new Error(`${name} has no size`);
    const model = openModel(name, config, await tensorflowAlone());
    expect(said.steps_per_epoch).toBe(model.stepsPerEpoch(400));
    const fitted = await model.fit(source, columns, { seed: 1, onColumn: () => Promise.resolve() });
    expect(said.rows_per_step).toBe(fitted.rowsPerStep);
    const parameters = Object.values(fitted.model.parameters).reduce((sum, count) => sum + count, 0);
    expect(parameters).toBeLessThanOrEqual(said.parameters_at_most);
    expect(parameters).toBeGreaterThan(said.parameters_at_most / 5);
  });

  it('leaves out the rows that are held out', () => {
    const config = { ...configs.gan, quality_every: 1, quality_holdout: 0.1 };
    expect(runSizeOf('gan', config, { columns, row_count: 400 })?.training_rows).toBe(360);
  });

  it('is not told of models of sequences and of programs', () => {
    expect(runSizeOf('quantgan', {}, { columns, row_count: 400 })).toBeNull();
    expect(runSizeOf('process:mine', {}, { columns, row_count: 400 })).toBeNull();
  });
});
