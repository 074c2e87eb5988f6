import type { QualityScore } from '@gan-dashboard/shared-types';
import { flagOf, quantityText, scoreText, shareText, timeText } from './report-text';

const score = (partial: Partial<QualityScore>): QualityScore => ({
  name: 'a',
  section: 'fidelity',
  better: 'higher',
  value: 0.9,
  floor: 0.5,
  ceiling: 0.95,
  is_above_ceiling: false,
  ...partial,
});

describe('flagOf', () => {
  it('flags a score above its ceiling and one below its floor, whichever way is better', () => {
    expect(flagOf(score({}))).toBeUndefined();
    expect(flagOf(score({ is_above_ceiling: true }))).toBe('above');
    expect(flagOf(score({ value: 0.4 }))).toBe('below');
    expect(flagOf(score({ better: 'lower', value: 0.6, floor: 0.5, ceiling: 0.1 }))).toBe('below');
    expect(flagOf(score({ better: 'lower', value: 0.2, floor: 0.5, ceiling: 0.1 }))).toBeUndefined();
  });

  it('does not hold a score against a floor that the ceiling does not reach', () => {
    expect(flagOf(score({ value: 0.98, floor: 1, ceiling: 0.99 }))).toBeUndefined();
  });
});

describe('texts of a report', () => {
  it('name what was not measured, and write numbers one way', () => {
    expect([scoreText(null), quantityText(undefined), shareText(null), timeText(null)]).toEqual(['–', '–', '–', '–']);
    expect([scoreText(-0.25), quantityText(1234.567), quantityText(1e-7)]).toEqual(['−0.250', '1,235', '1.000e−7']);
    expect([shareText(0), shareText(0.0012), shareText(0.9)]).toEqual(['0 %', '0.12 %', '90.0 %']);
    expect(timeText(0)).toBe('1970-01-01');
  });
});
