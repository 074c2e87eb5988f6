import { describe, expect, it } from 'vitest';
import { Lane } from './lane';

describe('Lane', () => {
  it('never runs more jobs at once than it is wide, and runs all of them in order', async () => {
    const lane = new Lane(2);
    const started: number[] = [];
    let running = 0;
    let most = 0;
    const jobs = Array.from({ length: 7 }, (_, index) =>
      lane.run(async () => {
        started.push(index);
        most = Math.max(most, ++running);
        await Promise.resolve();
        await Promise.resolve();
        running--;
        return index;
      }),
    );
    expect(await Promise.all(jobs)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(most).toBe(2);
  });

  it('frees its place when a job fails', async () => {
    const lane = new Lane(1);
    await expect(lane.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await lane.run(() => Promise.resolve('yes'))).toBe('yes');
  });
});
