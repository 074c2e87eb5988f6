import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { seedSchema } from '@gan-dashboard/shared-types';
import { UsageError } from './failures';
import { startOfOptions } from './starts';
import type { Start } from './starts';

export interface TrainCommand {
  command: 'train';
  /** Absent only with `resume`, whose folder holds the table. */
  csv?: string;
  /** Absent: a new run. `folder` absent: the latest run of the CSV that can go on. */
  resume?: { folder?: string };
  model?: string;
  seed?: number;
  configFile?: string;
  /** `name=value`, in the order in which they count. */
  settings: string[];
  /** `name:role`. */
  columns: string[];
  out?: string;
  rows?: number;
  runFolder?: string;
  isForced: boolean;
  isJson: boolean;
}

export interface SampleCommand {
  command: 'sample';
  /** A run folder or a checkpoint file. */
  from: string;
  out: string;
  rows?: number;
  /** Of models of sequences: how many sequences, and rows of each. */
  sequences?: number;
  length?: number;
  /** Where each sequence begins. */
  start?: Start;
  seed?: number;
  /** `column=value`, `column>=value`, `column<=value`. */
  conditions: string[];
  /** `low<=high`, `low<high`, `unique:column,…`, `combination:column,…`. */
  constraints: string[];
  isForced: boolean;
}

export interface ReportCommand {
  command: 'report';
  real: string;
  synthetic: string;
  target?: string;
  seed?: number;
  /** Where the HTML file is written; absent with `isJson`, which writes to stdout. */
  out?: string;
  isForced: boolean;
  isJson: boolean;
}

export interface ImportCommand {
  command: 'import';
  /** A run folder. */
  from: string;
  /** Address of a dashboard. */
  url: string;
  name?: string;
  /** The CSV that the run was trained on. */
  data?: string;
  /** An API token of a dashboard with sign-on. */
  token?: string;
}

export type Command =
  | ImportCommand
  | TrainCommand
  | SampleCommand
  | ReportCommand
  | { command: 'models'; name?: string; isJson: boolean }
  | { command: 'help'; topic?: string }
  | { command: 'version' };

type Options = NonNullable<ParseArgsConfig['options']>;
const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;

const trainOptions = {
  model: text,
  epochs: text,
  seed: text,
  config: text,
  set: texts,
  columns: texts,
  out: text,
  rows: text,
  'run-folder': text,
  resume: text,
  force: flag,
  json: flag,
} satisfies Options;
const sampleOptions = {
  rows: text,
  sequences: text,
  length: text,
  'start-time': text,
  'start-value': texts,
  seed: text,
  out: text,
  condition: texts,
  constraint: texts,
  force: flag,
} satisfies Options;
const reportOptions = { target: text, seed: text, out: text, force: flag, json: flag } satisfies Options;
const importOptions = { url: text, name: text, data: text, token: text } satisfies Options;
const modelsOptions = { json: flag } satisfies Options;

/** The value that `--resume` gets where none was given. */
const latest = '';

/**
 * Reads the words after the program's name.
 *
 * @throws UsageError naming the option, its value and what is taken
 */
export function parseArguments(words: readonly string[]): Command {
  const [command, ...rest] = words;
  if (command === '--version' || command === '-V' || command === 'version') return { command: 'version' };
  if (command === undefined || command === '--help' || command === '-h') return { command: 'help' };
  if (command === 'help') return { command: 'help', ...(rest[0] === undefined ? {} : { topic: rest[0] }) };
  if (!['train', 'sample', 'report', 'import', 'models'].includes(command)) {
    throw new UsageError(
      `There is no command "${command}". Commands are: train, sample, report, import, models; npx gan-dashboard --help explains them.`,
    );
  }
  if (beforeTerminator(rest).some((word) => word === '--help' || word === '-h')) {
    return { command: 'help', topic: command };
  }
  if (command === 'train') return parseTrain(rest);
  if (command === 'report') return parseReport(rest);
  if (command === 'import') return parseImport(rest);
  return command === 'sample' ? parseSample(rest) : parseModels(rest);
}

function parseTrain(words: readonly string[]): TrainCommand {
  const { values, positionals } = read('train', withResumeValue(words), trainOptions);
  const csv = onlyOne('train', 'CSV file', positionals);
  const resume = values.resume === undefined ? undefined : values.resume === latest ? {} : { folder: values.resume };
  if (csv === undefined && !resume?.folder) {
    throw new UsageError(
      'train: the CSV file is missing, for example: npx gan-dashboard train data.csv --out synthetic.csv',
    );
  }
  const fixed = ['model', 'epochs', 'seed', 'config', 'set', 'columns', 'run-folder'] as const;
  const changed = resume && fixed.find((name) => values[name] !== undefined);
  if (changed) {
    throw new UsageError(
      `--${changed} cannot be given with --resume: a run goes on bit for bit with what it began with. Leave it out, or start a new run without --resume.`,
    );
  }
  if (values.rows !== undefined && values.out === undefined) {
    throw new UsageError(`--rows is ${values.rows}, but no rows are written without --out. Add --out synthetic.csv.`);
  }
  const { epochs, set: settings = [] } = values;
  return {
    command: 'train',
    settings: [...(epochs === undefined ? [] : [`epochs=${count('--epochs', epochs)}`]), ...settings],
    columns: (values.columns ?? []).flatMap((list) => list.split(',')),
    isForced: values.force ?? false,
    isJson: values.json ?? false,
    ...given({
      csv,
      resume,
      model: values.model,
      seed: seedOf(values.seed),
      configFile: values.config,
      out: outOf(values.out),
      rows: values.rows === undefined ? undefined : count('--rows', values.rows),
      runFolder: values['run-folder'],
    }),
  };
}

