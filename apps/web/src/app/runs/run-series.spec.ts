import { aSeries } from '../testing/builders';
import { linesByMetric, meanBand, valueAt } from './run-series';

const line = (x: number[], y: number[]) => ({ label: '', color: '', x, y });

describe('lines of many runs', () => {
  it('are put together by metric, losses first, and told apart where names are the same', () => {
    const items = [
      { run_id: 'aaaaaaaa-1', series: [aSeries('fake_scores', [1]), aSeries('generator_loss', [1, 'NaN'])] },
      { run_id: 'bbbbbbbb-2', series: [aSeries('generator_loss', [3])] },
      { run_id: 'unknown', series: [aSeries('generator_loss', [9])] },
    ];
    const runs = items.slice(0, 2).map(({ run_id: id }) => ({ id, name: 'same', color: 'red' }));
    const lines = linesByMetric(items, runs);
    expect([...lines.keys()]).toEqual(['generator_loss', 'fake_scores']);
    expect(lines.get('generator_loss')?.map(({ label, y }) => [label, y])).toEqual([
      ['same (aaaaaaaa)', [1, NaN]],
      ['same (bbbbbbbb)', [3]],
    ]);
  });

  it('have values between their points, and none outside', () => {
    const drawn = line([0, 10, 20], [0, 5, 25]);
    expect([0, 4, 10, 15, 20].map((x) => valueAt(drawn, x))).toEqual([0, 2, 5, 15, 25]);
    expect(valueAt(drawn, -1)).toBeNaN();
    expect(valueAt(drawn, 21)).toBeNaN();
    expect(valueAt(line([], []), 0)).toBeNaN();
  });

  it('have a mean and a sample standard deviation; gaps are left out', () => {
    const band = meanBand([line([1, 2, 3], [1, 2, NaN]), line([1, 3], [3, 5])]);
    expect(band.x).toEqual([1, 2, 3]);
    expect(band.mean).toEqual([2, 3, 5]);
    expect(band.high[0]).toBeCloseTo(2 + Math.SQRT2, 12);
    expect(band.low[2]).toBe(5);
  });
});
