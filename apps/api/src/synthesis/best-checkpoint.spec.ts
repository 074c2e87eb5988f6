import { describe, expect, it } from 'vitest';
import { bestOf } from './best-checkpoint';

describe('bestOf', () => {
  it('takes the lowest value of the first metric that was measured', () => {
    const saved = [
      { id: 1, metrics: { wasserstein_estimate: 0.4, loss: 1 } },
      { id: 2, metrics: { wasserstein_estimate: 0.2, loss: 3 } },
      { id: 3, metrics: { loss: 0.1 } },
    ];
    expect(bestOf(saved)?.id).toBe(2);
    expect(
      bestOf([
        { id: 1, metrics: { loss: 3 } },
        { id: 2, metrics: { loss: 2 } },
      ])?.id,
    ).toBe(2);
  });

  it('takes the earlier one of equals', () => {
    expect(
      bestOf([
        { id: 1, metrics: { wasserstein_estimate: 1 } },
        { id: 2, metrics: { wasserstein_estimate: 1 } },
      ])?.id,
    ).toBe(1);
  });

  it('leaves out what is no number, and what no model is compared by', () => {
    expect(
      bestOf([
        { id: 1, metrics: { wasserstein_estimate: 'NaN' } },
        { id: 2, metrics: { wasserstein_estimate: 9 } },
      ])?.id,
    ).toBe(2);
    expect(bestOf([{ metrics: { generator_loss: 1 } }])).toBeUndefined();
    expect(bestOf([])).toBeUndefined();
  });
});
