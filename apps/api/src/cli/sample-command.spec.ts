import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments';
import { sizeOf } from './sample-command';

const words = (...options: string[]) => ['sample', 'run', '--out', 'out.csv', ...options];
const paths = { model: 'quantgan', rowCount: 1_000, sequenceLength: 127 };

describe('sequences of the sample command', () => {
  it('are read by number and length', () => {
    expect(parseArguments(words('--sequences', '3', '--length', '50'))).toMatchObject({ sequences: 3, length: 50 });
    expect(() => parseArguments(words('--sequences', '0'))).toThrow(
      '--sequences is "0"; allowed: a whole number from 1',
    );
    expect(() => parseArguments(words('--sequences', '3', '--rows', '9'))).toThrow(
      '--rows is 9 and --sequences is 3: sequences have a length',
    );
  });

  it('give the rows, by their own length or that of the model', () => {
    expect(sizeOf({ sequences: 3, length: 50 }, paths)).toEqual({ rows: 150, sequences: { count: 3, length: 50 } });
    expect(sizeOf({ sequences: 3 }, paths)).toEqual({ rows: 381, sequences: { count: 3 } });
    expect(sizeOf({ length: 50 }, paths)).toEqual({ rows: 1_000, sequences: { length: 50 } });
    expect(sizeOf({ rows: 7 }, paths)).toEqual({ rows: 7 });
    const start = { values: { close: 100 } };
    expect(sizeOf({ rows: 7, start }, paths)).toEqual({ rows: 7, sequences: { start } });
  });

  it('are refused for models of single rows', () => {
    const single = { ...paths, model: 'ctgan', sequenceLength: null };
    expect(() => sizeOf({ sequences: 3 }, single)).toThrow('--sequences is 3, but ctgan makes single rows.');
    expect(() => sizeOf({ length: 3 }, single)).toThrow('--length is 3, but ctgan makes single rows.');
    expect(() => sizeOf({ start: { time: '2025-01-01' } }, single)).toThrow(
      '--start-time or --start-value is given, but ctgan makes single rows.',
    );
  });

  it('begin where they are asked to', () => {
    const given = ['--start-time', '2025-01-01', '--start-value', 'close=1e2', '--start-value', 'a=b=-3'];
    expect(parseArguments(words(...given))).toMatchObject({
      start: { time: '2025-01-01', values: { close: 100, 'a=b': -3 } },
    });
    expect(parseArguments(words())).not.toHaveProperty('start');
  });

  it.each([
    [['--start-time', ' '], '--start-time is empty'],
    [['--start-value', 'close'], '--start-value is "close"; it takes column=number'],
    [['--start-value', 'close='], '--start-value is "close="; it takes column=number'],
    [['--start-value', '=1'], '--start-value is "=1"; it takes column=number'],
    [['--start-value', 'close=high'], '--start-value is "close=high"; it takes column=number'],
    [['--start-value', 'a=1', '--start-value', 'a=2'], '--start-value is "a=2", but a is given already'],
  ])('are refused with a start like %s', (given, message) => {
    expect(() => parseArguments(words(...given))).toThrow(message);
  });
});
