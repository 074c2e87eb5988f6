import { describe, expect, it, vi } from 'vitest';
import { moduleOf, reasonAgainstJoining } from './builds';
import type { MemoryKind } from './builds';
import { FusedGan } from './fused-gan';
import { chooseLanes } from './lanes';
import { clock, randomRows, smallClassifiers, smallSettings, smallShape } from './testing/cases';

const kinds: readonly MemoryKind[] = ['single', 'shared'];

/** A clock on which each interval is longer than the one before: whatever is timed first wins. */
function slowingClock() {
  let now = 0;
  let interval = 1;
  return { now: () => (now += interval *= 1.01) };
}

describe('the lanes of the fused engine', () => {
  it.each(kinds)('are 8 where joined vectors are as fast and give the same, %s memory', (kind) => {
    const choice = chooseLanes(kind, clock);
    expect(choice.lanes === 8).toBe(choice.reason === undefined);
    expect(choice.reason ?? '').not.toContain('in a check');
    expect(chooseLanes(kind, clock)).toBe(choice);
  });

  it('are 4 where joined vectors are slower, with the reason', async () => {
    vi.resetModules();
    const fresh = (await import('./lanes')).chooseLanes;
    const { lanes, reason } = fresh('single', slowingClock());
    expect(lanes).toBe(4);
    expect(reason).toMatch(reasonAgainstJoining() ? /vectors/ : /^a product takes .* ms with joined vectors/);
  });

  it('have a module of their own each, compiled once', () => {
    for (const kind of kinds) {
      expect(moduleOf(kind, 8)).not.toBe(moduleOf(kind, 4));
      expect(moduleOf(kind, 8)).toBe(moduleOf(kind, 8));
    }
  });

  it.each([1, 2])('do not change a bit of what is learned, %d threads', async (threads) => {
    const shape = smallShape({ classifier: smallClassifiers['number and choice'], criticLayers: [70, 40] });
    const settings = smallSettings({ batchSize: 120, featureMatchWeight: 0.5 });
    const rows = randomRows(shape.layout, 60);
    const [four, eight] = ([4, 8] as const).map((lanes) => {
      return new FusedGan(shape, settings, rows, { threads, seed: 3, clock, lanes });
    }) as [FusedGan, FusedGan];
    try {
      await Promise.all([four.ready(), eight.ready()]);
      for (const gan of [four, eight]) {
        for (let step = 0; step < 12; step++) gan.step({ step, generatorRate: 1e-3, criticRate: 2e-3 });
      }
      expect(eight.getState()).toEqual(four.getState());
    } finally {
      await Promise.all([four.dispose(), eight.dispose()]);
    }
  });
});
