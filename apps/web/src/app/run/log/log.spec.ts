import { ansiParts, withoutAnsi } from './ansi';
import { contentPx, linePx, nextMatch, rowsInSight, tallestPx, topOfRow } from './log-scroll';

const esc = '\u001b[';

describe('the colours of a line', () => {
  it('are parts, and end where they are reset', () => {
    expect(ansiParts(`a ${esc}1;31mred${esc}0m b`)).toEqual([
      { text: 'a ', color: '', isBold: false },
      { text: 'red', color: 'red', isBold: true },
      { text: ' b', color: '', isBold: false },
    ]);
  });

  it('skip what is no colour, and colours of which there are too many', () => {
    expect(ansiParts(`${esc}2Kx${esc}38;5;31my${esc}38;2;1;2;35mz`).map(({ text, color }) => [text, color])).toEqual([
      ['x', ''],
      ['y', ''],
      ['z', ''],
    ]);
  });

  it('leave markup as text', () => {
    expect(ansiParts('<b>x</b>')).toEqual([{ text: '<b>x</b>', color: '', isBold: false }]);
    expect(withoutAnsi(`${esc}32m<b>${esc}0m`)).toBe('<b>');
  });
});

describe('the rows in sight', () => {
  const height = 400;

  it('are those at the scrolled place in a short log', () => {
    expect(rowsInSight({ top: 0, height }, 5)).toEqual({ first: 0, count: 5 });
    expect(rowsInSight({ top: 10 * linePx, height }, 100).first).toBe(10);
    expect(rowsInSight({ top: 80 * linePx, height }, 100)).toEqual({ first: 80, count: 20 });
  });

  it('reach both ends of a log that is taller than a browser can scroll', () => {
    const count = 3_000_000;
    expect(contentPx(count)).toBe(tallestPx);
    expect(rowsInSight({ top: 0, height }, count).first).toBe(0);
    const end = rowsInSight({ top: tallestPx - height, height }, count);
    expect(end.first + end.count).toBe(count);
  });

  it.each([0, 7, 500_000, 999_999])('hold row %i where it was scrolled to', (row) => {
    const count = 1_000_000;
    const { first, count: drawn } = rowsInSight({ top: topOfRow(row, height, count), height }, count);
    expect(first).toBeLessThanOrEqual(row);
    expect(first + drawn).toBeGreaterThan(row);
  });
});

describe('the next match', () => {
  it('goes on around the ends', () => {
    expect(nextMatch([5, 9], 5, 1)).toBe(1);
    expect(nextMatch([5, 9], 9, 1)).toBe(0);
    expect(nextMatch([5, 9], 5, -1)).toBe(1);
    expect(nextMatch([], 5, 1)).toBe(-1);
  });
});
