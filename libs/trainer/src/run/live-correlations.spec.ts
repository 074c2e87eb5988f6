import { liveCorrelationsSchema } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import type { QualityColumn, QualityTable } from '../quality/table';
import { CorrelationMeasure, upperTriangle } from './live-correlations';

const quantity = (name: string, values: number[]): QualityColumn => ({
  name,
  role: 'numeric',
  data: { kind: 'quantity', values: Float64Array.from(values) },
});
const side: QualityColumn = {
  name: 'side',
  role: 'categorical',
  data: { kind: 'category', codes: Int32Array.from([0, 0, 0, 0]), values: ['bid'] },
};
const tableOf = (...columns: QualityColumn[]): QualityTable => ({ rowCount: 4, columns });

describe('correlations while a model trains', () => {
  // Around the mean 2.5, x is -1.5, -0.5, 0.5, 1.5 and y is -1.5, 0.5, -0.5, 1.5: 4 / (√5 √5) = 0.8.
  const real = tableOf(quantity('x', [1, 2, 3, 4]), side, quantity('y', [1, 3, 2, 4]), quantity('z', [4, 3, 2, 1]));

  it('are those worked out by hand, in the order of the upper triangle', () => {
    const synthetic = tableOf(
      side,
      quantity('z', [7, 7, 7, 7]),
      quantity('y', [8, 6, 4, 2]),
      quantity('x', [1, 2, 3, 4]),
    );
    expect(new CorrelationMeasure(real).measure(synthetic)).toEqual({
      columns: ['x', 'y', 'z'],
      real: [0.8, -1, -0.8],
      synthetic: [-1, null, null],
    });
  });

  it('are rounded, and leave out rows without a value', () => {
    // Without the third row: x -4/3, -1/3, 5/3 and y -1, 1, 0: (4/3 - 1/3) / √(42/9 · 2) = 0.3273.
    const gaps = tableOf(quantity('x', [1, 2, 3, 4]), quantity('y', [1, 3, Number.NaN, 2]));
    expect(upperTriangle(gaps, ['x', 'y'])).toEqual([0.327]);
  });

  it('are absent of fewer than two quantities', () => {
    const table = tableOf(side, quantity('x', [1, 2, 3, 4]));
    expect(new CorrelationMeasure(table).measure(table)).toBeUndefined();
  });

  it('stay within 8 kB however wide the table is', () => {
    const wide = tableOf(...Array.from({ length: 60 }, (_, i) => quantity(`c${i}`, [1, i, 7 - i, (i * 7) % 5])));
    const found = liveCorrelationsSchema.parse(new CorrelationMeasure(wide).measure(wide));
    expect([found.columns.length, found.real.length, found.synthetic.length]).toEqual([30, 435, 435]);
    expect(JSON.stringify(found).length).toBeLessThan(8_000);
  });
});
