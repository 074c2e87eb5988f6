import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TerminalLines } from './terminal-lines';
import type { TerminalLine } from './terminal-lines';

function read(chunks: readonly (string | Buffer)[], longest = 8_192): TerminalLine[] {
  const lines: TerminalLine[] = [];
  const reader = new TerminalLines(longest, (line) => lines.push(line));
  for (const chunk of chunks) reader.write(Buffer.from(chunk as string));
  reader.end();
  return lines;
}

const kept = (lines: TerminalLine[]) => lines.filter(({ isRewritten }) => !isRewritten).map(({ text }) => text);

describe('TerminalLines', () => {
  it('cuts at line ends of every kind, and leaves empty lines out', () => {
    expect(kept(read(['a\nb\r\nc\r\r\n\n  \nd']))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('marks what was written over', () => {
    expect(read(['\r 10%|#  |', '\r 50%|## |', '\r100%|###|\nnext\n'])).toEqual([
      { text: ' 10%|#  |', isRewritten: true },
      { text: ' 50%|## |', isRewritten: true },
      { text: '100%|###|', isRewritten: false },
      { text: 'next', isRewritten: false },
    ]);
  });

  it('keeps the last state of a bar that ends with a carriage return, or in the middle', () => {
    expect(read(['10%\r20%\r'])).toEqual([
      { text: '10%', isRewritten: true },
      { text: '20%', isRewritten: false },
    ]);
    expect(kept(read(['10%\b\b\b\b20%']))).toEqual(['20%']);
  });

  it('leaves colours and cursor movements out', () => {
    expect(kept(read(['\x1b[1;32mEpoch 3\x1b[0m\x1b[K\n', '\x1b]0;title\x07loss\x1b[2D: 1\n']))).toEqual([
      'Epoch 3',
      'loss: 1',
    ]);
  });

  it('cuts a long line and says so; a line without an end does not grow for ever', () => {
    expect(kept(read(['x'.repeat(50) + '\n'], 10))).toEqual(['xxxxxxxxxx … (50 characters, cut)']);
    expect(kept(read([...Array.from({ length: 12 }, () => 'y'.repeat(100))], 10))).toHaveLength(2);
  });

  it('puts characters together that a chunk cut in two, and bears what is no text', () => {
    const bytes = Buffer.from('Verlust: 1 €\n');
    expect(kept(read([bytes.subarray(0, 12), bytes.subarray(12)]))).toEqual(['Verlust: 1 €']);
    expect(kept(read([Buffer.from([0x61, 0, 0xff, 0x0a])]))).toEqual(['a\ufffd']);
  });

  it('finds the same lines however the output is cut into chunks', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '7', '%', '\r', '\n', '€', ' '), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(60), { maxLength: 6 }), (whole, cuts) => {
        const bytes = Buffer.from(whole);
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        expect(read(chunks)).toEqual(read([bytes]));
      }),
    );
  });
});
