import { Inject, Injectable } from '@nestjs/common';
import { join } from 'node:path';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import type { RunEntity } from '../run.entity';
import type { StartTrainer, Trainers } from '../trainer';
import { startTrainerProcess } from '../trainer-process';
import { CommandTrainer } from './command-trainer';
import { GroupGuard } from './group-guard';
import { ModelDirectory, isCommandModel } from './model-directory';

/** Decides which program trains a run: the one built beside the server, or one of `trainers.yaml`. */
@Injectable()
export class CommandTrainers implements Trainers {
  private readonly guard = new GroupGuard();

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly models: ModelDirectory,
  ) {}

  starterFor(run: Pick<RunEntity, 'id' | 'model'>): StartTrainer {
    if (!isCommandModel(run.model)) return startTrainerProcess;
    const definition = this.models.commandTrainer(run.model);
    if (!definition) {
      throw new Error(
        `trainers.yaml on this machine has no program for the model ${run.model}: put it back, or fork the run`,
      );
    }
    const folder = join(this.config.dataDir, 'runs', run.id);
    const files = { configFile: join(folder, 'config.json'), outputFolder: join(folder, 'output') };
    return (task, events) => new CommandTrainer({ definition, task, guard: this.guard, ...files }, events);
  }
}
