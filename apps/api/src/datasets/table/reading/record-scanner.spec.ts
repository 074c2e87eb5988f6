import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordScanner } from './record-scanner';
import { parseRecords } from './records';

const comma = { delimiter: ',', quote: '"' };

function scan(text: string, columns: number, dialect = comma, chunkBytes = 2) {
  const scanner = new RecordScanner(dialect, columns);
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    scanner.update(bytes.subarray(start, start + chunkBytes));
  }
  return scanner.finish();
}

function cell(value: string): string {
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

describe('RecordScanner', () => {
  it('counts quoted line ends as data', () => {
    expect(scan('a,b\n1,"x\ny"\n2,"he ""said"""\n', 2)).toMatchObject({ records: 3, ragged: 0, strayQuotes: 0 });
  });

  it('counts the last record without a line end, and CRLF as one', () => {
    expect(scan('a,b\r\n1,2\r\n3,4', 2)).toMatchObject({ records: 3, ragged: 0, blankLines: 0 });
  });

  it('counts blank lines as rows only in a table of one column', () => {
    expect(scan('a,b\n\n1,2\n', 2)).toMatchObject({ records: 2, blankLines: 1 });
    expect(scan('a\n\n1\n', 1)).toMatchObject({ records: 3, blankLines: 0 });
  });

  it('sees ragged records, text after a closing quote and a quote that stays open', () => {
    expect(scan('a,b\n1\n1,2,3\n', 2)).toMatchObject({ records: 3, ragged: 2 });
    expect(scan('a,b\n"x"y,2\n', 2).strayQuotes).toBe(1);
    expect(scan('a,b\n"x,2\n3,4\n', 2)).toMatchObject({ records: 2, hasOpenQuote: true });
    expect(scan('a,b\n5" pipe,2\n', 2)).toMatchObject({ records: 2, ragged: 0, hasOpenQuote: false });
  });

  it('agrees with a parser on any well-formed table', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ä', ' ', ',', '"', '\n', '\r', ';'), maxLength: 6 });
    const rows = fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 7 }), (table, lineEnd, chunk) => {
        const csv = table.map((row) => row.map(cell).join(',') + lineEnd).join('');
        const parsed = parseRecords(csv, comma, { limit: 100, isWholeFile: true });
        expect(parsed).toEqual(table);
        expect(scan(csv, 2, comma, chunk)).toEqual({
          records: table.length,
          ragged: 0,
          blankLines: 0,
          strayQuotes: 0,
          hasOpenQuote: false,
        });
      }),
    );
  });
});
