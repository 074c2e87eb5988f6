/**
 * The language of `GET /runs?query=`: `generator_loss < 1 and tag:prod`, `not (status:failed or "two words")`.
 *
 *     query      = conjunction { "or" conjunction }
 *     conjunction = negation { [ "and" ] negation }
 *     negation   = [ "not" | "-" ] ( "(" query ")" | comparison | words )
 *     comparison = field ( ":" | "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
 */
export const comparisonOperators = [':', '=', '!=', '<=', '>=', '<', '>'] as const;
export type ComparisonOperator = (typeof comparisonOperators)[number];

/** Where a part stands in the text: from `start` up to, but without, `end`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export type RunExpression = TextRange &
  (
    | { readonly kind: 'and' | 'or'; readonly parts: readonly RunExpression[] }
    | { readonly kind: 'not'; readonly part: RunExpression }
    | { readonly kind: 'words'; readonly words: string }
    | {
        readonly kind: 'comparison';
        readonly field: string;
        readonly operator: ComparisonOperator;
        readonly value: string;
        /** Where the value stands. */
        readonly at: number;
      }
  );

/** A query that cannot be read; `position` counts characters from 0. */
export class RunQueryError extends Error {
  constructor(
    readonly position: number,
    readonly reason: string,
  ) {
    super(`At character ${position + 1}: ${reason}`);
    this.name = 'RunQueryError';
  }
}

/** Deeper nesting is no query that a person wrote. */
const maxDepth = 50;

/** @returns null for a text without words. @throws RunQueryError that names the position. */
export function parseRunQuery(text: string): RunExpression | null {
  return new RunQueryParser(text).parse();
}

/** A text as one value of a query, in quotes where it needs them. */
export function quotedValue(text: string): string {
  return /^[^\s()"'\\]+$/.test(text) ? text : `"${text.replace(/["\\]/g, (character) => `\\${character}`)}"`;
}

/** The parts that all have to hold, each with its place; one for a query of a single part. */
export function conjunctsOf(expression: RunExpression | null): readonly RunExpression[] {
  if (expression === null) return [];
  return expression.kind === 'and' ? expression.parts : [expression];
}

class RunQueryParser {
  private place = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  parse(): RunExpression | null {
    this.skipSpace();
    if (this.place === this.text.length) return null;
    const expression = this.disjunction();
    if (this.place < this.text.length) throw this.error('there is no “(” that this “)” closes.');
    return expression;
  }

  private disjunction(): RunExpression {
    const parts = [this.conjunction()];
    while (this.takeKeyword('or')) parts.push(this.conjunction());
    return joined('or', parts);
  }

  private conjunction(): RunExpression {
    const parts = [this.negation()];
    for (;;) {
      if (this.takeKeyword('and')) parts.push(this.negation());
      else if (this.isAtEnd() || this.isKeyword('or')) return joined('and', parts);
      else parts.push(this.negation());
    }
  }

  private negation(): RunExpression {
    const start = this.place;
    if (++this.depth > maxDepth) throw this.error(`the query is nested more than ${maxDepth} deep.`);
    const isNegated = this.takeKeyword('not') || this.takeMinus();
    const part = isNegated ? this.negation() : this.primary();
    this.depth--;
    return isNegated ? { kind: 'not', part, start, end: part.end } : part;
  }

  private primary(): RunExpression {
    const start = this.place;
    const character = this.text[start];
    if (character === undefined) throw this.error('the query ends where a term is expected.');
    if (character === '(') return this.group(start);
    if (character === '"' || character === "'") return this.words(start, this.quoted(character));
    const [field = ''] = this.match(/[^\s()<>=!:"']+/y);
    if (field === '') throw this.error(`“${character}” stands where a term is expected, such as status:failed.`);
    if (/^(and|or)$/i.test(field)) throw this.error(`“${field}” has no term before it.`, start);
    const gapEnd = this.place;
    this.skipSpace();
    const operator = comparisonOperators.find((candidate) => this.text.startsWith(candidate, this.place));
    if (operator === undefined) {
      if (this.text[this.place] === '!') throw this.error('“!” is no operator; write != or not.');
      this.place = gapEnd;
      return this.words(start, field);
    }
    return this.comparison(start, field, operator);
  }

  private comparison(start: number, field: string, operator: ComparisonOperator): RunExpression {
    this.place += operator.length;
    this.skipSpace();
    const at = this.place;
    const character = this.text[at];
    const isQuoted = character === '"' || character === "'";
    const value = isQuoted ? this.quoted(character) : (this.match(/[^\s()"']+/y)[0] ?? '');
    if (!isQuoted && value === '') throw this.error(`${field} ${operator} needs a value behind it.`, at);
    if (!isQuoted && /^[<>=!:]/.test(value)) throw this.error(`“${value}” is no value.`, at);
    const end = this.place;
    this.skipSpace();
    return { kind: 'comparison', field, operator, value, at, start, end };
  }

  private group(start: number): RunExpression {
    this.place++;
    this.skipSpace();
    const inner = this.disjunction();
    if (this.text[this.place] !== ')') throw this.error('this “(” is not closed.', start);
    this.place++;
    const end = this.place;
    this.skipSpace();
    return { ...inner, start, end };
  }

  private quoted(quote: string): string {
    const start = this.place++;
    let value = '';
    for (; this.text[this.place] !== quote; this.place++) {
      if (this.text[this.place] === '\\') this.place++;
      if (this.place >= this.text.length) throw this.error('this quote is not closed.', start);
      value += this.text[this.place] ?? '';
    }
    this.place++;
    return value;
  }

  private words(start: number, words: string): RunExpression {
    const end = this.place;
    this.skipSpace();
    return { kind: 'words', words, start, end };
  }

  private isAtEnd(): boolean {
    return this.place >= this.text.length || this.text[this.place] === ')';
  }

  private isKeyword(keyword: string): boolean {
    return new RegExp(`^${keyword}(?=[\\s()"']|$)`, 'i').test(this.text.slice(this.place, this.place + 5));
  }

  private takeKeyword(keyword: string): boolean {
    if (!this.isKeyword(keyword)) return false;
    this.place += keyword.length;
    this.skipSpace();
    return true;
  }

  private takeMinus(): boolean {
    if (this.text[this.place] !== '-' || /[\s\d.]|^$/.test(this.text[this.place + 1] ?? '')) return false;
    this.place++;
    return true;
  }

  private match(pattern: RegExp): [string?] {
    pattern.lastIndex = this.place;
    const found = pattern.exec(this.text);
    if (!found) return [];
    this.place += found[0].length;
    return [found[0]];
  }

  private skipSpace(): void {
    this.match(/\s+/y);
  }

  private error(reason: string, position = this.place): RunQueryError {
    return new RunQueryError(position, reason);
  }
}

function joined(kind: 'and' | 'or', parts: readonly RunExpression[]): RunExpression {
  const [first] = parts;
  const last = parts.at(-1);
  if (!first || !last) throw new RangeError('a query has at least one part');
  return parts.length === 1 ? first : { kind, parts, start: first.start, end: last.end };
}
