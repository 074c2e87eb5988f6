import { Parameter } from '../../../assembly/layout';
import type { ModelState } from '../engine';
import type { EncodedRows, GanShape, TrainingRows } from '../gan-shape';
import { Core } from './core';
import { initialise } from './initialise';
import type { FusedHyperparameters } from './hyperparameters';
import { checkHyperparameters, checkRows, checkShape } from './hyperparameters';
import { classifierMeasures, criticMeasures, generatorMeasures, meanMeasures, networkNorms } from './measures';
import type { CriticMeasures, StepMeasures } from './measures';
import { StalledProgramError, reasonAgainstWebAssembly } from './runtime';
import type { Clock, StartThread } from './runtime';
import { sampleEncodedRows, sampleRows } from './sampling';
import type { SampleOptions } from './sampling';
import { readState, writeState } from './state';
import type { Lanes } from './builds';

export interface FusedGanOptions {
  /** Threads to compute on, with the one that calls; 1 to 16. */
  threads: number;
  /** Names the first weights and all random streams. */
  seed: number;
  clock: Clock;
  /** Biases of the generator's last layer at the beginning, `[layout.width]`, such as the logarithms of shares. */
  outputBias?: Float32Array;
  /** How long the threads of a program may lose each other until it is done again on one. Default: 20 s. */
  deadlineMs?: number;
  /** Steps between two states that lost steps can be repeated from. Default: 100. */
  stepsPerSnapshot?: number;
  /** Numbers in one register, with no change of the result. Default: 4. */
  lanes?: Lanes;
  /** How helping threads are started, for tests. */
  startThread?: StartThread;
}

/** What changes from step to step. */
export interface FusedStep {
  /** Number of the step, from 0: names its random streams. */
  step: number;
  generatorRate: number;
  criticRate: number;
}

interface Counts {
  generator: number;
  critic: number;
}

/**
 * A GAN of two multi-layer perceptrons under training, computed by hand-derived steps in WebAssembly. Equal seeds give
 * equal weights to the last bit, on any number of threads.
 *
 * A step blocks the calling thread until it is done. Call `dispose` at the end, or the helping threads stay (they do not
 * keep the process alive).
 */
export class FusedGan {
  /** Trainable parameters of each network. */
  readonly parameters: Record<'generator' | 'critic', number> & { classifier?: number };
  private core: Core;
  private updates: Counts = { generator: 0, critic: 0 };
  private snapshot: { learned: Float32Array; updates: Counts } | undefined;
  private journal: FusedStep[] = [];
  private pastFallbacks: string[] = [];
  private hasFallenBack = false;

  /** @throws RangeError naming the setting or the row that does not fit */
  constructor(
    private readonly shape: GanShape,
    private readonly settings: FusedHyperparameters,
    private readonly rows: TrainingRows,
    private readonly options: FusedGanOptions,
  ) {
    const reason = reasonAgainstWebAssembly();
    if (reason) throw new Error(reason);
    checkShape(shape);
    checkHyperparameters(shape, settings);
    checkRows(shape, rows);
    const { threads } = options;
    if (!Number.isInteger(threads) || threads < 1 || threads > 16) {
      throw new RangeError(`threads is ${threads}; it must be a whole number from 1 to 16`);
    }
    this.core = this.createCore(threads);
    initialise(this.core, options.seed, options.outputBias);
    this.parameters = {
      generator: this.core.generator.parameters.count,
      critic: this.core.critic.parameters.count,
      ...(this.core.classifier && { classifier: this.core.classifier.parameters.count }),
    };
  }

  /** Threads that the next step runs on. Helpers join as soon as they have started. */
  get threads(): number {
    return this.core.runtime.threads;
  }

  /** Why fewer threads compute than were asked for, as lines for a log. It may grow while the model lives. */
  get fallbacks(): readonly string[] {
    return [...this.pastFallbacks, ...this.core.runtime.fallbacks];
  }

  /** Resolves once all helping threads have started or failed to. Steps need not wait for it. */
  ready(): Promise<void> {
    return this.core.runtime.ready();
  }

  /**
   * The critic's updates, then one of the generator.
   *
   * Should the threads lose each other, the steps since the last snapshot are repeated on one thread, with the same
   * result, and training stays on one; `fallbacks` then says so.
   */
  step(at: FusedStep): StepMeasures {
    return this.guarded(() => {
      const measures = this.compute(at);
      if (this.snapshot) this.journal.push(at);
      return measures;
    });
  }

  /** Copies of everything learned: weights, moments, counts, running statistics, averages. */
  getState(): ModelState {
    return readState(this.core, this.updates);
  }

  /** @throws Error naming the array that does not fit */
  setState(state: ModelState): void {
    this.updates = writeState(this.core, state);
    this.snapshot = undefined;
  }

  /**
   * Rows of the averaged generator (of the last weights where averaging is off) with running statistics. See
   * `sampleRows` for what they are.
   */
  sample(rows: number, options: SampleOptions): Float32Array {
    return this.guarded(() => sampleRows(this.core, rows, options));
  }

