import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { EscapeFormulas, escapedCell } from './escape-formulas';

/** What comes out where the text comes in by pieces of so many bytes. */
async function escaped(text: string, size: number): Promise<string> {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
  const chunks = await Readable.from(pieces, { objectMode: false }).pipe(new EscapeFormulas()).toArray();
  return Buffer.concat(chunks as Buffer[]).toString();
}

describe('formulas in a CSV', () => {
  const csv = [
    'name,amount,note',
    `=HYPERLINK("http://evil"),-1.5,"=cmd|' /C calc'!A0"`,
    '@SUM(A1),+2e-3,"a, =not at the start"',
    'é=1,-,"say ""=1"""',
    '"","-7","+CMD(1,2)"',
    '-1+cmd,\tx,',
  ].join('\r\n');
  const safe = [
    'name,amount,note',
    `'=HYPERLINK("http://evil"),-1.5,"'=cmd|' /C calc'!A0"`,
    `'@SUM(A1),+2e-3,"a, =not at the start"`,
    `é=1,'-,"say ""=1"""`,
    `"","-7","'+CMD(1,2)"`,
    `'-1+cmd,'\tx,`,
  ].join('\r\n');

  it.each([1, 3, 7, 1_000])('begin with an apostrophe, and all else stays, in pieces of %i bytes', async (size) => {
    expect(await escaped(csv, size)).toBe(safe);
  });

  it('are found at the very end, and in cells of any length', async () => {
    expect(await escaped('a\n=1+1', 2)).toBe(`a\n'=1+1`);
    const long = `=${'x'.repeat(100_000)}`;
    expect(await escaped(`1,${long}\n2,-3`, 4_096)).toBe(`1,'${long}\n2,-3`);
  });

  it.each(['-1', '+.5', '-2.', '1e5', '-1E+300', 'plain', ''])('leave %j alone', (text) => {
    expect(escapedCell(text)).toBe(text);
  });
});
