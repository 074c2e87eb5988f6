import { Worker } from 'node:worker_threads';
import { Control, Instruction, Limit } from '../../../assembly/layout';
import type { Parameter } from '../../../assembly/layout';
import type { PlacedProgram } from './program';
import { binaryOf, moduleOf } from './builds';
import type { Lanes } from './builds';

/** Milliseconds from any fixed moment on; what deadlines and durations are measured with. */
export interface Clock {
  now(): number;
}

/** One helping thread. */
export interface HelperThread {
  /** Calls back once, when the thread has ended or could not start. */
  onEnd(listener: (reason: string) => void): void;
  end(): Promise<unknown>;
}

export type StartThread = (module: WebAssembly.Module, memory: WebAssembly.Memory, thread: number) => HelperThread;

export interface RuntimeOptions {
  /** Threads to compute on, with the one that calls. */
  threads: number;
  clock: Clock;
  /** How long a program may wait for its threads until it is given up. */
  deadlineMs: number;
  /** Numbers in one register; 4 where nothing is said. `chooseLanes` finds out what this machine has. */
  lanes?: Lanes;
  /** How helpers are started, for tests. */
  startThread?: StartThread;
}

/** A program did not end in time: its threads lost each other, or the machine stood still. */
export class StalledProgramError extends Error {
  constructor(deadlineMs: number) {
    super(`the threads of a training step did not meet within ${deadlineMs / 1000} s`);
    this.name = 'StalledProgramError';
  }
}

interface Exports {
  run(thread: number): number;
  philoxAt(address: number): void;
}

const pageBytes = 65_536;
/** How long the calling thread sleeps at a barrier before it looks again. */
const waitMs = 50;

/** Why the module cannot run here at all, or undefined. */
export function reasonAgainstWebAssembly(): string | undefined {
  if (typeof WebAssembly === 'undefined') return 'WebAssembly is not available';
  if (!WebAssembly.validate(binaryOf('single'))) return 'WebAssembly has no SIMD here';
  return undefined;
}

/** The life of a helper. The same code as text, so that no bundler has to find a file for it. */
const helperSource = `
const { workerData: { module, memory, thread, abort } } = require('node:worker_threads');
const words = new Int32Array(memory.buffer);
const wait = (address, expected) => {
  Atomics.wait(words, address >> 2, expected, 1000);
  return Atomics.load(words, abort >> 2);
};
new WebAssembly.Instance(module, { env: { memory }, host: { wait } }).exports.serve(thread);
`;

const startWorker: StartThread = (module, memory, thread) => {
  const workerData = { module, memory, thread, abort: Control.Abort };
  const worker = new Worker(helperSource, { eval: true, execArgv: [], workerData });
  worker.unref();
  return {
    onEnd(listener) {
      worker.once('error', (error) => listener(error instanceof Error ? error.message : String(error)));
      worker.once('exit', (code) => listener(`it ended with code ${code}`));
    },
    end: () => worker.terminate(),
  };
};

/**
 * The module's memory, and the threads on it. Programs run on the calling thread at once, and on each helper as soon as
 * it has started: results do not depend on how many take part.
 */
export class Runtime {
  readonly memory: WebAssembly.Memory;
  readonly words: Int32Array;
  private readonly floats: Float32Array;
  /** Why fewer threads compute than were asked for. */
  readonly fallbacks: string[] = [];
  private readonly exports: Exports;
  private readonly helpers = new Map<number, HelperThread>();
  private readonly starting = new Set<number>();
  private waiting: (() => void)[] = [];
  private deadline = 0;
  private waits = 0;
  private isDisposed = false;

