import type { CheckpointFile, HealthAlert, QualityUpdate, WorkerMessage } from '@gan-dashboard/shared-types';

type DataOf<Kind extends WorkerMessage['kind']> = Extract<WorkerMessage, { kind: Kind; data: unknown }>['data'];

export type LogLevel = Extract<WorkerMessage, { kind: 'log' }>['level'];
export type Started = DataOf<'started'>;
export type Update = DataOf<'update'>;
export type Progress = DataOf<'progress'>;

/** Told of everything that people may want to watch. */
export interface TrainingObserver {
  started(data: Started): void;
  update(data: Update): void;
  progress(data: Progress): void;
  log(level: LogLevel, message: string): void;
  checkpoint(file: CheckpointFile): void;
  quality(data: QualityUpdate): void;
  /** The verdict on the training has changed. */
  health(alert: HealthAlert): void;
  /** The run ends before its last epoch, by its settings. */
  endsEarly(reason: string): void;
  /** The run waits after this step. */
  paused(step: number): void;
  resumed(step: number): void;
}

/** Time, passed in so that tests decide it. */
export interface Clock {
  /** Milliseconds that never run backwards. */
  now(): number;
  /** Lets the process handle messages and signals that wait. */
  breathe(): Promise<void>;
}
