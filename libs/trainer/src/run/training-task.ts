import type { DatasetColumn } from '@gan-dashboard/shared-types';
import type { Engine } from '../engine/engine';
import type { Checkpoint } from './checkpoint';
import type { Clock, TrainingObserver } from './observer';
import type { TrainingControl } from './training-control';

export interface TrainingTask {
  model: string;
  config: Record<string, unknown>;
  seed: number;
  data: { parquet_path: string; source_name: string; columns: readonly DatasetColumn[] };
  checkpoint_folder: string;
}

export interface TrainingSurroundings {
  engine: Engine;
  observer: TrainingObserver;
  clock: Clock;
  /** Memory that encoded rows may take; what needs more is kept on disk. Absent: all rows stay in memory. */
  rowMemoryBytes?: number;
  /** Ends the run within one step; the state is kept as a checkpoint. */
  signal: AbortSignal;
  /** What is asked for while the run is under way; absent: nothing. */
  control?: TrainingControl;
  /**
   * Where the state comes from. `resume`: the run goes on, and its result equals that of a run that was never
   * interrupted. `fork`: another run begins at step 0 with what was learned.
   */
  startFrom?: { checkpoint: Checkpoint; mode: 'resume' | 'fork' };
}

/** The checkpoint that the steps are counted on from; a fork counts from 0. */
export function resumedCheckpoint({ startFrom }: TrainingSurroundings): Checkpoint | undefined {
  return startFrom?.mode === 'resume' ? startFrom.checkpoint : undefined;
}
