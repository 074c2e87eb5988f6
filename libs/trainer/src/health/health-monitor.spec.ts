import type { QualityUpdate } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { HealthMonitor } from './health-monitor';

const config = { discriminator_learning_rate: 2e-4, generator_learning_rate: 2e-4, dropout: 0.1 };

/** A monitor of a plain GAN that has seen `steps` steps of it. */
function fed(steps: number, metrics: Record<string, number>, monitor = new HealthMonitor(config)): HealthMonitor {
  for (let step = 0; step < steps; step++) monitor.step({ generator_loss: 0.7, ...metrics });
  return monitor;
}

const calm = { discriminator_accuracy: 0.55, real_scores: 0.5, fake_scores: 0.45 };
const lost = { discriminator_accuracy: 0.99, real_scores: 0.99, fake_scores: 0.01 };

function measured(overall: number, coverage: number): QualityUpdate {
  return {
    ...{ state: 'measured', epoch: 1, step: 1, columns: [], is_best: false },
    scores: { overall: { value: overall, floor: 0.6, ceiling: 0.95 }, coverage: { value: coverage } },
  };
}

describe('HealthMonitor', () => {
  it('says nothing before there is enough to go by', () => {
    const monitor = fed(50, calm);
    expect([monitor.verdict({ epoch: 1, step: 50 }), monitor.verdict({ epoch: 2, step: 50 })]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('gives a verdict when it stands twice, once, and takes it back when it is gone for three times', () => {
    const monitor = fed(300, calm);
    const verdicts = (count: number) =>
      Array.from({ length: count }, (_, epoch) => monitor.verdict({ epoch, step: epoch })?.verdict);
    expect(verdicts(3)).toEqual([undefined, 'balanced', undefined]);
    fed(200, lost, monitor);
    expect(verdicts(4)).toEqual([undefined, 'discriminator_wins', undefined, undefined]);
    fed(200, calm, monitor);
    expect(verdicts(4)).toEqual([undefined, undefined, 'balanced', undefined]);
  });

  it('is not moved by a single judgement', () => {
    const monitor = fed(300, calm);
    for (const epoch of [1, 2]) monitor.verdict({ epoch, step: 300 });
    monitor.quality(measured(0.7, 0.2));
    monitor.quality(measured(0.7, 0.2));
    expect(monitor.verdict({ epoch: 3, step: 310 })).toBeUndefined();
    monitor.quality(measured(0.7, 1));
    expect(monitor.verdict({ epoch: 4, step: 320 })).toBeUndefined();
  });

  it('names the rule, its numbers, the verdict before and what to try with the settings of the run', () => {
    const monitor = fed(300, lost);
    monitor.verdict({ epoch: 1, step: 290 });
    expect(monitor.verdict({ epoch: 2, step: 300 })).toEqual({
      verdict: 'discriminator_wins',
      severity: 'warning',
      message: expect.stringContaining('99 % of the rows'),
      rule: expect.stringContaining('Over the last 100 steps'),
      numbers: { discriminator_accuracy: expect.closeTo(0.99, 9), fake_scores: expect.closeTo(0.01, 9) },
      advice: [
        'Lower discriminator_learning_rate (now 0.0002), or raise generator_learning_rate (now 0.0002).',
        'Raise dropout, so that the rows are judged less surely.',
      ],
      ...{ epoch: 2, step: 300 },
    });
  });

  it('sees players that swing', () => {
    const monitor = new HealthMonitor(config);
    for (let block = 0; block < 30; block++)
      fed(10, { ...calm, discriminator_accuracy: block % 2 ? 0.75 : 0.45 }, monitor);
    monitor.verdict({ epoch: 1, step: 290 });
    expect(monitor.verdict({ epoch: 2, step: 300 })).toMatchObject({
      verdict: 'oscillating',
      numbers: { crossings: 23 },
    });
  });

  it('sees a single loss that rises above its beginning', () => {
    const monitor = new HealthMonitor({ learning_rate: 1 });
    for (let step = 0; step < 400; step++) monitor.step({ loss: step < 200 ? 5 : 9 });
    monitor.verdict({ epoch: 1, step: 390 });
    expect(monitor.verdict({ epoch: 2, step: 400 })).toMatchObject({
      ...{ verdict: 'diverging', severity: 'error' },
      advice: expect.arrayContaining(['Lower learning_rate (now 1).']),
    });
  });

  it('says at once that a number is none', () => {
    const finding = { message: 'generator_loss became NaN at step 5', numbers: { generator_loss: Number.NaN } };
    expect(new HealthMonitor(config).notFinite(finding, { epoch: 1, step: 5 })).toMatchObject({
      ...{ verdict: 'not_finite', severity: 'error', numbers: { generator_loss: 'NaN' } },
    });
  });
});
