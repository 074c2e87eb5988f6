import { describe, expect, it } from 'vitest';
import { qualityText, rowsToDraw } from './measure-quality';

describe('the quality of a run', () => {
  it('is measured on half of a small source, and on 10,000 rows of a large one', () => {
    expect([1, 600, 19_999, 20_000, 5_000_000].map(rowsToDraw)).toEqual([1, 300, 9_999, 10_000, 10_000]);
  });

  it('stands between its floor and its ceiling, and says what was not measured', () => {
    const text = qualityText({
      ...{ rows: 10_000, score: 0.9, column_shapes: 0.95, column_pair_trends_of_all_pairs: 0.9 },
      floor: { column_shapes: 1 },
      ceiling: { column_shapes: 0.99 },
      columns: ['a', 'b', 'c', 'd'].map((name, index) => ({ name, metric: 'KSComplement', score: 1 - index / 10 })),
    });
    expect(text.split('\n').slice(0, 3)).toEqual([
      'Quality of 10,000 sampled rows beside as many of the source (SDMetrics, 1 is equal):',
      '  column shapes        0.950  (shuffled columns 1.000, other rows of the source 0.990)',
      '  column pair trends   not measured  (shuffled columns not measured, other rows of the source not measured)',
    ]);
    expect(text).toContain('least alike columns:  d 0.700, c 0.800, b 0.900');
  });
});
