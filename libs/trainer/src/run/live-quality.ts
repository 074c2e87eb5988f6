import type { Cell, QualityUpdate, SamplePaths } from '@gan-dashboard/shared-types';
import type { ModelState } from '../engine/engine';
import type { SequenceWishes } from '../models/series/sequence-sampler';
import type { FittedModel, RowSampler, RunSettings, TableModel } from '../models/table-model';
import { Random } from '../random/random';
import { rounded } from './column-parts';
import type { HoldoutTable } from './holdout';
import { LiveScorer, rangeOf } from './live-scores';
import { MemorisingMeasure } from './memorising';
import type { Clock } from './observer';
import { isoTransforms, ProbeRows } from './probe-rows';
import { drawnPaths, planPaths } from './sample-paths';
import type { PathPlan } from './sample-paths';

/** Rows drawn at once. */
const chunkRows = 500;

export interface LiveQualityGiven {
  model: TableModel;
  fitted: FittedModel;
  table: HoldoutTable;
  seed: number;
  settings: RunSettings;
  clock: Clock;
  /** The epoch that an earlier attempt measured last. */
  measuredEpoch?: number | undefined;
}

/** Where a run is when its quality is measured. */
export interface QualityPlace {
  epoch: number;
  step: number;
  isLast: boolean;
}

/**
 * Draws rows from the model under training and scores them, never more often than the settings ask and rarely enough to
 * take no more than their share of the time. It reads copies of the state and draws from streams of its own: training
 * goes on exactly as it would without.
 */
export class LiveQuality {
  private readonly clock: Clock;
  private readonly rows: ProbeRows;
  private scorer: LiveScorer | undefined;
  private memorising: MemorisingMeasure | undefined;
  /** Null: there are no paths; undefined: not asked yet. */
  private pathPlan: PathPlan | null | undefined;
  private failure: string | undefined;
  /** Milliseconds of this attempt: all, and those spent measuring. */
  private readonly startedAt: number;
  private spent = 0;
  private lastTook = 0;
  private measuredEpoch: number | undefined;
  private pausedFor = 0;

  constructor(private readonly given: LiveQualityGiven) {
    this.clock = given.clock;
    this.rows = new ProbeRows(given.fitted.transforms, given.table);
    this.measuredEpoch = given.measuredEpoch;
    this.startedAt = this.clock.now();
  }

  /** A pause is no time of training. */
  paused(milliseconds: number): void {
    this.pausedFor += milliseconds;
  }

  /** Once every `quality_every` epochs, more rarely where it takes too long; the first epoch and the last are measured. */
  isDue({ epoch, isLast }: QualityPlace): boolean {
    const { quality_every: every, quality_budget: percent } = this.given.settings;
    if (every === 0 || this.failure !== undefined) return false;
    if (isLast || this.measuredEpoch === undefined) return true;
    if (epoch - this.measuredEpoch < every) return false;
    const total = this.clock.now() - this.startedAt - this.pausedFor;
    return percent >= 100 || this.spent + this.lastTook <= (percent / 100) * total;
  }

  /**
   * What was measured, or that it failed: the training is worth more than its measures. After a failure nothing is
   * measured any more.
   */
  async measure(state: ModelState, place: QualityPlace): Promise<QualityUpdate> {
    const started = this.clock.now();
    this.measuredEpoch = place.epoch;
    const at = { epoch: place.epoch, total_epochs: this.given.settings.epochs, step: place.step };
    try {
      const measured = await this.scores(state);
      this.lastTook = this.clock.now() - started;
      this.spent += this.lastTook;
      return { state: 'measured', ...at, ...measured, is_best: false, seconds: rounded(this.lastTook / 1000) };
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
      return { state: 'failed', message: this.failure, ...at, scores: {}, columns: [], is_best: false };
    }
  }

  private async scores(state: ModelState): Promise<Partial<QualityUpdate> & Pick<QualityUpdate, 'scores' | 'columns'>> {
    const { table } = this.given;
    const scorer = (this.scorer ??= new LiveScorer(
      this.rows.real('training'),
      this.rows.real('heldOut'),
      this.given.seed,
    ));
    if (table.heldOutRows > 0) {
      this.memorising ??= new MemorisingMeasure(this.rows.real('training'), this.rows.real('heldOut'));
    }
    await this.clock.breathe();
    const probe = this.rows.synthetic(await this.draw(state, scorer.probeRows));
    const { scores, columns, repeated, repeatedInReal, correlations } = scorer.score(probe);
    await this.clock.breathe();
    const memorising = this.memorising?.measure(probe);
    const paths = await this.paths(state);
    return {
      scores,
      columns,
      ...(correlations ? { correlations } : {}),
      ...(paths ? { paths } : {}),
      ...{ repeated: rounded(repeated), repeated_in_real: rounded(repeatedInReal) },
      ...(memorising ? { memorising } : {}),
      rows: {
        drawn: probe.rowCount,
        reference: scorer.referenceRows,
        training: table.rowCount,
        held_out: table.heldOutRows,
      },
    };
  }

  private async paths(state: ModelState): Promise<SamplePaths | undefined> {
    const { fitted, table, seed, settings } = this.given;
    const { sequence_length: length } = settings;
    if (this.pathPlan === undefined) {
      const sequenceLength = typeof length === 'number' ? length : undefined;
      this.pathPlan = await planPaths({ transforms: fitted.transforms, source: table, seed, sequenceLength });
    }
    if (!this.pathPlan) return undefined;
    return drawnPaths(this.pathPlan, await this.openSampler(state, { length: this.pathPlan.length }));
  }

  private openSampler(state: ModelState, sequences?: SequenceWishes): Promise<RowSampler> {
    const { model, fitted } = this.given;
    const transforms = isoTransforms(fitted.transforms);
    return model.openSampler({ madeBy: fitted.engine, transforms, rowCount: fitted.rowCount, state, sequences });
  }

  /** The same noise each time, so that what changes is the model. */
  private async draw(state: ModelState, rows: number): Promise<Cell[][]> {
    const sampler = await this.openSampler(state);
    const probeSeed = Random.of(this.given.seed, 'quality', 'probe').nextUint32() >>> 1;
    const drawn: Cell[][] = [];
    for (const from of rangeOf(0, Math.ceil(rows / chunkRows))) {
      drawn.push(...sampler.draw({ from: from * chunkRows, rows: chunkRows }, probeSeed));
      await this.clock.breathe();
    }
    return drawn.slice(0, rows);
  }
}
