import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { cellSchema, idSchema, pageQuerySchema, pageSchema, problemSchema, timestampSchema } from './common';

describe('timestampSchema', () => {
  it('takes what Date writes, and nothing that other clocks write', () => {
    expect(timestampSchema.safeParse(new Date().toISOString()).success).toBe(true);
    for (const text of ['2026-11-23', '2026-11-23T10:00:00Z', '2026-11-23 10:00:00.000Z', '2026-13-01T00:00:00.000Z']) {
      expect(timestampSchema.safeParse(text).success, text).toBe(false);
    }
  });
});

describe('idSchema', () => {
  it('takes UUIDs only', () => {
    expect(idSchema.safeParse('11111111-1111-4111-8111-111111111111').success).toBe(true);
    for (const text of ['1', '', '11111111-1111-4111-8111-11111111111', '../../etc/passwd']) {
      expect(idSchema.safeParse(text).success, text).toBe(false);
    }
  });
});

describe('pageSchema', () => {
  const schema = pageSchema(z.object({ n: z.int() }), 'TestPage');

  it('holds items, and a cursor that is null on the last page but never absent', () => {
    expect(schema.parse({ items: [{ n: 1 }], next_cursor: 'abc' })).toEqual({ items: [{ n: 1 }], next_cursor: 'abc' });
    expect(schema.safeParse({ items: [], next_cursor: null }).success).toBe(true);
    expect(schema.safeParse({ items: [] }).success).toBe(false);
    expect(schema.safeParse({ items: [{ n: 'one' }], next_cursor: null }).success).toBe(false);
  });
});

describe('pageQuerySchema', () => {
  it('reads the texts of a URL and fills in the default', () => {
    expect(pageQuerySchema.parse({})).toEqual({ limit: 50 });
    expect(pageQuerySchema.parse({ limit: '500', cursor: 'abc' })).toEqual({ limit: 500, cursor: 'abc' });
  });

  it.each(['0', '501', '1.5', 'all', '-1', ''])('refuses a limit of %j', (limit) => {
    expect(pageQuerySchema.safeParse({ limit }).success).toBe(false);
  });
});

describe('problemSchema', () => {
  it('takes RFC 9457 with and without the named fields', () => {
    const problem = { type: 'about:blank', title: 'Not Found', status: 404 };
    expect(problemSchema.parse(problem)).toEqual(problem);
    const errors = [{ path: 'config.epochs', message: 'at least 1' }];
    expect(problemSchema.parse({ ...problem, detail: 'No such run.', errors })).toHaveProperty('errors', errors);
    expect(problemSchema.safeParse({ message: 'not found' }).success).toBe(false);
  });
});

describe('cellSchema', () => {
  it.each(['text', '', 1.5, 0, true, false, null])('takes %j', (cell) => expect(cellSchema.parse(cell)).toBe(cell));
  it.each([undefined, NaN, { value: 1 }, [1]])('refuses %j', (cell) =>
    expect(cellSchema.safeParse(cell).success).toBe(false),
  );
});
