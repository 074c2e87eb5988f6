import { describe, expect, it } from 'vitest';
import type { FullQualityReport } from '@gan-dashboard/shared-types';
import { associationMatrices } from './association-matrices';

type Columns = NonNullable<FullQualityReport['columns']>;

const column = (name: string): Columns[number] => ({
  column: name,
  role: 'numeric',
  metric: 'KSComplement',
  score: 1,
  coverage: 1,
  validity: 1,
  missing: { real: 0, synthetic: 0 },
});

describe('associationMatrices', () => {
  it('puts each pair on both sides of the diagonal', () => {
    const pairs: FullQualityReport['pairs'] = [
      {
        columns: ['a', 'b'],
        metric: 'CorrelationSimilarity',
        score: 0.9,
        association: { real: 0.5, synthetic: 0.25 },
        is_counted: true,
      },
      {
        columns: ['a', 'c'],
        metric: 'CorrelationSimilarity',
        score: null,
        association: { real: 0.5, synthetic: null },
        is_counted: true,
      },
    ];
    const matrices = associationMatrices({ columns: ['a', 'b', 'c'].map(column), pairs });
    expect(matrices).toEqual({
      columns: ['a', 'b', 'c'],
      real: [
        [1, 0.5, 0.5],
        [0.5, 1, null],
        [0.5, null, 1],
      ],
      synthetic: [
        [1, 0.25, null],
        [0.25, 1, null],
        [null, null, 1],
      ],
      difference: [
        [0, -0.25, null],
        [-0.25, 0, null],
        [null, null, 0],
      ],
      leftOut: 0,
    });
  });

  it('leaves out what would be too small to see, and a single column', () => {
    const many = associationMatrices({ columns: Array.from({ length: 45 }, (_, i) => column(`c${i}`)), pairs: [] });
    expect(many?.leftOut).toBe(5);
    expect(associationMatrices({ columns: [column('a')], pairs: [] })).toBeUndefined();
  });
});
