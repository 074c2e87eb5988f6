import { describe, expect, it } from 'vitest';
import { RunQueryError, conjunctsOf, parseRunQuery, quotedValue } from './run-query-text';
import type { RunExpression } from './run-query-text';

/** The tree in one line. */
function shape(expression: RunExpression | null): string {
  if (expression === null) return 'nothing';
  if (expression.kind === 'words') return JSON.stringify(expression.words);
  if (expression.kind === 'not') return `not(${shape(expression.part)})`;
  if (expression.kind === 'comparison') return `${expression.field}${expression.operator}${expression.value}`;
  return `${expression.kind}(${expression.parts.map(shape).join(' ')})`;
}

describe('the query text of runs', () => {
  it.each([
    ['', 'nothing'],
    ['   ', 'nothing'],
    ['generator_loss < 1 and tag:prod', 'and(generator_loss<1 tag:prod)'],
    ['status:failed', 'status:failed'],
    ['config.epochs >= 100', 'config.epochs>=100'],
    ['a:1 b:2 or c:3', 'or(and(a:1 b:2) c:3)'],
    ['a:1 (b:2 or c:3)', 'and(a:1 or(b:2 c:3))'],
    ['not status:failed or -tag:x', 'or(not(status:failed) not(tag:x))'],
    ['NOT (a=1 AND b!=2)', 'not(and(a=1 b!=2))'],
    ['"two words" tag:"my \\"tag\\""', 'and("two words" tag:my "tag")'],
    ['created>2026-01-01T10:00:00Z', 'created>2026-01-01T10:00:00Z'],
    ['loss > -1.5', 'loss>-1.5'],
    ['order nothing android', 'and("order" "nothing" "android")'],
    ["name:'it is'", 'name:it is'],
  ])('%s is read as %s', (text, tree) => {
    expect(shape(parseRunQuery(text))).toBe(tree);
  });

  it.each([
    ['status:', 7, 'needs a value'],
    ['(a:1 or b:2', 0, 'not closed'],
    ['a:1)', 3, 'no “(”'],
    ['a:1 and', 7, 'ends where a term is expected'],
    ['or a:1', 0, 'no term before it'],
    ['name:"open', 5, 'quote is not closed'],
    ['< 3', 0, 'where a term is expected'],
    ['a << 3', 3, 'is no value'],
    [`${'('.repeat(80)}a${')'.repeat(80)}`, 50, 'nested'],
  ])('%s is refused at %i', (text, position, reason) => {
    const error = thrownBy(() => parseRunQuery(text));
    expect(error).toBeInstanceOf(RunQueryError);
    expect(error).toMatchObject({ position });
    expect((error as RunQueryError).reason).toContain(reason);
  });

  it('knows where each of its parts stands', () => {
    const text = 'tag:prod and (a:1 or b:2) loss < 1';
    expect(conjunctsOf(parseRunQuery(text)).map(({ start, end }) => text.slice(start, end))).toEqual([
      'tag:prod',
      '(a:1 or b:2)',
      'loss < 1',
    ]);
  });

  it.each(['prod', 'two words', 'say "hi"', 'back\\slash', "it's"])('reads %s as it was quoted', (value) => {
    expect(parseRunQuery(`tag:${quotedValue(value)}`)).toMatchObject({ value });
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
