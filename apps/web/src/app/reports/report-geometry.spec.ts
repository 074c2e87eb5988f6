import type { ColumnQuality } from '@gan-dashboard/shared-types';
import { colourOf, linePath, mapsOf, mapsOfPairs, stepPath } from './report-geometry';

const column = (name: string): ColumnQuality => ({
  column: name,
  role: 'numeric',
  metric: 'KSComplement',
  score: 1,
  coverage: 1,
  validity: 1,
  missing: { real: 0, synthetic: 0 },
});

describe('drawings of a report', () => {
  it('draw shares as steps and break a line where nothing was measured', () => {
    expect(stepPath([0.5, 1], 1)).toBe('M0 96L0 51L160 51L160 6L320 6L320 96Z');
    expect(linePath([0, null, 1], { low: 0, high: 1 })).toBe('M0.00 92.00M320.00 4.00');
  });

  it('put each pair on both sides of the diagonal', () => {
    const maps = mapsOf({
      columns: ['a', 'b'].map(column),
      pairs: [
        {
          columns: ['a', 'b'],
          metric: 'CorrelationSimilarity',
          score: 0.9,
          association: { real: 0.5, synthetic: 0.25 },
          is_counted: true,
        },
      ],
    });
    expect(maps?.maps.map(({ cells }) => cells)).toEqual([
      [
        [1, 0.5],
        [0.5, 1],
      ],
      [
        [1, 0.25],
        [0.25, 1],
      ],
      [
        [0, -0.25],
        [-0.25, 0],
      ],
    ]);
    expect(mapsOf({ columns: [column('a')] })).toBeUndefined();
  });

  it('leave out pairs of columns that are not drawn, and keep what was not measured on one side', () => {
    const maps = mapsOfPairs(
      ['a', 'b'],
      [
        { columns: ['a', 'b'], real: null, synthetic: 0.5 },
        { columns: ['a', 'c'], real: 1, synthetic: 1 },
      ],
    );
    expect(maps?.maps.map(({ cells }) => cells[0])).toEqual([
      [1, null],
      [1, 0.5],
      [0, null],
    ]);
  });

  it('tell by the colour what was not measured', () => {
    expect(colourOf(null, 'association')).toBe('var(--gd-border)');
    expect(colourOf(-0.5, 'association')).toContain('--gd-fake) 50%');
    expect(colourOf(-0.25, 'difference')).toContain('--gd-generator) 50%');
  });
});
