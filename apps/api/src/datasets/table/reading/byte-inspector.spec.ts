import { describe, expect, it } from 'vitest';
import { ByteInspector } from './byte-inspector';
import { decideEncoding } from './encoding';

function inspect(content: string | Uint8Array, chunkBytes = 3) {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const inspector = new ByteInspector();
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    inspector.update(bytes.subarray(start, start + chunkBytes));
  }
  return inspector.finish();
}

describe('ByteInspector', () => {
  it('tells the kinds of line ends apart, also where a chunk ends between CR and LF', () => {
    for (const size of [1, 2, 3, 100]) {
      expect(inspect('a\r\nb\nc\rd\r\n\r', size)).toMatchObject({ crlf: 2, lf: 1, cr: 2, size_bytes: 11 });
    }
  });

  it('finds the longest line, the last one without a line end included', () => {
    expect(inspect('ab\nabcde\nabc').longest_line_bytes).toBe(5);
    expect(inspect('ab\nabcdefgh').longest_line_bytes).toBe(8);
  });

  it('counts UTF-8 characters of several bytes over chunk borders', () => {
    for (const size of [1, 2, 5]) {
      expect(inspect('ä€😀', size)).toMatchObject({ multibyte_characters: 3, invalid_utf8_bytes: 0 });
    }
  });

  it('counts bytes that are not UTF-8, and a character that the end cuts off', () => {
    expect(inspect(Buffer.from([0xe4, 0x2c, 0x62]))).toMatchObject({ multibyte_characters: 0, invalid_utf8_bytes: 1 });
    expect(inspect(Buffer.from([0x61, 0xe2, 0x82])).invalid_utf8_bytes).toBe(1);
  });

  it('knows byte order marks', () => {
    expect(inspect('\ufeffa').byte_order_mark).toBe('utf-8');
    expect(inspect(Buffer.from([0xff, 0xfe, 0x61, 0]), 1).byte_order_mark).toBe('utf-16le');
    expect(inspect(Buffer.from([0xfe, 0xff, 0, 0x61])).byte_order_mark).toBe('utf-16be');
    expect(inspect('abc').byte_order_mark).toBe('none');
  });
});

describe('decideEncoding', () => {
  it('takes text without valid characters of several bytes as Latin-1', () => {
    expect(decideEncoding(inspect(Buffer.from('Köln', 'latin1'))).encoding).toBe('latin-1');
  });

  it('keeps UTF-8 with a few broken bytes as UTF-8, so that only their rows are rejected', () => {
    const bytes = Buffer.concat([Buffer.from('ä'.repeat(20)), Buffer.from([0xeb])]);
    expect(decideEncoding(inspect(bytes)).encoding).toBe('utf-8');
  });

  it.each([
    ['nothing', '', /empty/],
    ['NUL bytes', 'a\0b', /1 NUL byte/],
    ['control characters', '\u0001\u0002\u0003 text', /not text/],
  ])('refuses %s', (_name, content, message) => {
    expect(() => decideEncoding(inspect(content))).toThrow(message);
  });
});
