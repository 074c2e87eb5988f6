import { describe, expect, it } from 'vitest';
import { ProblemException } from '../../platform/http/problem';
import { queryCondition } from './run-condition';
import { orderBy } from './run-fields';
import { SqlParameters } from './sql-parameters';

function read(text: string) {
  const parameters = new SqlParameters();
  return { sql: queryCondition(text, parameters), values: parameters.values };
}

describe('the condition of a query text', () => {
  it('lets nothing that was typed into the statement', () => {
    const hostile = `x'); DROP TABLE run; --`;
    for (const text of [
      `name:"${hostile}"`,
      `config.${hostile.replace(/[\s()'=]/g, '')}:1`,
      `"${hostile}"`,
      `tag:"${hostile}"`,
      `DROP;TABLE < 1`,
    ]) {
      const { sql, values } = read(text);
      expect(sql).not.toContain('DROP');
      expect(JSON.stringify(values)).toContain('DROP');
    }
    const parameters = new SqlParameters();
    expect(orderBy(`config.x';DROP`, 'asc', parameters)).not.toContain('DROP');
    expect(parameters.values).toContain(`x';DROP`);
  });

  it.each([
    ['status:broken', 8, 'there is no status “broken”'],
    ['tag:a epoch > many', 15, 'compared with a number'],
    ['generator_loss:low', 16, 'compared with a number'],
    ['created > yesterday', 11, 'takes a time'],
    ['model < ctgan', 9, 'is no number'],
    ['status:', 8, 'needs a value'],
  ])('%s is refused at character %i', (text, character, reason) => {
    const error = refusalOf(text);
    expect(error.getStatus()).toBe(400);
    expect(error.message).toContain(`At character ${character}: `);
    expect(error.message).toContain(reason);
  });

  it('is true for an empty text', () => {
    expect(read('  ')).toEqual({ sql: 'TRUE', values: [] });
  });
});

function refusalOf(text: string): ProblemException {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ProblemException) return error;
    throw error;
  }
  throw new Error(`${text} was not refused`);
}
