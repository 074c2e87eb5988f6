import type { Cell } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { workerEngines } from '../testing/engines';
import { smallCtganConfig, smallGanConfig, smallTvaeConfig, sidesTable } from '../testing/gan-plans';
import { openModel } from './open-model';

const engine = workerEngines();

const learning = {
  generator_learning_rate: 2e-3,
  generator_layers: [32, 32],
  batch_size: 100,
  generator_average: 0.98,
};
const configs = {
  tvae: smallTvaeConfig({ learning_rate: 3e-3, batch_size: 100, encoder_layers: [32, 32], decoder_layers: [32, 32] }),
  ctgan: smallCtganConfig({ ...learning, critic_learning_rate: 2e-3, critic_layers: [32, 32], pac: 4 }),
  gan: smallGanConfig({
    ...learning,
    generator_layers: [64, 64],
    discriminator_layers: [64, 64],
    generator_learning_rate: 5e-4,
    discriminator_learning_rate: 5e-4,
  }),
};

/** Trains on the table of sides and draws as many rows as it has. */
async function trainAndDraw(name: keyof typeof configs, steps: number) {
  const { source, columns, ...real } = sidesTable(1000);
  const model = openModel(name, configs[name], engine);
  const fitted = await model.fit(source, columns, { seed: 3, onColumn: () => Promise.resolve() });
  for (let step = 0; step < steps; step++) fitted.model.step({ step, totalSteps: steps });
  const { transforms, rowCount } = fitted;
  const sampler = await model.openSampler({ transforms, rowCount, state: fitted.model.getState() });
  return { real, rows: sampler.draw({ from: 0, rows: 1000 }, 5) };
}

const share = (rows: readonly Cell[][], test: (row: Cell[]) => boolean) => rows.filter(test).length / rows.length;

describe.each([
  ['ctgan', { steps: 600, categories: 0.06, agreeing: 0.9, mixed: 0.08 }],
  ['tvae', { steps: 700, categories: 0.06, agreeing: 0.85, mixed: 0.08 }],
  ['gan', { steps: 600, categories: 0.08, agreeing: 0.85, mixed: 0.3 }],
] as const)('%s', (name, { steps, categories, agreeing, mixed }) => {
  it('learns a small known distribution', { timeout: 120_000 }, async () => {
    const { real, rows } = await trainAndDraw(name, steps);
    for (const side of ['right', 'left', 'rare']) {
      const expected = real.sides.filter((each) => each === side).length / 1000;
      expect(Math.abs(share(rows, ([drawn]) => drawn === side) - expected)).toBeLessThan(categories);
    }
    const places: Record<string, number> = { right: 5, left: -5, rare: 0 };
    const isNear = ([side, value]: Cell[]) => Math.abs(Number(value) - (places[String(side)] ?? 0)) < 2.5;
    expect(share(rows, isNear)).toBeGreaterThan(agreeing);
    for (const special of [0, null]) {
      const expected = real.gains.filter((gain) => gain === special).length / 1000;
      expect(Math.abs(share(rows, ([, , gain]) => gain === special) - expected)).toBeLessThan(mixed);
    }
  });
});

describe('a sparse model', () => {
  it('has as many steps an epoch as the table has batches, and more for small tables', () => {
    const model = openModel('ctgan', { ...configs.ctgan, batch_size: 500, pac: 10, steps_per_epoch: 0 }, engine);
    expect([model.stepsPerEpoch(32_561), model.stepsPerEpoch(400)]).toEqual([65, 20]);
  });

  it('draws rows of a sample by their number, whatever the chunk', async () => {
    const { source, columns } = sidesTable(200);
    const model = openModel('ctgan', configs.ctgan, engine);
    const fitted = await model.fit(source, columns, { seed: 3, onColumn: () => Promise.resolve() });
    const { transforms, rowCount } = fitted;
    const sampler = await model.openSampler({ transforms, rowCount, state: fitted.model.getState() });
    expect(sampler.draw({ from: 100, rows: 10 }, 5)).toEqual(sampler.draw({ from: 100, rows: 10 }, 5));
    expect(sampler.draw({ from: 100, rows: 10 }, 6)).not.toEqual(sampler.draw({ from: 100, rows: 10 }, 5));
  });
});
