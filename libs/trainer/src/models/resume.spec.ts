import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine, TrainableModel } from '../engine/engine';
import { tensorflowAlone, workerEngines } from '../testing/engines';
import { smallCtganConfig, smallGanConfig, smallTvaeConfig, sidesTable } from '../testing/gan-plans';
import { smallConfig } from '../testing/settings';
import { openModel } from './open-model';

let tensorflow: Engine;
const fused = workerEngines();
beforeAll(async () => {
  tensorflow = await tensorflowAlone();
});

const totalSteps = 8;
const schedules = [
  { learning_rate_decay: false, warmup_steps: 0 },
  { learning_rate_decay: false, warmup_steps: 3 },
  { learning_rate_decay: true, learning_rate_curve: 'linear', warmup_steps: 0 },
  { learning_rate_decay: true, learning_rate_curve: 'cosine', warmup_steps: 5 },
];
const averages = [{ generator_average: 0 }, { generator_average: 0.9 }];
/** Two time scales: the critic learns four times as fast. */
const apart = { generator_learning_rate: 1e-3, critic_learning_rate: 4e-3 };
const discriminatorApart = { generator_learning_rate: 1e-3, discriminator_learning_rate: 4e-3 };

const models: [string, string, () => Engine, object, object[]][] = [
  ['ctgan', 'fused', () => fused, { ...smallCtganConfig(), ...apart }, averages],
  ['ctgan', 'tensorflow.js', () => tensorflow, { ...smallCtganConfig(), ...apart }, averages],
  ['gan', 'fused', () => fused, { ...smallGanConfig(), ...discriminatorApart }, averages],
  ['gan', 'tensorflow.js', () => tensorflow, { ...smallGanConfig(), ...discriminatorApart }, averages],
  ['wgan-gp', 'tensorflow.js', () => tensorflow, { ...smallConfig(), ...apart }, averages],
  ['tvae', 'tensorflow.js', () => tensorflow, smallTvaeConfig(), [{}]],
];

async function fitted(name: string, config: object, engine: Engine): Promise<TrainableModel> {
  const { source, columns } = sidesTable(300);
  const given = { seed: 4, onColumn: () => Promise.resolve() };
  return (await openModel(name, config, engine).fit(source, columns, given)).model;
}

const steps = (model: TrainableModel, from: number, to: number) => {
  for (let step = from; step < to; step++) model.step({ step, totalSteps });
};

describe.each(models)('%s on %s', (name, _, engineOf, base, variants) => {
  const all = schedules.flatMap((schedule) => variants.map((variant) => ({ ...schedule, ...variant })));

  it.each(all)('goes on from a state bit by bit: %j', async (change) => {
    const config = { ...base, ...change };
    const whole = await fitted(name, config, engineOf());
    steps(whole, 0, totalSteps);
    const first = await fitted(name, config, engineOf());
    // In the midst of the warm-up of some, after that of others.
    steps(first, 0, 4);
    const second = await fitted(name, config, engineOf());
    second.setState(first.getState());
    steps(second, 4, totalSteps);
    expect(second.getState()).toEqual(whole.getState());
  });

  it('ends elsewhere by each schedule', async () => {
    const ends = schedules.map(async (schedule) => {
      const model = await fitted(name, { ...base, ...schedule }, engineOf());
      steps(model, 0, totalSteps);
      return JSON.stringify(Object.values(model.getState()).map((array) => Array.from(array.slice(0, 4))));
    });
    expect(new Set(await Promise.all(ends)).size).toBe(schedules.length);
  });
});
