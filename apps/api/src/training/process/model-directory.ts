import { Inject, Injectable } from '@nestjs/common';
import { isModelName, modelCatalog, parseModelConfig, modelNames } from '@gan-dashboard/trainer';
import type { Model } from '@gan-dashboard/shared-types';
import { unprocessable } from '../../platform/http/problem';
import { jsonSchemaOf, parseConfig } from './config-fields';
import type { CommandTrainerDefinition } from './trainers-file';

/** Injection token of the entries of `trainers.yaml`. */
export const COMMAND_TRAINERS = Symbol('COMMAND_TRAINERS');

/** A model of this name is trained by a program of `trainers.yaml`. */
const prefix = 'process:';

export function isCommandModel(model: string): boolean {
  return model.startsWith(prefix);
}

export type ParsedRunConfig =
  /** `totalEpochs` is 0 where the program does not say beforehand. */
  | { ok: true; config: Record<string, unknown>; totalEpochs: number }
  | { ok: false; errors: { path: string; message: string }[] };

/** All that can be trained: the models of the dashboard, and the programs that an administrator has declared. */
@Injectable()
export class ModelDirectory {
  constructor(@Inject(COMMAND_TRAINERS) private readonly trainers: readonly CommandTrainerDefinition[]) {}

  list(): Model[] {
    return [...modelCatalog(), ...this.trainers.map(modelOf)];
  }

  /** The program of a model; undefined for a model of the dashboard, or one that there is not. */
  commandTrainer(model: string): CommandTrainerDefinition | undefined {
    return this.trainers.find(({ name }) => `${prefix}${name}` === model);
  }

  /** Checks the settings of a run and fills in defaults; each error names the field, its value and what is allowed. */
  parse(model: string, config: Record<string, unknown>): ParsedRunConfig {
    const trainer = this.commandTrainer(model);
    if (!trainer) {
      if (!isModelName(model)) return { ok: false, errors: [this.unknown(model)] };
      const parsed = parseModelConfig(model, config);
      return parsed.ok ? { ...parsed, totalEpochs: parsed.config.epochs } : parsed;
    }
    const parsed = parseConfig(trainer.fields, config);
    if (!parsed.ok) return parsed;
    const epochs = parsed.config['epochs'];
    return { ...parsed, totalEpochs: typeof epochs === 'number' ? epochs : 0 };
  }

  /** As `parse`. @throws ProblemException 422 naming each setting that is wrong */
  checked(model: string, config: Record<string, unknown>): { config: Record<string, unknown>; totalEpochs: number } {
    const parsed = this.parse(model, config);
    if (parsed.ok) return parsed;
    const detail = parsed.errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
    throw unprocessable(detail, parsed.errors);
  }

  private unknown(model: string): { path: string; message: string } {
    const names = [...modelNames, ...this.trainers.map(({ name }) => `${prefix}${name}`)];
    return { path: 'model', message: `There is no model "${model}". Models are: ${names.join(', ')}.` };
  }
}

function modelOf(trainer: CommandTrainerDefinition): Model {
  return {
    name: `${prefix}${trainer.name}`,
    title: trainer.title,
    description: trainer.description,
    fields: [...trainer.fields],
    json_schema: jsonSchemaOf(trainer.fields),
  };
}
