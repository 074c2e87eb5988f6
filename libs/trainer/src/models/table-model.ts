import type { Cell, DatasetColumn } from '@gan-dashboard/shared-types';
import { z } from 'zod';
import type { ColumnTransform } from '../data/column-transform';
import type { RowSpill } from '../data/record-file';
import type { RowCondition } from '../data/row-conditions';
import type { SourceTable } from '../data/parquet';
import type { Random } from '../random/random';
import type { ModelState, TrainableModel } from '../engine/engine';
import type { SequenceWishes } from './series/sequence-sampler';

/** The settings that every model has, because the run itself goes by them. */
export const runSettingsSchema = z.looseObject({
  epochs: z.int().min(1),
  checkpoint_every: z.int().min(0),
  checkpoint_seconds: z.int().min(0),
  quality_every: z.int().min(0).default(0),
  quality_budget: z.number().default(100),
  quality_holdout: z.number().min(0).max(0.5).default(0),
  early_stopping_patience: z.int().min(0).default(0),
});
export type RunSettings = z.infer<typeof runSettingsSchema>;

/** A model with its settings, on an engine: it reads tables, trains, and draws rows. */
export interface TableModel {
  stepsPerEpoch(rowCount: number): number;
  /**
   * Learns the transform of a table, encodes its rows and builds the networks.
   *
   * @throws DataError where the table cannot be learned
   */
  fit(source: SourceTable, columns: readonly DatasetColumn[], given: FitGiven): Promise<FittedModel>;
  /** @throws Error where the state does not fit the settings */
  openSampler(trained: TrainedModel): Promise<RowSampler>;
}

export interface FitGiven {
  seed: number;
  /** Called before each column is read; throws to end early. */
  onColumn: () => Promise<void>;
  /** Where encoded rows go that are too many for memory; absent: all stay there. */
  spill?: RowSpill | undefined;
  /** The engine that made the state which the model is to go on from. */
  madeBy?: string | undefined;
}

/** A model that was fitted to a table, ready for its first step. */
export interface FittedModel {
  /** What computes the steps. */
  engine: string;
  /** One a column of the samples, in source order. The same table gives the same, whatever the seed. */
  transforms: ColumnTransform[];
  rowCount: number;
  /** Places of an encoded row. */
  encodedWidth: number;
  batchSize: number;
  /** Real rows that one step reads. */
  rowsPerStep: number;
  /** What the log of a run should know of the preparation. */
  messages?: string[];
  /** Lets go of what the rows take outside of memory. */
  release?: () => void;
  model: TrainableModel;
}

export interface TrainedModel {
  /** The engine that made the state. */
  madeBy?: string | undefined;
  transforms: readonly ColumnTransform[];
  rowCount: number;
  state: ModelState;
  /** What the sequences are to be like; only models of sequences read it. */
  sequences?: SequenceWishes | undefined;
}

export interface RowSampler {
  /**
   * Draws rows `from` … `from + rows - 1` of the sample that the seed names.
   *
   * @param places what each row is asked for, from hints of this sampler; absent: what the table's frequencies say
   * @returns one array of cells a row, in the order of the transforms
   */
  draw(range: { from: number; rows: number }, seed: number, places?: Int32Array): Cell[][];
  /** How rows can be asked for that meet a condition; null, or no such method, where they can only be looked for. */
  hintFor?(condition: RowCondition): ConditionHint | null;
}

/** Places of the condition vector whose rows may meet a condition. */
export interface ConditionHint {
  /** Share of the table's rows that are at these places. */
  share: number;
  /** Draws one of them by its frequency. */
  draw(random: Random): number;
}
