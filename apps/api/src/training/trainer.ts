import type { TrainTask, WorkerCommand } from '@gan-dashboard/shared-types';
import type { RunEntity } from './run.entity';
import type { TrainerProcessEvents } from './trainer-process';

/** The process that trains one run, whatever program it is. */
export interface Trainer {
  readonly pid: number | undefined;
  /** What it understands besides `stop`. */
  readonly can: { readonly pause: boolean; readonly checkpoint: boolean };
  send(command: WorkerCommand): void;
  /** Reaches the processes that it has started, too. */
  kill(signal: NodeJS.Signals): void;
}

/** Starts the process that does the task; `onEnd` comes exactly once. @throws Error where there can be no process */
export type StartTrainer = (task: TrainTask, events: TrainerProcessEvents) => Trainer;

/** Injection token of what decides which program trains a run. */
export const TRAINERS = Symbol('TRAINERS');

export interface Trainers {
  /** @throws Error naming the model where there is no program for it */
  starterFor(run: RunEntity): StartTrainer;
}
