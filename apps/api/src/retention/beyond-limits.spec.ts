import { describe, expect, it } from 'vitest';
import { beyondLimits } from './beyond-limits';

const now = new Date('2026-11-23T00:00:00.000Z');
const none = { maxAgeMs: undefined, maxCount: undefined, maxBytes: undefined };
const dayMs = 86_400_000;

/** One a day, the newest first, of 10 bytes each. */
const items = Array.from({ length: 5 }, (_, day) => ({
  day,
  createdAt: new Date(now.getTime() - day * dayMs),
  sizeBytes: 10,
}));
const reasonsOf = (limits: Partial<typeof none> | Record<string, number>) =>
  Object.fromEntries(beyondLimits(items, { ...none, ...limits }, now).map(({ item, reason }) => [item.day, reason]));

describe('beyondLimits', () => {
  it('keeps everything where there is no limit', () => {
    expect(reasonsOf({})).toEqual({});
  });

  it('removes what is older, beyond the number, or beyond the size, the oldest of it', () => {
    expect(reasonsOf({ maxAgeMs: 2 * dayMs })).toEqual({ 3: 'age', 4: 'age' });
    expect(reasonsOf({ maxCount: 3 })).toEqual({ 3: 'count', 4: 'count' });
    expect(reasonsOf({ maxBytes: 35 })).toEqual({ 3: 'bytes', 4: 'bytes' });
    expect(reasonsOf({ maxCount: 0 })).toEqual({ 0: 'count', 1: 'count', 2: 'count', 3: 'count', 4: 'count' });
  });

  it('does not count towards one limit what another one removes', () => {
    expect(reasonsOf({ maxAgeMs: 2 * dayMs, maxCount: 3, maxBytes: 30 })).toEqual({ 3: 'age', 4: 'age' });
    const large = { day: 9, createdAt: now, sizeBytes: 1_000 };
    expect(beyondLimits([large, ...items], { ...none, maxBytes: 50 }, now).map(({ item }) => item.day)).toEqual([9]);
  });
});
