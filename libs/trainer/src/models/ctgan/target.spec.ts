import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/engine';
import { encodedSides, sidesTable, smallCtganConfig } from '../../testing/gan-plans';
import { tensorflowAlone, workerEngines } from '../../testing/engines';
import { openCtgan } from './ctgan';
import { targetClassifier } from './target';

let table: Awaited<ReturnType<typeof encodedSides>>;
let tensorflow: Engine;
const fused = workerEngines();
beforeAll(async () => {
  table = await encodedSides(400);
  tensorflow = await tensorflowAlone();
});

const classifierOf = (target: string) =>
  targetClassifier(smallCtganConfig({ target_column: target, target_weight: 0.5 }), table.transforms, table.sparse);

describe('the target of ctgan', () => {
  it('is none where the settings name none', () => {
    expect(classifierOf('')).toBeUndefined();
  });

  it('is the value of a category, the mode of a quantity', () => {
    const spanOf = (classifier: ReturnType<typeof classifierOf>) =>
      classifier?.column.map((index) => table.sparse.layout.spans[index]);
    const ofSide = classifierOf('side');
    expect(spanOf(ofSide)).toEqual([{ kind: 'choice', start: 0, width: 3 }]);
    expect(ofSide).toMatchObject({ layers: [16, 12], dropout: 0.5, weight: 0.5 });
    const ofGain = classifierOf('gain');
    expect(spanOf(ofGain)?.map((span) => span?.kind)).toEqual(['number', 'choice']);
    expect(ofGain?.target).toBe(ofGain?.column[1]);
  });

  it('has to be a column that can be told', () => {
    expect(() => classifierOf('sides')).toThrow(
      'target_column is "sides"; allowed: a column with at least two categories or modes, which are "side", "value", "gain". Leave it empty',
    );
  });

  it.each([
    ['fused', () => fused],
    ['tensorflow.js', () => tensorflow],
  ])('trains, goes on from a state and is not needed by samples: %s', async (name, engineOf) => {
    const opened = openCtgan(smallCtganConfig({ target_column: 'side', warmup_steps: 2 }), engineOf());
    const fit = async () => {
      const { source, columns } = sidesTable(300);
      return opened.fit(source, columns, { seed: 4, onColumn: () => Promise.resolve() });
    };
    const run = (model: Awaited<ReturnType<typeof fit>>['model'], from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => model.step({ step: from + i, totalSteps: 8 }));
    const whole = await fit();
    expect(whole.engine.startsWith(name)).toBe(true);
    const metrics = run(whole.model, 0, 8);
    expect(metrics.every(({ classification_loss: loss = 0 }) => loss > 0)).toBe(true);
    const first = await fit();
    run(first.model, 0, 3);
    const second = await fit();
    second.model.setState(first.model.getState());
    run(second.model, 3, 8);
    expect(second.model.getState()).toEqual(whole.model.getState());
    const { transforms, rowCount, engine: madeBy } = whole;
    const sampler = await opened.openSampler({ transforms, rowCount, madeBy, state: whole.model.getState() });
    expect(sampler.draw({ from: 0, rows: 20 }, 1)).toHaveLength(20);
  });

  it('is told better by rows that learned it', async () => {
    /** Share of rows whose value lies on the side that they name, in a table where that can be told for sure. */
    const agreement = async (target: string) => {
      const config = smallCtganConfig({
        ...{ target_column: target, target_weight: 3, epochs: 1, steps_per_epoch: 150, batch_size: 100, pac: 1 },
        ...{ generator_learning_rate: 2e-3, critic_learning_rate: 2e-3, generator_average: 0.9, dropout: 0.1 },
      });
      const opened = openCtgan(config, fused);
      const { source, columns } = sidesTable(600);
      const {
        model,
        transforms,
        rowCount,
        engine: madeBy,
      } = await opened.fit(source, columns, {
        ...{ seed: 6, onColumn: () => Promise.resolve() },
      });
      const losses = Array.from({ length: 150 }, (_, step) => model.step({ step, totalSteps: 150 }));
      const sampler = await opened.openSampler({ transforms, rowCount, madeBy, state: model.getState() });
      const rows = sampler.draw({ from: 0, rows: 500 }, 1);
      const sided = rows.filter(([side]) => side === 'left' || side === 'right');
      const agreeing = sided.filter(([side, value]) => Number(value) > 0 === (side === 'right'));
      return { share: agreeing.length / sided.length, last: losses.at(-1)?.['classifier_loss'] };
    };
    const [without, told] = [await agreement(''), await agreement('side')];
    expect(without.last).toBeUndefined();
    expect(told.last).toBeLessThan(0.4);
    expect(told.share).toBeGreaterThan(Math.max(0.8, without.share - 0.02));
  });
});
