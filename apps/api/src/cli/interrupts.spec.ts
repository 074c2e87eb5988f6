import { describe, expect, it } from 'vitest';
import { Interrupts } from './interrupts';

describe('interrupts', () => {
  it('ask first, and do not wait the second time', () => {
    const interrupts = new Interrupts();
    interrupts.request();
    expect([interrupts.stop.aborted, interrupts.kill.aborted]).toEqual([true, false]);
    interrupts.request();
    expect(interrupts.kill.aborted).toBe(true);
  });

  it('only ask where nobody is there to insist', () => {
    const interrupts = new Interrupts();
    interrupts.requestOnce();
    interrupts.requestOnce();
    expect([interrupts.stop.aborted, interrupts.kill.aborted]).toEqual([true, false]);
  });
});
