import { describe, expect, it } from 'vitest';
import { Random } from '../random/random';
import { encodedSides } from '../testing/gan-plans';
import { conditionsOf, conditionWidth, samplingConditions, TrainingConditions } from './conditions';
import { denseConditions, denseRows } from './dense-rows';

const draws = 20_000;

function shares(places: Int32Array, from: number, width: number): number[] {
  const counts = Array.from({ length: width }, (_, slot) => places.filter((place) => place === from + slot).length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}

describe('conditions', () => {
  it('draw rows that meet them, whichever column they are about', async () => {
    const { rows, sparse } = await encodedSides(500);
    const conditions = conditionsOf(sparse.layout);
    expect(conditions).toHaveLength(3);
    const batch = new TrainingConditions(rows, sparse.layout).draw(300, Random.of(1));
    const dense = denseRows(sparse.layout, rows, batch.rows);
    const seen = new Set<number>();
    batch.places.forEach((place, i) => {
      const index = conditions.findIndex(({ start, width }) => place >= start && place < start + width);
      const condition = conditions[index];
      if (!condition) throw new Error(`place ${place} is beyond the condition vector`);
      seen.add(index);
      expect(dense[i * sparse.layout.width + condition.rowStart + place - condition.start]).toBe(1);
    });
    expect(seen.size).toBe(3);
  });

  it('come in training by the logarithm of their counts, and never without a row', async () => {
    const { rows, sparse } = await encodedSides(500);
    const [side] = conditionsOf(sparse.layout);
    if (!side) throw new Error('the side is a condition');
    const { places } = new TrainingConditions(rows, sparse.layout).draw(draws, Random.of(2));
    const logs = (sparse.slotCounts[side.choice] ?? []).map((count) => Math.log(count + 1));
    const total = logs.reduce((sum, log) => sum + log, 0);
    shares(places, side.start, side.width).forEach((share, slot) => {
      expect(Math.abs(share - (logs[slot] ?? 0) / total)).toBeLessThan(0.03);
    });
  });

  it('come in sampling by their true counts', async () => {
    const { sparse } = await encodedSides(500);
    const places = samplingConditions(sparse.layout, sparse.slotCounts)(draws, Random.of(3));
    for (const { choice, start, width } of conditionsOf(sparse.layout)) {
      shares(places, start, width).forEach((share, slot) => {
        expect(Math.abs(share - (sparse.slotCounts[choice]?.[slot] ?? 0) / 500)).toBeLessThan(0.03);
      });
    }
  });

  it('leave modes out where only categories are asked for, and are none in a layout without', async () => {
    const { rows, sparse } = await encodedSides(200, false);
    expect(sparse.layout.conditions).toHaveLength(1);
    expect(conditionWidth(sparse.layout)).toBe(3);
    const none = { ...sparse.layout, conditions: [] };
    const batch = new TrainingConditions(rows, none).draw(1000, Random.of(4));
    expect(batch.places.every((place) => place === -1)).toBe(true);
    expect(new Set(batch.rows).size).toBeGreaterThan(150);
    expect(samplingConditions(none, sparse.slotCounts)(5, Random.of(5))).toEqual(new Int32Array(5).fill(-1));
  });

  it('are one-hot in full, or all zero', () => {
    expect([...denseConditions(Int32Array.of(1, -1), 3)]).toEqual([0, 1, 0, 0, 0, 0]);
  });
});
