import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOf, safeFileName } from './file-name';

describe('safeFileName', () => {
  it.each([
    ['table.csv', 'table.csv'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\data\\table.csv', 'table.csv'],
    ['a\u0000b\nc.csv', 'abc.csv'],
    ['\u202egnp.csv', 'gnp.csv'],
    ['.htaccess', 'htaccess'],
    ['..', 'upload.csv'],
    ['', 'upload.csv'],
    [undefined, 'upload.csv'],
    ['Zinssätze 2024.csv', 'Zinssätze 2024.csv'],
  ])('makes %j into %j', (given, expected) => {
    expect(safeFileName(given)).toBe(expected);
  });

  it('cuts a long name and keeps its extension', () => {
    const name = safeFileName(`${'x'.repeat(500)}.csv`);
    expect(name).toHaveLength(200);
    expect(name.endsWith('.csv')).toBe(true);
  });

  it('never gives a path, a control character or an empty name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
        const name = safeFileName(given);
        expect(name).not.toMatch(/[\\/\p{Cc}]/u);
        expect(name.length).toBeGreaterThan(0);
        expect(name.length).toBeLessThanOrEqual(200);
        expect(name.startsWith('.')).toBe(false);
      }),
    );
  });
});

describe('nameOf', () => {
  it('leaves out the extension', () => {
    expect(nameOf('prices.CSV')).toBe('prices');
    expect(nameOf('.csv')).toBe('.csv');
  });
});
