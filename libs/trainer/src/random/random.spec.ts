import { describe, expect, it } from 'vitest';
import { mix, Random } from './random';

describe('Random', () => {
  it('gives the published numbers of xoshiro128**', () => {
    const random = new Random([1, 2, 3, 4]);
    expect([1, 2, 3, 4].map(() => random.nextUint32())).toEqual([11520, 0, 5927040, 70819200]);
  });

  it('goes on from a state that was stored', () => {
    const random = Random.of(42, 'noise', 7);
    random.nextUint32();
    const copy = new Random(random.getState());
    expect([copy.uniform(), copy.uniform()]).toEqual([random.uniform(), random.uniform()]);
  });

  it('gives another stream for another seed, label or number', () => {
    const firsts = [Random.of(1, 'a', 1), Random.of(2, 'a', 1), Random.of(1, 'b', 1), Random.of(1, 'a', 2)];
    expect(new Set(firsts.map((random) => random.nextUint32())).size).toBe(4);
    expect(Random.of(1, 'a', 1).nextUint32()).toBe(Random.of(1, 'a', 1).nextUint32());
  });

  it('fills with standard normal numbers', () => {
    const values = Random.of(3).fillNormal(new Float32Array(20_001));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const within = values.filter((value) => Math.abs(value) < 1.96).length / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.04);
    expect(Math.abs(within - 0.95)).toBeLessThan(0.01);
  });

  it('permutes without losing a number', () => {
    const order = Random.of(5).permutation(1000);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(order[0]).not.toBe(0);
  });

  it('mixes words without collisions', () => {
    expect(new Set(Array.from({ length: 50_000 }, (_, i) => mix(i))).size).toBe(50_000);
  });

  it('refuses a state that cannot move', () => {
    expect(() => new Random([0, 0, 0, 0])).toThrow(RangeError);
  });
});
