import { aMeasurement } from '../quality/testing';
import { distanceOf, frameAt, frameText, placeOfStep } from './frames';

const measured = [aMeasurement(1, [1, 0, 0]), aMeasurement(5, [0.6, 0.3, 0.1])];
const shares = (place: number) => frameAt(measured, place)?.columns[0]?.parts.map(({ synthetic }) => synthetic);

describe('a frame of the time machine', () => {
  it('is what was measured at a whole place, and lies between two in proportion', () => {
    expect(shares(0)).toEqual([1, 0, 0]);
    expect(shares(0.5)?.map((share) => Number(share.toFixed(6)))).toEqual([0.8, 0.15, 0.05]);
    expect(shares(1)).toEqual([0.6, 0.3, 0.1]);
    expect(shares(9)).toEqual([0.6, 0.3, 0.1]);
    expect(frameAt([], 0)).toBeNull();
  });

  it('never mixes correlations', () => {
    const correlations = (synthetic: number) => ({ columns: ['price', 'size'], real: [0.5], synthetic: [synthetic] });
    const updates = [
      aMeasurement(1, [1, 0, 0], { correlations: correlations(0) }),
      aMeasurement(5, [1, 0, 0], { correlations: correlations(0.4) }),
    ];
    expect(frameAt(updates, 0.5)?.correlations?.synthetic).toEqual([0]);
    expect(frameAt(updates, 1)?.correlations?.synthetic).toEqual([0.4]);
    expect(frameAt(measured, 1)?.correlations).toBeUndefined();
  });

  it('finds the measurement of a checkpoint', () => {
    expect(placeOfStep(measured, 12)).toBe(0);
    expect(placeOfStep(measured, 45)).toBe(1);
  });

  it('says how far off the columns are', () => {
    const [side] = measured[0]?.columns ?? [];
    expect(side && distanceOf(side)).toBeCloseTo(0.4, 9);
    const frame = frameAt(measured, 0);
    expect(frame && frameText(frame)).toContain('furthest off is side with 40.0 %');
  });
});
