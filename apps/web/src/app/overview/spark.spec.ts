import { sparkPaths } from './spark';

const steps = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('sparkPaths', () => {
  it('draws two series on one scale', () => {
    const paths = sparkPaths([
      { step: [0, 10], value: [0, 1] },
      { step: [0, 10], value: [1, 0.5] },
    ]);
    expect(paths).toEqual(['M0.0 28.0L100.0 2.0', 'M0.0 2.0L100.0 15.0']);
  });

  it('leaves a gap where a value is not finite', () => {
    expect(sparkPaths([{ step: [0, 1, 2, 3], value: [0, NaN, 1, Infinity] }])).toEqual(['M0.0 28.0M66.7 2.0']);
  });

  it('draws nothing of nothing', () => {
    expect(sparkPaths([{ step: [], value: [] }])).toEqual(['']);
    expect(sparkPaths([{ step: [1], value: [NaN] }])).toEqual(['']);
  });

  it('keeps a spike among many points', () => {
    const value = steps(5_000).map((step) => (step === 2_345 ? 100 : 0));
    const [path = ''] = sparkPaths([{ step: steps(5_000), value }]);
    expect(path).toContain(' 2.0');
    expect(path.split('L').length).toBeLessThanOrEqual(160);
  });
});
