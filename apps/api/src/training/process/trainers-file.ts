import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import type { ConfigField } from '@gan-dashboard/shared-types';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { AppConfig } from '../../platform/configuration/app-config';
import { placeholderMistake, uses } from './command-line';
import { declaredFieldSchema, epochsField } from './config-fields';
import { patternMistake } from './user-patterns';

const environmentName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of an environment variable');
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const trainerSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'must be lower-case letters, digits and -, at most 50 characters'),
  title: z.string().min(1).max(100).optional(),
  description: z.string().max(2_000).default(''),
  command: z.array(scalar).min(1),
  working_folder: z.string().min(1).default('.'),
  environment: z.record(environmentName, scalar).default({}),
  pass_environment: z.array(environmentName).default([]),
  limits: z
    .strictObject({
      max_run_seconds: z.number().min(1).max(2_000_000).optional(),
      max_line_length: z.int().min(80).max(65_536).default(8_192),
    })
    .prefault({}),
  patterns: z.array(z.string()).max(50).default([]),
  built_in_patterns: z.boolean().default(true),
  config: z.array(declaredFieldSchema).max(200).default([]),
});
const fileSchema = z.strictObject({ trainers: z.array(trainerSchema).default([]) });
type DeclaredTrainer = z.infer<typeof trainerSchema>;

/** A program that trains runs: one entry of `trainers.yaml`, checked, with its paths made absolute. */
export interface CommandTrainerDefinition {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly command: readonly string[];
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly passEnvironment: readonly string[];
  readonly maxRunSeconds: number | undefined;
  readonly maxLineLength: number;
  readonly patterns: readonly string[];
  readonly readsOtherLines: boolean;
  readonly fields: readonly ConfigField[];
}

/** Every mistake in the file, one line each. */
export class TrainersFileError extends Error {
  override readonly name = 'TrainersFileError';

  constructor(
    file: string,
    readonly mistakes: readonly string[],
  ) {
    super(`${file} has ${mistakes.length} mistake(s):\n${mistakes.map((line) => `  - ${line}`).join('\n')}`);
  }
}

/**
 * Reads the programs that an administrator lets people train with. Paths are relative to the file.
 *
 * @param options.isRequired somebody named the file: it must be there
 * @param options.runsHere programs are started on this machine: they must be there
 * @throws TrainersFileError naming all mistakes at once
 */
export function readTrainersFile(
  file: string,
  options: { isRequired: boolean; runsHere: boolean },
): CommandTrainerDefinition[] {
  if (!existsSync(file)) {
    if (options.isRequired)
      throw new TrainersFileError(file, ['there is no such file; correct TRAINERS_FILE or unset it']);
    return [];
  }
  const document = parseDocument(readFileSync(file, 'utf8'), { prettyErrors: true });
  if (document.errors.length > 0) {
    throw new TrainersFileError(
      file,
      document.errors.map(({ message }) => message.split('\n')[0] ?? message),
    );
  }
  const parsed = fileSchema.safeParse(document.toJS() ?? {}, { reportInput: true });
  if (!parsed.success) throw new TrainersFileError(file, parsed.error.issues.map(describe));
  const { trainers } = parsed.data;
  const definitions = trainers.map((trainer) => definitionOf(trainer, dirname(resolve(file))));
  const mistakes = definitions.flatMap((definition, index) => [
    ...(trainers.findIndex(({ name }) => name === definition.name) < index
      ? [`${definition.name}: stands there twice`]
      : []),
    ...mistakesIn(definition, options.runsHere).map((mistake) => `${definition.name}: ${mistake}`),
  ]);
  if (mistakes.length > 0) throw new TrainersFileError(file, mistakes);
  return definitions;
}

/** What the configuration says of the file. @throws TrainersFileError */
export function readTrainers({ trainersFile, dataDir, role }: AppConfig): CommandTrainerDefinition[] {
  const file = trainersFile ?? join(dataDir, 'trainers.yaml');
  return readTrainersFile(file, { isRequired: trainersFile !== undefined, runsHere: role !== 'web' });
}

function describe(issue: z.core.$ZodIssue): string {
  const given = issue.input === undefined || issue.code === 'custom' ? '' : ` (it is ${JSON.stringify(issue.input)})`;
  return `${issue.path.map(String).join('.') || 'the file'}: ${issue.message}${given.length > 120 ? '' : given}`;
}

function definitionOf(trainer: DeclaredTrainer, folder: string): CommandTrainerDefinition {
  const hasEpochs = trainer.config.some(({ name }) => name === epochsField.name);
  return {
    name: trainer.name,
    title: trainer.title ?? trainer.name,
    description: trainer.description,
    command: trainer.command,
    workingFolder: resolve(folder, trainer.working_folder),
    environment: trainer.environment,
    passEnvironment: trainer.pass_environment,
    maxRunSeconds: trainer.limits.max_run_seconds,
    maxLineLength: trainer.limits.max_line_length,
    patterns: trainer.patterns,
    readsOtherLines: trainer.built_in_patterns,
    fields: uses(trainer.command, 'epochs') && !hasEpochs ? [epochsField, ...trainer.config] : trainer.config,
  };
}

function mistakesIn(definition: CommandTrainerDefinition, runsHere: boolean): string[] {
  const names = definition.fields.map(({ name }) => name);
  const epochs = definition.fields.find(({ name }) => name === epochsField.name);
  return [
    ...names
      .filter((name, index) => names.indexOf(name) < index)
      .map((name) => `config: the field ${name} stands there twice`),
    ...(epochs && epochs.kind !== 'integer' ? ['config: epochs must be of the kind integer'] : []),
    ...definition.command.flatMap((argument, index) => {
      const mistake = placeholderMistake(argument, names);
      return mistake === undefined ? [] : [`command.${index} ${mistake}`];
    }),
    ...definition.patterns.flatMap((pattern, index) => {
      const mistake = patternMistake(pattern);
      return mistake === undefined ? [] : [`patterns.${index} (${pattern.slice(0, 80)}) ${mistake}`];
    }),
    ...(runsHere ? missing(definition) : []),
  ];
}

/** The folder and the program that are not on this machine. */
function missing({ workingFolder, command, environment }: CommandTrainerDefinition): string[] {
  if (!statSync(workingFolder, { throwIfNoEntry: false })?.isDirectory()) {
    return [`working_folder: there is no folder ${workingFolder}`];
  }
  const [program = ''] = command;
  const path = environment['PATH'] ?? process.env['PATH'] ?? '';
  const places = /[\\/]/.test(program)
    ? [isAbsolute(program) ? program : join(workingFolder, program)]
    : path.split(delimiter).map((folder) => join(folder, program));
  if (places.some(isExecutable)) return [];
  return [
    `command.0: there is no program ${program}${places.length > 1 ? ' in PATH' : ` at ${places[0]}`} that may be executed`,
  ];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
