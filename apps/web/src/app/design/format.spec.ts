import { formatBytes, formatDelay, formatDuration, formatMetric, formatValue } from './format';

describe('format', () => {
  it.each<[number | null | undefined, string]>([
    [0.693147, '0.6931'],
    [-1.5, '−1.500'],
    [12.3456, '12.35'],
    [0, '0'],
    [0.000012345, '1.234e−5'],
    [2_500_000, '2.500e+6'],
    [NaN, 'NaN'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
    [undefined, '–'],
    [null, '–'],
  ])('metric %s is %s', (value, text) => {
    expect(formatMetric(value)).toBe(text);
  });

  it.each<[number | string | boolean | null, string]>([
    [10_000, '10,000'],
    [1e-7, '1e-7'],
    [0.25, '0.25'],
    ['2026-01-02T00:00:00.000Z', '2026-01-02'],
    ['2026-01-02T10:00:05.250Z', '2026-01-02 10:00:05.250'],
    ['buy', 'buy'],
    [true, 'true'],
    [null, '–'],
  ])('value %s is %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });

  it.each<[number | null, string]>([
    [0.42, '0.4 s'],
    [9.9, '9 s'],
    [59.9, '59 s'],
    [185, '3 min 05 s'],
    [7_800, '2 h 10 min'],
    [273_600, '3 d 4 h'],
    [-1, '–'],
    [null, '–'],
  ])('%s seconds are %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each<[number | null, string]>([
    [999, '999 B'],
    [1_234_567, '1.2 MB'],
    [250_000, '250 kB'],
    [null, '–'],
  ])('%s bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each<[number, string]>([
    [12.4, '12 ms'],
    [1_430, '1.4 s'],
    [65_000, '1 min 05 s'],
  ])('a delay of %s ms is %s', (ms, text) => {
    expect(formatDelay(ms)).toBe(text);
  });
});
