import { describe, expect, it } from 'vitest';
import { foldCase, longestAscii } from './letter-case';

describe('foldCase', () => {
  it.each([
    ['Loss IS Nan', 'loss is nan'],
    ['ÉPOQUE Σ', 'époque σ'],
    ['ΑΣ', 'ασ'],
    // Their lower case would be a letter of ASCII, with or without something behind it.
    ['\u212a İ', '\u212a İ'],
    ['🙂 Done', '🙂 done'],
  ])('puts %s in lower case', (text, folded) => expect(foldCase(text)).toBe(folded));
});

describe('longestAscii', () => {
  it.each([
    ['époque 12', 'poque 12'],
    ['é', ''],
    ['abc', 'abc'],
  ])('finds in %s the part %j', (text, part) => expect(longestAscii(text)).toBe(part));
});
