import { describe, expect, it } from 'vitest';
import { bestOf } from './best-checkpoint';

describe('bestOf', () => {
  it('takes the lowest value of the first metric that was measured', () => {
    const saved = [
      { id: 1, step: 10, metrics: { wasserstein_estimate: 0.4, loss: 1 } },
      { id: 2, step: 10, metrics: { wasserstein_estimate: 0.2, loss: 3 } },
      { id: 3, step: 10, metrics: { loss: 0.1 } },
    ];
    expect(bestOf(saved)?.id).toBe(2);
    expect(
      bestOf([
        { id: 1, step: 10, metrics: { loss: 3 } },
        { id: 2, step: 10, metrics: { loss: 2 } },
      ])?.id,
    ).toBe(2);
  });

  it('takes the highest quality before anything else, from all of the run, and the first that has it', () => {
    const saved = [
      { id: 1, step: 10, metrics: { quality_overall: 0.7, wasserstein_estimate: 0.1 } },
      { id: 2, step: 20, metrics: { quality_overall: 0.9, wasserstein_estimate: 0.4 } },
      { id: 3, step: 30, metrics: { quality_overall: 0.9, wasserstein_estimate: 0.2 } },
      { id: 4, step: 100, metrics: { quality_overall: 0.8, wasserstein_estimate: 0.01 } },
    ];
    expect(bestOf(saved)?.id).toBe(2);
    expect(bestOf([...saved, { id: 5, step: 110, metrics: { loss: 0 } }])?.id).toBe(2);
  });

  it('takes the earlier one of equals', () => {
    expect(
      bestOf([
        { id: 1, step: 10, metrics: { wasserstein_estimate: 1 } },
        { id: 2, step: 10, metrics: { wasserstein_estimate: 1 } },
      ])?.id,
    ).toBe(1);
  });

  it('leaves out what is no number, and what no model is compared by', () => {
    expect(
      bestOf([
        { id: 1, step: 10, metrics: { wasserstein_estimate: 'NaN' } },
        { id: 2, step: 10, metrics: { wasserstein_estimate: 9 } },
      ])?.id,
    ).toBe(2);
    expect(bestOf([{ step: 1, metrics: { generator_loss: 1 } }])).toBeUndefined();
    expect(bestOf([])).toBeUndefined();
  });

  it('takes the estimate for a distance', () => {
    const saved = [
      { id: 1, step: 10, metrics: { wasserstein_estimate: -5 } },
      { id: 2, step: 11, metrics: { wasserstein_estimate: 0.3 } },
    ];
    expect(bestOf(saved)?.id).toBe(2);
  });

  it('does not believe a critic that has hardly learned', () => {
    const saved = [
      { id: 1, step: 4, metrics: { wasserstein_estimate: 0.01 } },
      { id: 2, step: 5, metrics: { wasserstein_estimate: 0.4 } },
      { id: 3, step: 10, metrics: { wasserstein_estimate: 0.5 } },
    ];
    expect(bestOf(saved)?.id).toBe(2);
  });
});
