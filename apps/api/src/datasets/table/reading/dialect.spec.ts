import { describe, expect, it } from 'vitest';
import { proposeDelimiter } from './dialect';
import { readHeader } from './header';

const propose = (lines: string[]) => proposeDelimiter(`${lines.join('\n')}\n`, true);

describe('proposeDelimiter', () => {
  it.each([
    ['commas', ['a,b', '1,2'], ','],
    ['semicolons with decimal commas', ['a;b', '1,5;2,5', '3,5;4,5'], ';'],
    ['tabs with commas in the text', ['a\tb', 'x, y\t1', 'z\t2'], '\t'],
    ['pipes', ['a|b|c', '1|2|3'], '|'],
    ['commas inside quotes', ['a;b', '"1,2,3";4', '"5,6,7";8'], ';'],
    ['a few ragged rows', ['a,b', '1,2', '1', '1,2,3', '3,4', '5,6'], ','],
    ['rows that widen', ['a,b', '1,2', ...Array.from({ length: 50 }, () => '1,2,3')], ','],
    ['one column', ['word', 'red', 'blue'], ','],
  ])('recognises %s', (_name, lines, delimiter) => {
    expect(propose(lines)).toBe(delimiter);
  });

  it('reads prose with stray commas as one column', () => {
    expect(propose(['text', 'one, two', 'three', 'four, five, six'])).not.toBe(',');
  });

  it('names a title above the header', () => {
    expect(() => propose(['My report', 'a,b', ...Array.from({ length: 20 }, () => '1,2')])).toThrow(/Line 1 has one/);
  });
});

describe('readHeader', () => {
  it('takes the first line as names where it differs from the values below', () => {
    expect(
      readHeader([
        ['a', 'b'],
        ['1', 'x'],
      ]),
    ).toEqual({ hasHeader: true, names: ['a', 'b'], warnings: [] });
  });

  it('takes numbers above numbers as values, and names the columns itself', () => {
    const header = readHeader([
      ['39', 'Private', '2024-01-01'],
      ['50', 'Public', '2024-01-02'],
    ]);
    expect(header).toMatchObject({ hasHeader: false, names: ['column_1', 'column_2', 'column_3'] });
    expect(header.warnings).toHaveLength(1);
  });

  it('takes years above numbers as names', () => {
    expect(
      readHeader([
        ['city', '2019', '2020'],
        ['Oslo', '1', '2'],
      ]).hasHeader,
    ).toBe(true);
  });

  it('makes empty and repeated names unique in any case of letters, and says so', () => {
    const { names, warnings } = readHeader([
      ['id', 'ID', '', ' x\n y ', 'id_2'],
      ['a', 'b', 'c', 'd', 'e'],
    ]);
    expect(names).toEqual(['id', 'ID_2', 'column_3', 'x y', 'id_2_2']);
    expect(warnings).toHaveLength(4);
  });

  it('refuses too many columns', () => {
    expect(() => readHeader([Array.from({ length: 2_001 }, (_, index) => `c${index}`)])).toThrow(/2001 columns/);
  });
});