  /** The same rows as `EncodedRows`. */
  sampleEncoded(rows: number, options: SampleOptions): EncodedRows {
    return this.guarded(() => sampleEncodedRows(this.core, rows, options));
  }

  /** Ends the helping threads. Resolves once they are gone. */
  dispose(): Promise<void> {
    return this.core.runtime.dispose();
  }

  private createCore(threads: number): Core {
    const { clock, deadlineMs = 20_000, lanes = 4, startThread } = this.options;
    return new Core(this.shape, this.settings, this.rows, {
      ...{ threads, clock, deadlineMs, lanes },
      ...(startThread && { startThread }),
    });
  }

  private guarded<Result>(work: () => Result): Result {
    this.keepSnapshot();
    try {
      return work();
    } catch (error) {
      if (!(error instanceof StalledProgramError)) throw error;
      this.fallBack(error.message);
      return work();
    }
  }

  /** On one thread nothing can be lost. */
  private keepSnapshot(): void {
    const { stepsPerSnapshot = 100, threads } = this.options;
    if (threads === 1 || this.hasFallenBack || (this.snapshot && this.journal.length < stepsPerSnapshot)) return;
    const { address, floats } = this.core.learned;
    const learned = this.snapshot?.learned ?? new Float32Array(floats);
    learned.set(this.core.runtime.floatsAt(address, floats));
    this.snapshot = { learned, updates: { ...this.updates } };
    this.journal = [];
  }

  /** Goes on with one thread, from the last snapshot through the steps that followed it. */
  private fallBack(reason: string): void {
    if (!this.snapshot) throw new Error(`${reason}, and there is no state to go on from`);
    this.pastFallbacks = [...this.fallbacks, `one thread: ${reason}`];
    this.hasFallenBack = true;
    const lost = this.journal;
    this.core = this.createCore(1);
    this.core.runtime.floatsAt(this.core.learned.address, this.core.learned.floats).set(this.snapshot.learned);
    this.updates = { ...this.snapshot.updates };
    for (const at of lost) this.compute(at);
    this.snapshot = undefined;
  }

  private compute(at: FusedStep): StepMeasures {
    const { core, settings } = this;
    const { clock } = this.options;
    core.runtime.setParameter(Parameter.Seed, this.options.seed);
    core.runtime.setParameter(Parameter.Step, at.step);
    core.runtime.setParameter(Parameter.FirstRow, 0);
    const times = { data: 0, critic: 0, generator: 0 };
    const timed = (name: keyof typeof times, work: () => void) => {
      const start = clock.now();
      work();
      times[name] += clock.now() - start;
    };
    const updateCritic = (update: number) => {
      core.runtime.setParameter(Parameter.Update, update);
      timed('data', () => core.run('criticData'));
      timed('critic', () => this.updateCritic(at));
      return criticMeasures(core);
    };
    const critics: [CriticMeasures, ...CriticMeasures[]] = [updateCritic(0)];
    while (critics.length < settings.criticSteps) critics.push(updateCritic(critics.length));
    if (core.classifier) timed('critic', () => this.updateClassifier(at));
    const ofClassifier = classifierMeasures(core);
    core.runtime.setParameter(Parameter.Update, settings.criticSteps);
    timed('data', () => core.run('generatorData'));
    timed('generator', () => this.updateGenerator(at));
    return {
      ...meanMeasures(critics),
      ...ofClassifier,
      ...generatorMeasures(core),
      milliseconds: times,
      norms: { critic: networkNorms(core, core.critic), generator: networkNorms(core, core.generator) },
    };
  }

  private updateCritic({ criticRate }: FusedStep): void {
    this.core.run('critic');
    this.updates.critic++;
    this.setAdam(criticRate, this.settings.critic, this.updates.critic);
    this.core.run('criticUpdate');
  }

  /** Once a step, as the generator; so the count of its updates is the same. */
  private updateClassifier({ criticRate }: FusedStep): void {
    this.core.run('classifier');
    this.setAdam(criticRate, this.settings.critic, this.updates.generator + 1);
    this.core.run('classifierUpdate');
  }

  private updateGenerator({ generatorRate }: FusedStep): void {
    this.core.run('generator');
    this.updates.generator++;
    const done = this.updates.generator;
    this.setAdam(generatorRate, this.settings.generator, done);
    // While few steps are done, the average keeps less of the past.
    this.core.runtime.setFloatParameter(
      Parameter.AverageKept,
      Math.min(this.settings.generatorAverage, done / (done + 10)),
    );
    this.core.run('generatorUpdate');
  }

  private setAdam(rate: number, { beta1, beta2 }: { beta1: number; beta2: number }, updates: number): void {
    this.core.runtime.setFloatParameter(Parameter.Rate, rate / (1 - beta1 ** updates));
    this.core.runtime.setFloatParameter(Parameter.SecondMomentCorrection, 1 / (1 - beta2 ** updates));
  }
}
