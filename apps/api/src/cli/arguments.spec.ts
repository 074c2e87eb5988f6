import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments';
import { UsageError } from './failures';

const parse = (line: string) => parseArguments(line.split(' '));

describe('the arguments of train', () => {
  it('are read with their types', () => {
    expect(
      parse('train a.csv --model tvae --seed 5 --rows 10 --out b.parquet --set x=1 --set y=2 --epochs 3 --json'),
    ).toEqual({
      command: 'train',
      csv: 'a.csv',
      model: 'tvae',
      seed: 5,
      rows: 10,
      out: 'b.parquet',
      settings: ['epochs=3', 'x=1', 'y=2'],
      columns: [],
      isForced: false,
      isJson: true,
    });
  });

  it('split lists of columns', () => {
    expect(parse('train a.csv --columns a:id,b:excluded --columns c:numeric')).toMatchObject({
      columns: ['a:id', 'b:excluded', 'c:numeric'],
    });
  });

  it('take --resume with and without a folder', () => {
    expect(parse('train a.csv')).not.toHaveProperty('resume');
    expect(parse('train a.csv --resume')).toMatchObject({ csv: 'a.csv', resume: {} });
    expect(parse('train a.csv --resume --json')).toMatchObject({ resume: {}, isJson: true });
    expect(parse('train --resume run --out b.csv')).toMatchObject({ resume: { folder: 'run' }, out: 'b.csv' });
    expect(parse('train --resume=run')).toMatchObject({ resume: { folder: 'run' } });
  });

  it('take what follows -- as names', () => {
    expect(parse('train -- --help')).toMatchObject({ command: 'train', csv: '--help' });
  });

  it.each([
    ['train', 'the CSV file is missing'],
    ['train --resume', 'the CSV file is missing'],
    ['train a.csv b.csv', 'takes one CSV file, but got 2: a.csv, b.csv'],
    ['train a.csv --seed -1', '--seed'],
    ['train a.csv --seed 2147483648', '--seed is "2147483648"; allowed'],
    ['train a.csv --rows 0 --out b.csv', '--rows is "0"; allowed'],
    ['train a.csv --rows 5', 'no rows are written without --out'],
    ['train a.csv --epochs ten', '--epochs is "ten"; allowed'],
    ['train a.csv --out b.txt', '--out is "b.txt"; its name must end with .csv or .parquet'],
    ['train a.csv --colour', "Unknown option '--colour'"],
    ['train a.csv --resume run --seed 4', '--seed cannot be given with --resume'],
    ['train a.csv --resume run --set x=1', '--set cannot be given with --resume'],
  ])('are refused: %s', (line, message) => {
    expect(() => parse(line)).toThrow(UsageError);
    expect(() => parse(line)).toThrow(message);
  });
});

describe('the arguments of the other commands', () => {
  it('are read', () => {
    expect(parse('sample run --out a.csv --condition a=1 --condition b>=2 --constraint a<b --force')).toEqual({
      command: 'sample',
      from: 'run',
      out: 'a.csv',
      conditions: ['a=1', 'b>=2'],
      constraints: ['a<b'],
      isForced: true,
    });
    expect(parse('models gan --json')).toEqual({ command: 'models', name: 'gan', isJson: true });
    expect(parse('report a.csv b.csv --target y --seed 3')).toEqual({
      command: 'report',
      real: 'a.csv',
      synthetic: 'b.csv',
      target: 'y',
      seed: 3,
      out: 'report.html',
      isForced: false,
      isJson: false,
    });
    expect(parse('report a.csv b.csv --json')).not.toHaveProperty('out');
    expect(parse('--version')).toEqual({ command: 'version' });
    expect(parseArguments([])).toEqual({ command: 'help' });
    expect(parse('train a.csv --help')).toEqual({ command: 'help', topic: 'train' });
  });

  it.each([
    ['sample', 'the run folder or the checkpoint file is missing'],
    ['sample run', '--out is missing'],
    ['report a.csv', 'report takes two CSV files'],
    ['report a.csv b.csv --out r.pdf', 'its name must end with .html'],
    ['import run --url 127.0.0.1:8081', '--url is "127.0.0.1:8081"; it takes the address of a dashboard'],
    ['import --url http://x', 'the run folder is missing'],
    ['fit a.csv', 'There is no command "fit". Commands are: train, sample, report, import, models'],
  ])('are refused: %s', (line, message) => {
    expect(() => parse(line)).toThrow(message);
  });
});
