import { readCheckpointBody, splitCheckpointBody } from '@gan-dashboard/trainer';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPosted } from '../training/external/posted-event';
import { smallTable } from '../testing/small-runs';
import { CommandLine } from './testing/command-line';

const tiny = ['--model', 'gan', '--set', 'steps_per_epoch=4', '--set', 'batch_size=100', '--seed', '7'];
const layers = ['--set', 'generator_layers=16', '--set', 'discriminator_layers=16'];
const train = (...more: string[]) => ['train', 'prices.csv', ...tiny, ...layers, ...more];

describe('the command line', { timeout: 120_000 }, () => {
  let folder: string;
  const run = (...args: string[]) => CommandLine.run(args, folder);
  const text = (path: string) => readFile(join(folder, path), 'utf8');
  const recordOf = async (path: string) => JSON.parse(await text(`${path}/run.json`));
  const checkpointOf = async (path: string) => {
    const names = (await readdir(join(folder, path, 'checkpoints'))).sort();
    return `${path}/checkpoints/${names.at(-1)}`;
  };

  /** What the last checkpoint of a run holds, less the durations that were measured. */
  const stateOf = async (path: string) => {
    const body = await readCheckpointBody(join(folder, await checkpointOf(path)));
    const { header, sectionsAt } = splitCheckpointBody(body);
    const untimed = JSON.stringify(header, (key, value: unknown) => (key.endsWith('_ms') ? undefined : value));
    return { header: JSON.parse(untimed), weights: body.subarray(sectionsAt) };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gan-cli-'));
    await writeFile(join(folder, 'prices.csv'), smallTable());
    const first = await run(...train('--epochs', '2', '--run-folder', 'first', '--out', 'out.csv', '--rows', '30'));
    expect(first.stderr).toContain('epoch 2/2  100 %');
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('Quality of 300 sampled rows') });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('keeps a run with its settings, metrics, log, checkpoint and what was measured', async () => {
    const record = await recordOf('first');
    expect(record).toMatchObject({
      status: 'completed',
      model: 'gan',
      seed: 7,
      config: { epochs: 2, steps_per_epoch: 4, generator_layers: [16] },
      data: { file_name: 'prices.csv', row_count: 600, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      engine: expect.any(String),
    });
    expect(record).not.toHaveProperty('process');
    const { quality } = record;
    expect(quality.columns.map(({ name }: { name: string }) => name)).toEqual(['time', 'price', 'side', 'volume']);
    expect(quality.rows).toBe(300);
    // Two epochs teach little: the shuffled source is closer to itself.
    expect(quality.column_shapes).toBeLessThan(quality.ceiling.column_shapes);
    expect(quality.floor.column_shapes).toBe(1);
    expect(quality.floor.column_pair_trends_of_all_pairs).toBeGreaterThan(0);
    const metrics = (await text('first/metrics.jsonl')).trim().split('\n');
    expect(metrics.map((line) => JSON.parse(line).epoch)).toEqual([1, 2]);
    expect(await text('first/log.txt')).toContain('Epoch 2/2');
    expect(await checkpointOf('first')).toContain('epoch-000002');
  });

  it('writes rows with the columns of the source, and does not overwrite unasked', async () => {
    const before = await text('out.csv');
    expect(before.split('\r\n').slice(0, 1)).toEqual(['time,price,side,volume']);
    expect(before.trim().split('\r\n')).toHaveLength(31);
    const again = await run('sample', 'first', '--seed', '8', '--rows', '5', '--out', 'out.csv');
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('"out.csv", which exists') });
    expect(await text('out.csv')).toBe(before);
    expect(await run('sample', 'first', '--seed', '8', '--rows', '5', '--out', 'out.csv', '--force')).toMatchObject({
      code: 0,
    });
    expect((await text('out.csv')).trim().split('\r\n')).toHaveLength(6);
  });

  it('draws the same rows from the run and from its checkpoint', async () => {
    expect(await run('sample', 'first', '--seed', '3', '--rows', '20', '--out', 'a.csv')).toMatchObject({ code: 0 });
    const checkpoint = await checkpointOf('first');
    expect(await run('sample', checkpoint, '--seed', '3', '--rows', '20', '--out', 'b.csv')).toMatchObject({ code: 0 });
    expect(await text('a.csv')).toBe(await text('b.csv'));
  });

  it('draws rows that meet conditions, as Parquet too', async () => {
    const conditions = ['--condition', 'side=buy', '--condition', 'price>=100'];
    const drawn = await run('sample', 'first', '--seed', '3', '--rows', '20', '--out', 'c.csv', ...conditions);
    expect(drawn).toMatchObject({ code: 0 });
    const rows = (await text('c.csv')).trim().split('\r\n').slice(1);
    expect(rows).toHaveLength(20);
    for (const row of rows) {
      expect(row).toContain(',buy,');
      expect(Number(row.split(',')[1])).toBeGreaterThanOrEqual(100);
    }
    expect(await run('sample', 'first', '--rows', '20', '--out', 'd.parquet')).toMatchObject({ code: 0 });
    expect((await readFile(join(folder, 'd.parquet'))).subarray(0, 4).toString()).toBe('PAR1');
  });

  it('draws rows that hold constraints, and says how many were kept', async () => {
    const wishes = ['--constraint', 'combination:side,price', '--constraint', 'unique:volume'];
    const drawn = await run('sample', 'first', '--seed', '3', '--rows', '20', '--out', 'held.csv', ...wishes);
    expect(drawn).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/rows drawn [\d.]+ % were kept\. In [\d.]+ %/),
    });
    const pairs = (rows: string) =>
      rows
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((row) => row.split(','));
    const known = new Set(pairs(smallTable()).map(([, price, side]) => `${side} ${Number(price)}`));
    const rows = pairs(await text('held.csv'));
    expect(rows.filter(([, price, side]) => !known.has(`${side} ${Number(price)}`))).toEqual([]);
    expect(new Set(rows.map((row) => row.at(-1))).size).toBe(20);
  });

  it('is stopped by Ctrl-C with its state, and goes on bit for bit', async () => {
    const epochs = ['--epochs', '150'];
    const whole = await run(...train(...epochs, '--run-folder', 'whole'));
    expect(whole).toMatchObject({ code: 0 });

    const cut = new CommandLine(train(...epochs, '--run-folder', 'cut', '--json'), folder);
    await cut.says('"training_update"');
    cut.interrupt();
    const ended = await cut.ended();
    expect(ended).toMatchObject({ code: 130, stderr: expect.stringContaining('--resume') });
    expect(ended.stdout.trim().split('\n').at(-1)).toContain('"status":"stopped"');
    expect(await recordOf('cut')).toMatchObject({ status: 'stopped' });
    expect(await checkpointOf('cut')).not.toContain('epoch-000150');

    expect(await run('train', 'prices.csv', '--resume', 'cut')).toMatchObject({ code: 0 });
    const [learned, resumed] = [await stateOf('whole'), await stateOf('cut')];
    expect(resumed.weights.equals(learned.weights)).toBe(true);
    expect(resumed.header).toEqual(learned.header);
    const epochsOf = async (path: string) =>
      (await text(`${path}/metrics.jsonl`))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).epoch);
    expect(await epochsOf('cut')).toEqual(await epochsOf('whole'));
    expect(await run('train', '--resume', 'cut')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is complete'),
    });
  });

  it('finds the latest run of a CSV that can go on', async () => {
    const cut = new CommandLine(train('--epochs', '100000', '--json'), folder);
    await cut.says('"training_update"');
    cut.interrupt();
    expect(await cut.ended()).toMatchObject({ code: 130 });
    const resumed = new CommandLine(['train', 'prices.csv', '--resume', '--json'], folder);
    await resumed.says('"training_update"');
    resumed.interrupt();
    const { code, stdout } = await resumed.ended();
    expect(code).toBe(130);
    expect(stdout).toMatch(/Going on with gan on prices\.csv after step \d+/);
  });

  it('says in JSON what the server takes as it is', async () => {
    const { code, stdout, stderr } = await run(...train('--epochs', '2', '--run-folder', 'json', '--json'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const now = new Date();
    const posted = { model: 'gan', config: {}, totalEpochs: 2, seed: 7, createdAt: new Date(0), startedAt: null };
    const messages = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const message of messages) {
      expect(readPosted(message, { run: posted, needsClientSeq: false, now })).not.toHaveProperty('mistake');
    }
    const types = messages.map(({ type }) => type);
    expect(types.filter((type) => type === 'training_update')).toHaveLength(2);
    expect(types).toContain('training_start');
    const { quality } = await recordOf('json');
    const data = { status: 'completed', return_code: 0, quality };
    expect(messages.at(-1)).toMatchObject({ type: 'training_complete', data });
  });

  it.each([
    [['train', 'none.csv'], '"none.csv" does not exist'],
    [['train', 'prices.csv', '--set', 'batch_size=2'], 'batch_size is 2; allowed: a whole number from 4'],
    [['train', 'prices.csv', '--columns', 'side:numeric'], 'makes "side" (text) numeric; it can be: categorical'],
    [['train', 'prices.csv', '--run-folder', 'first'], 'go on with --resume first'],
    [['sample', 'first', '--out', 'e.csv', '--condition', 'nothing=1'], 'Columns are: time, price, side, volume'],
    [['sample', 'first', '--out', 'e.csv', '--constraint', 'price>volume'], 'it takes low<=high'],
    [['sample', 'prices.csv', '--out', 'e.csv'], 'The file is no checkpoint'],
  ])('refuses %j before anything is done', async (args, message) => {
    expect(await run(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });

  it('fails where the file cannot be read as a table, and leaves nothing behind', async () => {
    await writeFile(join(folder, 'empty.csv'), 'a,b\n');
    const failed = await run('train', 'empty.csv', '--run-folder', 'empty');
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('no rows below it') });
    expect(await readdir(folder)).not.toContain('empty');
  });

  it('lists models, helps and says its version', async () => {
    expect((await run('models', 'gan')).stdout).toContain('discriminator_layers');
    expect((await run('train', '--help')).stdout).toContain('--run-folder');
    expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
