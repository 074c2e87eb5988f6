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
  });

  it('are refused for models of single rows', () => {
    const single = { ...paths, model: 'ctgan', sequenceLength: null };
    expect(() => sizeOf({ sequences: 3 }, single)).toThrow('--sequences is 3, but ctgan makes single rows.');
  });
});
