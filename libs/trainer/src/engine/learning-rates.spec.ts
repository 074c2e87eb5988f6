import { describe, expect, it } from 'vitest';
import { rateFactor, scheduleOf } from './learning-rates';
import type { LearningRateSchedule } from './learning-rates';

const factors = (schedule: LearningRateSchedule, totalSteps: number) =>
  Array.from({ length: totalSteps }, (_, step) => rateFactor(schedule, { step, totalSteps }));

describe('learning rates', () => {
  it('stay, fall in a line, or fall along a cosine', () => {
    expect(factors({ curve: 'constant', warmupSteps: 0 }, 3)).toEqual([1, 1, 1]);
    expect(factors({ curve: 'linear', warmupSteps: 0 }, 4)).toEqual([1, 0.75, 0.5, 0.25]);
    const cosine = factors({ curve: 'cosine', warmupSteps: 0 }, 4);
    [1, (1 + Math.SQRT1_2) / 2, 0.5, (1 - Math.SQRT1_2) / 2].forEach((factor, step) =>
      expect(cosine[step]).toBeCloseTo(factor, 12),
    );
  });

  it('rise first, step by step, and fall over the steps that are left', () => {
    expect(factors({ curve: 'constant', warmupSteps: 3 }, 5)).toEqual([0.25, 0.5, 0.75, 1, 1]);
    expect(factors({ curve: 'linear', warmupSteps: 1 }, 5)).toEqual([0.5, 1, 0.75, 0.5, 0.25]);
  });

  it('are above 0 for every step, also where the run is all warm-up', () => {
    for (const curve of ['constant', 'linear', 'cosine'] as const) {
      for (const warmupSteps of [0, 4, 7, 100]) {
        expect(factors({ curve, warmupSteps }, 7).every((factor) => factor > 0 && factor <= 1)).toBe(true);
      }
    }
  });

  it('fall only where the settings say so', () => {
    const config = { learning_rate_curve: 'cosine', warmup_steps: 5 } as const;
    expect(scheduleOf({ ...config, learning_rate_decay: false })).toEqual({ curve: 'constant', warmupSteps: 5 });
    expect(scheduleOf({ ...config, learning_rate_decay: true })).toEqual({ curve: 'cosine', warmupSteps: 5 });
  });
});
