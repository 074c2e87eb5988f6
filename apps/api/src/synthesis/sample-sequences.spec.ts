import { sampleCreateSchema } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { rowsOf } from './sample-sequences';

const run = { model: 'doppelganger', config: { sequence_length: 24 } };
const asked = (body: object) => rowsOf(run, sampleCreateSchema.parse(body));

describe('the rows of a sample of sequences', () => {
  it('are those of its sequences where it names their number', () => {
    expect(asked({ sequences: { count: 10 } })).toBe(240);
    expect(asked({ sequences: { count: 10, length: 5 }, rows: 7 })).toBe(50);
  });

  it('are those that were asked for where it does not', () => {
    expect(asked({ rows: 100, sequences: { start: { time: '2024-01-02' } } })).toBe(100);
    expect(rowsOf({ model: 'ctgan', config: {} }, sampleCreateSchema.parse({ rows: 3 }))).toBe(3);
  });

  it('are refused for models of single rows, with conditions, and beyond ten million', () => {
    const sequences = sampleCreateSchema.parse({ sequences: { count: 1 } });
    expect(() => rowsOf({ model: 'ctgan', config: {} }, sequences)).toThrow(/ctgan makes single rows/);
    expect(() => asked({ conditions: [{ column: 'side', equals: 'buy' }] })).toThrow(/cannot be picked one by one/);
    expect(() => asked({ sequences: { count: 1_000_000 } })).toThrow(/24,000,000 rows; ask for at most 10,000,000/);
  });
});