  constructor(
    bytes: number,
    private readonly options: RuntimeOptions,
  ) {
    const pages = Math.ceil(bytes / pageBytes);
    const isShared = options.threads > 1 && this.canShare();
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: isShared });
    this.words = new Int32Array(this.memory.buffer);
    this.floats = new Float32Array(this.memory.buffer);
    const lanes = options.lanes ?? 4;
    const module = moduleOf(isShared ? 'shared' : 'single', lanes);
    const host = { wait: (address: number, expected: number) => this.waitInMain(address, expected) };
    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory }, host });
    this.words[Control.IsWide >> 2] = Number(lanes === 8);
    this.exports = instance.exports as unknown as Exports;
    if (isShared) this.startHelpers(module);
  }

  /** Threads that the next program runs on. */
  get threads(): number {
    return 1 + this.readyHelpers().length;
  }

  /** Resolves once each helper has started or failed to. */
  ready(): Promise<void> {
    if (this.helpersMissing() === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.watchStart();
    });
  }

  floatsAt(address: number, count: number): Float32Array {
    return this.floats.subarray(address >> 2, (address >> 2) + count);
  }

  integersAt(address: number, count: number): Int32Array {
    return this.words.subarray(address >> 2, (address >> 2) + count);
  }

  setParameter(parameter: Parameter, value: number): void {
    this.words[(Control.Parameters + parameter) >> 2] = value;
  }

  setFloatParameter(parameter: Parameter, value: number): void {
    this.floats[(Control.Parameters + parameter) >> 2] = value;
  }

  /** Writes a program to the place that was kept for it. */
  load({ address, words }: PlacedProgram): void {
    this.words.set(words, address >> 2);
  }

  /** @throws StalledProgramError after which nothing can be run here any more */
  run({ address, length }: PlacedProgram): void {
    if (this.isDisposed) throw new Error('the engine was disposed of');
    const { words } = this;
    for (let i = 0; i < length; i++) words[(Control.Counters + i * Instruction.Bytes) >> 2] = 0;
    const helpers = this.readyHelpers();
    words[Control.Program >> 2] = address;
    words[Control.ProgramLength >> 2] = length;
    words[Control.ParticipantCount >> 2] = 1 + helpers.length;
    if (helpers.length > 0) {
      this.deadline = this.options.clock.now() + this.options.deadlineMs;
      this.waits = 0;
      const launch = Atomics.load(words, Control.Launch >> 2) + 1;
      for (const thread of helpers) Atomics.compareExchange(words, (Control.Joined >> 2) + thread, 0, launch);
      Atomics.store(words, Control.Launch >> 2, launch);
      Atomics.notify(words, Control.Launch >> 2);
    }
    if (!this.exports.run(0)) {
      void this.dispose();
      throw new StalledProgramError(this.options.deadlineMs);
    }
  }

  /** Philox of the words at `address`, for its test. */
  philoxAt(address: number): void {
    this.exports.philoxAt(address);
  }

  /** Ends the helpers. Resolves once they are gone. */
  async dispose(): Promise<void> {
    this.isDisposed = true;
    Atomics.store(this.words, Control.Quit >> 2, 1);
    Atomics.store(this.words, Control.Abort >> 2, 1);
    Atomics.add(this.words, Control.Launch >> 2, 1);
    for (const place of [Control.Launch, Control.BarrierGeneration]) Atomics.notify(this.words, place >> 2);
    await Promise.all([...this.helpers.values()].map((helper) => helper.end()));
  }

  private canShare(): boolean {
    if (typeof SharedArrayBuffer !== 'undefined') return true;
    this.fallbacks.push('one thread: this process has no SharedArrayBuffer');
    return false;
  }

  private startHelpers(module: WebAssembly.Module): void {
    const start = this.options.startThread ?? startWorker;
    for (let thread = 1; thread < Math.min(this.options.threads, Limit.Threads); thread++) {
      try {
        const helper = start(module, this.memory, thread);
        this.helpers.set(thread, helper);
        this.starting.add(thread);
        helper.onEnd((reason) => this.forget(thread, reason));
      } catch (error) {
        this.fallbacks.push(
          `thread ${thread} did not start: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }

  private forget(thread: number, reason: string): void {
    if (this.isDisposed || !this.helpers.delete(thread)) return;
    this.starting.delete(thread);
    this.fallbacks.push(`thread ${thread} is gone: ${reason}`);
  }

  private readyHelpers(): number[] {
    return [...this.helpers.keys()].filter((thread) => Atomics.load(this.words, (Control.Ready >> 2) + thread) === 1);
  }

  private helpersMissing(): number {
    return this.helpers.size - this.readyHelpers().length;
  }

  /** A starting helper raises its flag in memory, where no event comes from. */
  private watchStart(): void {
    if (this.helpersMissing() > 0 && !this.isDisposed) {
      setTimeout(() => this.watchStart(), 1);
      return;
    }
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Sleeps at a barrier, never long: a wake-up that is lost costs no more than this. */
  private waitInMain(address: number, expected: number): number {
    Atomics.wait(this.words, address >> 2, expected, waitMs);
    this.waits++;
    // Both, since the clock goes on while a machine sleeps.
    const { clock, deadlineMs } = this.options;
    if (clock.now() < this.deadline || this.waits * waitMs < deadlineMs) return 0;
    Atomics.store(this.words, Control.Abort >> 2, 1);
    return 1;
  }
}
