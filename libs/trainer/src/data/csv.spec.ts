import { describe, expect, it } from 'vitest';
import { column } from '../testing/tables';
import { cellText, csvLine } from './csv';
import { datetimeWriter } from './datetime-format';

describe('CSV', () => {
  it('quotes what RFC 4180 asks for and keeps empty text apart from missing', () => {
    expect(csvLine(['plain', ' a', 'x,y', 'say "hi"', 'two\nlines', '', null])).toBe(
      'plain, a,"x,y","say ""hi""","two\nlines","",\r\n',
    );
  });

  it('writes numbers without exponents or made-up digits', () => {
    const price = column({ name: 'p', type: 'number', role: 'numeric', decimals: 9 });
    expect([0.1, 99.9004, 1e-7, 1.5e-7, 1e21, -3].map((value) => cellText(value, price))).toEqual([
      '0.1',
      '99.9004',
      '0.0000001',
      '0.00000015',
      '1000000000000000000000',
      '-3',
    ]);
    expect(cellText(true, price)).toBe('true');
    expect(cellText(null, price)).toBeNull();
  });
});

describe('time formats', () => {
  const time = Date.UTC(2024, 2, 5, 15, 4, 9, 42);
  it.each([
    ['%Y-%m-%d %H:%M:%S.%g', '2024-03-05 15:04:09.042'],
    ['%d.%m.%y', '05.03.24'],
    ['%-d %B %Y, %-I:%M %p', '5 March 2024, 3:04 PM'],
    ['%a %b %j %f 100%%', 'Tue Mar 065 042000 100%'],
    ['%Y-%m-%dT%H:%M:%S%z', '2024-03-05T15:04:09+00:00'],
  ])('writes %s', (pattern, text) => {
    expect(datetimeWriter(pattern)(time)).toBe(text);
  });

  it('names a directive that it does not know', () => {
    expect(() => datetimeWriter('%Y %Q')).toThrow('%Q');
  });
});