function parseSample(words: readonly string[]): SampleCommand {
  const { values, positionals } = read('sample', words, sampleOptions);
  const from = onlyOne('sample', 'run folder or checkpoint', positionals);
  if (from === undefined) throw new UsageError('sample: the run folder or the checkpoint file is missing.');
  const out = outOf(values.out);
  if (out === undefined) throw new UsageError('sample: --out is missing, for example --out synthetic.csv.');
  if (values.sequences !== undefined && values.rows !== undefined) {
    throw new UsageError(
      `--rows is ${values.rows} and --sequences is ${values.sequences}: sequences have a length, so only one of the two can be given. Leave one out.`,
    );
  }
  const wholeNumber = (name: 'rows' | 'sequences' | 'length') => {
    const value = values[name];
    return value === undefined ? undefined : count(`--${name}`, value);
  };
  return {
    command: 'sample',
    from,
    out,
    conditions: values.condition ?? [],
    constraints: values.constraint ?? [],
    isForced: values.force ?? false,
    ...given({
      rows: wholeNumber('rows'),
      sequences: wholeNumber('sequences'),
      length: wholeNumber('length'),
      start: startOfOptions(values['start-time'], values['start-value']),
      seed: seedOf(values.seed),
    }),
  };
}

function parseReport(words: readonly string[]): ReportCommand {
  const { values, positionals } = read('report', words, reportOptions);
  const [real, synthetic, ...others] = positionals;
  if (real === undefined || synthetic === undefined || others.length > 0) {
    throw new UsageError(
      `report takes two CSV files, the real and the synthetic one, but got ${positionals.length}, for example: npx gan-dashboard report real.csv synthetic.csv --out report.html`,
    );
  }
  const { out = values.json ? undefined : 'report.html' } = values;
  if (out !== undefined && !/\.html?$/i.test(out))
    throw new UsageError(`--out is "${out}"; its name must end with .html.`);
  return {
    command: 'report',
    real,
    synthetic,
    isForced: values.force ?? false,
    isJson: values.json ?? false,
    ...given({ target: values.target, seed: seedOf(values.seed), out }),
  };
}

function parseImport(words: readonly string[]): ImportCommand {
  const { values, positionals } = read('import', words, importOptions);
  const from = onlyOne('import', 'run folder', positionals);
  if (from === undefined) throw new UsageError('import: the run folder is missing, for example gan-runs/prices-ctgan.');
  const { url = '', name, data, token } = values;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`--url is "${url}"; it takes the address of a dashboard, such as http://127.0.0.1:8081.`);
  }
  return { command: 'import', from, url, ...given({ name, data, token }) };
}

function parseModels(words: readonly string[]): Command {
  const { values, positionals } = read('models', words, modelsOptions);
  return {
    command: 'models',
    isJson: values.json ?? false,
    ...given({ name: onlyOne('models', 'model', positionals) }),
  };
}

function read<Known extends Options>(command: string, words: readonly string[], options: Known) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new UsageError(`${command}: ${reason} npx gan-dashboard ${command} --help lists the options.`, {
      cause: error,
    });
  }
}

/** `--resume` may stand alone, which `parseArgs` knows no way to say. */
function withResumeValue(words: readonly string[]): string[] {
  const end = beforeTerminator(words).length;
  return words.flatMap((word, index) => {
    if (word !== '--resume' || index >= end) return [word];
    const next = words[index + 1];
    return next === undefined || next.startsWith('-') ? [`--resume=${latest}`] : [word];
  });
}

/** The words before `--`, after which nothing is an option. */
function beforeTerminator(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  return end === -1 ? words : words.slice(0, end);
}

function onlyOne(command: string, what: string, positionals: readonly string[]): string | undefined {
  const [first, ...others] = positionals;
  if (others.length > 0) {
    throw new UsageError(`${command} takes one ${what}, but got ${positionals.length}: ${positionals.join(', ')}.`);
  }
  return first;
}

const mostRows = 1_000_000_000;

function count(option: string, value: string): number {
  const number = /^\d+$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= mostRows) return number;
  throw new UsageError(`${option} is "${value}"; allowed: a whole number from 1 to ${mostRows.toLocaleString('en')}.`);
}

function seedOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seed = /^\d+$/.test(value) ? seedSchema.safeParse(Number(value)) : undefined;
  if (seed?.success) return seed.data;
  throw new UsageError(`--seed is "${value}"; allowed: a whole number from 0 to 2147483647.`);
}

function outOf(path: string | undefined): string | undefined {
  if (path === undefined || /\.(csv|parquet)$/i.test(path)) return path;
  throw new UsageError(`--out is "${path}"; its name must end with .csv or .parquet.`);
}

type Present<Values> = { [Key in keyof Values]?: Exclude<Values[Key], undefined> };

function given<Values extends object>(values: Values): Present<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<Values>;
}
