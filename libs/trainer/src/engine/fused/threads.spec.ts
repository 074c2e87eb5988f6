import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Control } from '../../../assembly/layout';
import { FusedGan } from './fused-gan';
import type { FusedGanOptions } from './fused-gan';
import { reasonAgainstWebAssembly } from './runtime';
import type { StartThread } from './runtime';
import { clock, randomRows, smallSettings, smallShape } from './testing/cases';

const gans: FusedGan[] = [];

function createGan(options: Partial<FusedGanOptions>): FusedGan {
  const shape = smallShape();
  const settings = smallSettings({ batchSize: 100 });
  const rows = randomRows(shape.layout, 60);
  const gan = new FusedGan(shape, settings, rows, { threads: 1, seed: 3, clock, ...options });
  gans.push(gan);
  return gan;
}

function train(gan: FusedGan, from: number, to: number) {
  for (let step = from; step < to; step++) gan.step({ step, generatorRate: 1e-3, criticRate: 1e-3 });
}

/** A helper that says it is ready whenever `lose` is called, and never comes to a barrier. */
function lostThread() {
  let raise: (() => void) | undefined;
  const startThread: StartThread = (_module, memory, thread) => {
    const words = new Int32Array(memory.buffer);
    raise = () => Atomics.store(words, (Control.Ready >> 2) + thread, 1);
    return { onEnd: () => undefined, end: () => Promise.resolve() };
  };
  return { startThread, lose: () => raise?.() };
}

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await Promise.all(gans.splice(0).map((gan) => gan.dispose()));
});

describe('the threads of a fused GAN', () => {
  it('can run here', () => {
    expect(reasonAgainstWebAssembly()).toBeUndefined();
  });

  it('are one where memory cannot be shared', () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    const gan = createGan({ threads: 2 });
    train(gan, 0, 1);
    expect(gan.threads).toBe(1);
    expect(gan.fallbacks).toEqual(['one thread: this process has no SharedArrayBuffer']);
  });

  it('leave the work to another engine where WebAssembly has no vectors', () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    expect(reasonAgainstWebAssembly()).toBe('WebAssembly has no SIMD here');
    expect(() => createGan({})).toThrow('WebAssembly has no SIMD here');
  });

  it('are waited for only so long: one thread then repeats what was lost, with the same result', () => {
    const { startThread, lose } = lostThread();
    const gan = createGan({ threads: 2, startThread, deadlineMs: 100, stepsPerSnapshot: 5 });
    train(gan, 0, 8);
    expect(gan.fallbacks).toEqual([]);
    lose();
    train(gan, 8, 12);
    expect(gan.fallbacks).toEqual(['one thread: the threads of a training step did not meet within 0.1 s']);
    expect(gan.threads).toBe(1);
    const other = createGan({});
    train(other, 0, 12);
    expect(gan.getState()).toEqual(other.getState());
  });

  it('may get lost in sampling, too', () => {
    const { startThread, lose } = lostThread();
    const gan = createGan({ threads: 2, startThread, deadlineMs: 100 });
    train(gan, 0, 3);
    lose();
    const rows = gan.sample(10, { seed: 1 });
    const other = createGan({});
    train(other, 0, 3);
    expect(rows).toEqual(other.sample(10, { seed: 1 }));
  });

  it('may not start: the rest computes, and says why', async () => {
    const startThread: StartThread = (_module, _memory, thread) => {
      if (thread === 1) throw new Error('no more threads');
      return {
        onEnd: (listener) => setImmediate(() => listener('it ended with code 1')),
        end: () => Promise.resolve(),
      };
    };
    const gan = createGan({ threads: 3, startThread });
    await gan.ready();
    train(gan, 0, 2);
    expect(gan.threads).toBe(1);
    expect(gan.fallbacks).toEqual([
      'thread 1 did not start: no more threads',
      'thread 2 is gone: it ended with code 1',
    ]);
  });

  it('join as soon as they have started, with no change of the result', async () => {
    const gan = createGan({ threads: 2 });
    train(gan, 0, 3);
    await gan.ready();
    expect(gan.threads).toBe(2);
    train(gan, 3, 6);
    const other = createGan({});
    train(other, 0, 6);
    expect(gan.getState()).toEqual(other.getState());
  });

  it('end with it', async () => {
    const gan = createGan({ threads: 3 });
    await gan.ready();
    train(gan, 0, 2);
    await gan.dispose();
    expect(() => train(gan, 2, 3)).toThrow('the engine was disposed of');
  });

  it('keep together on a machine that is busy with other work', async () => {
    const busy = Array.from({ length: 4 }, () => new Worker('for (let i = 0; ; i++) Math.sqrt(i);', { eval: true }));
    try {
      const gan = createGan({ threads: 3 });
      await gan.ready();
      train(gan, 0, 60);
      const other = createGan({});
      train(other, 0, 60);
      expect(gan.fallbacks).toEqual([]);
      expect(gan.getState()).toEqual(other.getState());
    } finally {
      await Promise.all(busy.map((worker) => worker.terminate()));
    }
  }, 30_000);
});
