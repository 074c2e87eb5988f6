import type { Bar } from './line-position';
import type { Said } from './said';

interface Moved {
  epoch?: number;
  step?: number;
  /** Of the whole run; present only when it has risen. */
  percent?: number;
}

/** Less than this is no news. */
const smallestRise = 0.1;

/** Where a training stands after what was said of it so far. */
export class TrainingPosition {
  totalEpochs: number | undefined;
  /** Of the whole run, where that is known. */
  totalSteps: number | undefined;
  private epoch: number | undefined;
  private countsFromZero = false;
  /** The last step as the program counted it, and what the counts before it came to. */
  private counted: { step: number; total: number | undefined; epoch: number | undefined } | undefined;
  private stepsBefore = 0;
  private ordinal = 0;
  private readonly namesOfOrdinal = new Set<string>();
  private percent = -1;
  private toldEpoch: number | undefined;
  private isBarOfEpochs = false;

  constructor(private readonly expectedEpochs: number | undefined) {
    this.totalEpochs = expectedEpochs;
  }

  /** A bar of as many things as there are epochs counts epochs, unless its label speaks of something else. */
  epochOfBar({ count, total, label }: Bar): Pick<Said, 'epoch' | 'overallPercent'> {
    const isOfEpochs = this.isBarOfEpochs || this.epoch === undefined;
    if (!isOfEpochs || count === undefined || total === undefined || total !== this.expectedEpochs) return {};
    if (label !== '' && !/epoch|train/i.test(label)) return {};
    this.isBarOfEpochs = true;
    return { overallPercent: (100 * count) / total, ...(count > 0 ? { epoch: count } : {}) };
  }

  move(said: Said): Moved {
    if (said.totalEpochs !== undefined) this.totalEpochs = said.totalEpochs;
    if (said.epoch !== undefined) {
      this.epoch = said.epoch;
      if (said.epoch === 0) this.countsFromZero = true;
    }
    if (said.step !== undefined) this.count(said.step, said.totalSteps);
    const percent = this.percentAfter(said);
    return {
      ...(this.epoch === undefined ? {} : { epoch: this.epoch }),
      ...(this.step === undefined ? {} : { step: this.step }),
      ...(percent === undefined ? {} : { percent }),
    };
  }

  /** The step that an update of these metrics belongs to. */
  stepOf(names: readonly string[]): number {
    const said = this.step ?? this.epoch;
    if (said !== undefined) return said;
    // Nothing was said: metrics of one update come one after the other, and the first that comes again begins the next.
    if (this.ordinal === 0 || names.some((name) => this.namesOfOrdinal.has(name))) {
      this.ordinal++;
      this.namesOfOrdinal.clear();
    }
    for (const name of names) this.namesOfOrdinal.add(name);
    return this.ordinal;
  }

  private get step(): number | undefined {
    return this.counted && this.stepsBefore + this.counted.step;
  }

  /** A count that begins anew in each epoch goes on from where the last one ended. */
  private count(step: number, total: number | undefined): void {
    const last = this.counted;
    if (last && (step < last.step || (step === last.step && this.epoch !== last.epoch))) {
      this.stepsBefore += last.total ?? last.step;
    }
    this.counted = { step, total, epoch: this.epoch };
    this.totalSteps = this.epoch === undefined ? total : undefined;
  }

  private percentAfter(said: Said): number | undefined {
    const percent = this.percentOf(said);
    const isNewEpoch = this.epoch !== this.toldEpoch;
    if (percent === undefined || percent < this.percent) return undefined;
    if (percent < this.percent + smallestRise && !isNewEpoch && !(percent === 100 && this.percent < 100)) {
      return undefined;
    }
    this.percent = percent;
    this.toldEpoch = this.epoch;
    return percent;
  }

  private percentOf(said: Said): number | undefined {
    if (said.overallPercent !== undefined) return said.overallPercent;
    if (this.epoch !== undefined) return this.percentOfEpochs(said);
    // Without a word of epochs, part of what? Of the run, unless the run is known to have epochs.
    const part = partOf(said);
    return this.expectedEpochs === undefined && part !== undefined ? bounded(part * 100) : undefined;
  }

  private percentOfEpochs(said: Said): number | undefined {
    if (this.totalEpochs === undefined || this.epoch === undefined) return undefined;
    // Steps that are not batches may be those of the whole run.
    const isOfEpoch = said.isBatch === true || (said.step === undefined && (said.isBar ?? said.epoch !== undefined));
    const part = isOfEpoch ? partOf(said) : undefined;
    if (said.epoch === undefined && part === undefined) return undefined;
    const isWhole = part === undefined && said.step === undefined && Object.keys(said.metrics).length > 0;
    const done = (this.countsFromZero ? this.epoch : this.epoch - 1) + (isWhole ? 1 : (part ?? 0));
    return bounded((100 * done) / this.totalEpochs);
  }
}

/** How much of something is done, from 0 to 1. */
function partOf({ step, totalSteps, percent }: Said): number | undefined {
  if (step !== undefined && totalSteps !== undefined) return step / totalSteps;
  return percent === undefined ? undefined : percent / 100;
}

function bounded(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}
