import { appendPoints, maxPoints, noPoints, withDetail } from './metric-points';

const sample = (step: number, value: number) => ({ step, epoch: step, time: step * 1_000, value });
const samples = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => sample(from + index, from + index === 1_001 ? 99 : 1));

describe('the points of a run', () => {
  it('keep their extremes where two of them become one', () => {
    const points = appendPoints(noPoints('loss'), samples(1, maxPoints + 1));
    expect(points.step.length).toBeLessThan(maxPoints);
    expect(points.step[0]).toBe(1);
    expect(points.step.at(-1)).toBe(maxPoints + 1);
    expect(Math.max(...points.high)).toBe(99);
    expect(points.isComplete).toBe(false);
  });

  it('take a range from a reading in more detail and keep what came behind it', () => {
    const coarse = appendPoints(noPoints('loss'), [sample(10, 1), sample(20, 2), sample(30, 3), sample(40, 4)]);
    const detail = appendPoints(noPoints('loss'), [sample(15, 5), sample(20, 6), sample(25, 7)]);
    const joined = withDetail(coarse, detail, { from: 12, to: 35 });
    expect(joined.step).toEqual([10, 15, 20, 25, 30, 40]);
    expect(joined.value).toEqual([1, 5, 6, 7, 3, 4]);
  });
});
