import { describe, expect, it } from 'vitest';
import { slotsOf } from './slots';

const gib = 1024 ** 3;
const settings = {
  role: 'all',
  maxConcurrentRuns: undefined,
  workerCoresPerRun: 1,
  workerMemoryPerRunMb: 1024,
} as const;

describe('slotsOf', () => {
  it('takes as many runs as have their cores', () => {
    expect(slotsOf({ cores: 4, memoryBytes: 64 * gib }, settings)).toBe(4);
    expect(slotsOf({ cores: 4, memoryBytes: 64 * gib }, { ...settings, workerCoresPerRun: 1.5 })).toBe(2);
  });

  it('takes no more runs than have their memory', () => {
    expect(slotsOf({ cores: 16, memoryBytes: 3.9 * gib }, settings)).toBe(3);
  });

  it('takes one run on the smallest machine', () => {
    expect(slotsOf({ cores: 1, memoryBytes: 0.5 * gib }, { ...settings, workerCoresPerRun: 4 })).toBe(1);
  });

  it('does as MAX_CONCURRENT_RUNS says, but trains nothing in a web process', () => {
    const asked = { ...settings, maxConcurrentRuns: 7 };
    expect(slotsOf({ cores: 1, memoryBytes: gib }, asked)).toBe(7);
    expect(slotsOf({ cores: 8, memoryBytes: 64 * gib }, { ...asked, role: 'web' })).toBe(0);
  });
});
