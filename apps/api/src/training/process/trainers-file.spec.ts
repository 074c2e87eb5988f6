import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fillCommand } from './command-line';
import { jsonSchemaOf, parseConfig } from './config-fields';
import { TrainersFileError, readTrainersFile } from './trainers-file';

describe('trainers.yaml', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gan-dashboard-trainers-'));
    file = join(folder, 'trainers.yaml');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const read = (text: string, options = { isRequired: true, runsHere: true }) => {
    writeFileSync(file, text);
    return readTrainersFile(file, options);
  };
  const mistakesOf = (text: string): readonly string[] => {
    try {
      read(text);
      return [];
    } catch (error) {
      if (error instanceof TrainersFileError) return error.mistakes;
      throw error;
    }
  };

  it('may be absent, unless somebody named it', () => {
    expect(readTrainersFile(file, { isRequired: false, runsHere: true })).toEqual([]);
    expect(() => readTrainersFile(file, { isRequired: true, runsHere: true })).toThrow('TRAINERS_FILE');
    expect(read('')).toEqual([]);
  });

  it('fills in what it need not say', () => {
    const [trainer] = read('trainers: [{ name: plain, command: [sh, -c, "echo {epochs}"] }]');
    expect(trainer).toMatchObject({
      name: 'plain',
      title: 'plain',
      workingFolder: folder,
      maxLineLength: 8_192,
      readsOtherLines: true,
      fields: [{ name: 'epochs', kind: 'integer', default: 10 }],
    });
  });

  it('declares the settings that a form draws', () => {
    const [trainer] = read(`
trainers:
  - name: full
    title: A full one
    command: [sh, train.sh, '{config}', '--rate={config.learning_rate}']
    environment: { THREADS: 2, FLAG: true }
    pass_environment: [CUDA_VISIBLE_DEVICES]
    limits: { max_run_seconds: 3600 }
    patterns: ['^E(?<epoch>\\d+)']
    config:
      - { name: learning_rate, kind: number, default: 0.001, minimum: 0, maximum: 1, unit: per step }
      - { name: engine, kind: choice, default: fast, choices: [fast, slow], is_advanced: true }
      - { name: layers, kind: integer_list, default: [8, 8], minimum: 1 }
`);
    expect(trainer).toMatchObject({ environment: { THREADS: '2', FLAG: 'true' }, maxRunSeconds: 3_600 });
    expect(trainer?.fields[0]).toEqual({
      name: 'learning_rate',
      title: 'Learning rate',
      description: '',
      kind: 'number',
      default: 0.001,
      minimum: 0,
      maximum: 1,
      unit: 'per step',
      is_advanced: false,
    });
    const fields = trainer?.fields ?? [];
    expect(jsonSchemaOf(fields)).toMatchObject({ properties: { engine: { enum: ['fast', 'slow'], default: 'fast' } } });
    expect(parseConfig(fields, { layers: [3] })).toEqual({
      ok: true,
      config: { learning_rate: 0.001, engine: 'fast', layers: [3] },
    });
    expect(parseConfig(fields, { learning_rate: 2, engine: 'x', epoch: 1 })).toEqual({
      ok: false,
      errors: [
        { path: 'config.epoch', message: 'There is no setting "epoch". Settings are: learning_rate, engine, layers.' },
        { path: 'config.learning_rate', message: 'learning_rate is 2; allowed: a number from 0 to 1.' },
        { path: 'config.engine', message: 'engine is "x"; allowed: fast, slow.' },
      ],
    });
  });

  it('names every mistake of its form at once', () => {
    const mistakes = mistakesOf(`
trainers:
  - { name: Bad Name, command: [], colour: red }
  - { name: other, command: [sh], limits: { max_line_length: 5 }, environment: { 'A B': 1 } }
  - { name: third, command: [sh], config: [{ name: a, kind: integer, default: 9, maximum: 5 }] }
`);
    const text = mistakes.join('\n');
    for (const part of [
      'trainers.0.name',
      'trainers.0.command',
      'colour',
      'trainers.1.limits.max_line_length',
      'A B',
      'trainers.2.config.0.default: is 9; allowed: a whole number to 5',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('names every mistake of its meaning at once', () => {
    const mistakes = mistakesOf(`
trainers:
  - name: one
    command: [no-such-program-anywhere, '{datum}', '{config.rate}']
    patterns: ['(?<a>(x+)+)', 'epoch']
  - { name: one, command: [./missing.sh] }
  - { name: two, command: [sh], working_folder: nowhere }
`);
    expect(mistakes).toEqual([
      expect.stringContaining('one: command.1 has the unknown placeholder {datum}; there are {config}, {data}'),
      expect.stringContaining('one: command.2 has the unknown placeholder {config.rate}'),
      expect.stringContaining('one: patterns.0'),
      expect.stringContaining('one: patterns.1 (epoch) names no group'),
      expect.stringContaining('one: command.0: there is no program no-such-program-anywhere in PATH'),
      'one: stands there twice',
      expect.stringContaining('missing.sh'),
      expect.stringContaining('two: working_folder: there is no folder'),
    ]);
  });

  it('says where it is no YAML', () => {
    expect(mistakesOf('trainers:\n  - name: [').join()).toMatch(/line \d/);
  });

  it('needs no program on a machine that starts none', () => {
    expect(
      read('trainers: [{ name: far, command: [no-such-program] }]', { isRequired: true, runsHere: false }),
    ).toHaveLength(1);
  });
});

describe('the command', () => {
  it('keeps each argument one, whatever the values hold', () => {
    const values = {
      config: '/a b/c.json',
      data: '$(rm -rf x)',
      epochs: '3',
      seed: '7',
      output: '/out',
      settings: { rate: 0.1, layers: [1, 2], ok: true },
    };
    const command = [
      'sh',
      '--data={data}',
      '{config}',
      '{config.rate}',
      '{config.layers}',
      '{config.ok}',
      '{"json": 1}',
      '{epochs}/{seed}',
    ];
    expect(fillCommand(command, values)).toEqual([
      'sh',
      '--data=$(rm -rf x)',
      '/a b/c.json',
      '0.1',
      '1,2',
      'true',
      '{"json": 1}',
      '3/7',
    ]);
  });
});
