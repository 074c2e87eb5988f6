import { trainingUpdateSchema } from '@gan-dashboard/shared-types';
import type { CheckpointFile, DatasetColumn } from '@gan-dashboard/shared-types';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine';
import { tensorflowAlone, workerEngines } from '../testing/engines';
import { smallCtganConfig, smallGanConfig, smallTvaeConfig } from '../testing/gan-plans';
import { recordingObserver, smallConfig } from '../testing/settings';
import { mixedColumns, mixedSelect, writeParquet } from '../testing/tables';
import { loadCheckpoint } from './checkpoint';
import type { Checkpoint } from './checkpoint';
import { sampleToCsv } from './sample';
import { train } from './train';

let folder = '';
let tensorflow: Engine;
const logged: string[] = [];
/** What a worker has: the fused engine for GANs. */
const engines = workerEngines((line) => logged.push(line));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainer-'));
  await writeParquet(join(folder, 'table.parquet'), mixedSelect);
  tensorflow = await tensorflowAlone();
});
afterAll(() => rm(folder, { recursive: true }));

/** Every model of the catalogue, small, on each engine that can compute it. */
const models: [string, string, object, () => Engine][] = [
  ['wgan-gp', 'tensorflow.js', smallConfig(), () => engines],
  ['ctgan', 'fused', smallCtganConfig(), () => engines],
  ['ctgan', 'tensorflow.js', smallCtganConfig(), () => tensorflow],
  ['gan', 'fused', smallGanConfig(), () => engines],
  ['gan', 'tensorflow.js', smallGanConfig(), () => tensorflow],
  ['tvae', 'tensorflow.js', smallTvaeConfig(), () => engines],
];

interface Given {
  engine: Engine;
  columns?: DatasetColumn[];
  steps?: number;
  from?: Checkpoint;
}

async function run(model: string, config: object, given: Given) {
  const { observer, told } = recordingObserver();
  const stop = new AbortController();
  let breaths = 0;
  const outcome = await train(
    {
      model,
      config: { ...config },
      seed: 7,
      data: {
        parquet_path: join(folder, 'table.parquet'),
        source_name: 'table.csv',
        columns: given.columns ?? mixedColumns,
      },
      checkpoint_folder: await mkdtemp(join(folder, model)),
    },
    {
      engine: given.engine,
      observer,
      signal: stop.signal,
      clock: {
        now: () => 0,
        breathe: () => {
          if (++breaths === (given.steps ?? Number.NaN) + mixedColumns.length) stop.abort();
          return Promise.resolve();
        },
      },
      ...(given.from ? { startFrom: { checkpoint: given.from, mode: 'resume' as const } } : {}),
    },
  );
  return { outcome, told, file: told.checkpoint.at(-1)?.[0] };
}

async function sample(
  file: CheckpointFile | undefined,
  engine: Engine,
  { rows, seed }: { rows: number; seed: number },
) {
  const csv_path = join(folder, `sample-${rows}-${seed}.csv`);
  const task = { checkpoint_path: file?.path ?? '', checkpoint_sha256: file?.sha256 ?? '', rows, seed, csv_path };
  const signal = new AbortController().signal;
  await sampleToCsv(task, { engine, clock: { breathe: () => Promise.resolve() }, signal });
  return readFile(csv_path, 'utf8');
}

describe.each(models)('a run of %s on %s', (model, engineName, config, engineOf) => {
  it('tells its engine, its parameters and finite metrics, and says epoch by epoch how it goes', async () => {
    const { outcome, told } = await run(model, config, { engine: engineOf() });
    expect(outcome).toBe('completed');
    expect(told.started[0]?.[0].engine?.startsWith(engineName)).toBe(true);
    expect(Object.values(told.started[0]?.[0].parameters ?? {}).every((count) => count > 100)).toBe(true);
    expect(told.update.map(([{ epoch, step }]) => [epoch, step])).toEqual([
      [1, 4],
      [2, 8],
    ]);
    const update = trainingUpdateSchema.parse(told.update[1]?.[0]);
    const { generator_loss: loss = update['loss'] } = update;
    expect(Number.isFinite(loss)).toBe(true);
    expect(told.log.map(([, line]) => line).find((line) => line.startsWith('Epoch 2/2'))).toContain(' loss ');
  });

  it('ends after a stop and a resume, in the middle of an epoch, with the checkpoint of a run that never stopped', async () => {
    const engine = engineOf();
    const whole = await run(model, config, { engine });
    const part = await run(model, config, { engine, steps: 6 });
    expect([part.outcome, part.file?.step]).toEqual(['stopped', 6]);
    const rest = await run(model, config, { engine, from: await loadCheckpoint(part.file?.path ?? '') });
    const [a, b] = await Promise.all([whole, rest].map(({ file }) => loadCheckpoint(file?.path ?? '')));
    // How long the parts of a step took is measured, and as such never the same.
    expect({ state: b?.state, header: withoutTimes(b) }).toEqual({ state: a?.state, header: withoutTimes(a) });
  });

  it('gives rows in the form of the source, the same for a seed, a long sample beginning with a short one', async () => {
    const engine = engineOf();
    const { file } = await run(model, config, { engine });
    const draw = (rows: number, seed: number) => sample(file, engine, { rows, seed });
    const [short, again, long, other] = [await draw(30, 1), await draw(30, 1), await draw(600, 1), await draw(30, 2)];
    expect(again).toBe(short);
    expect(long.startsWith(short)).toBe(true);
    expect(other).not.toBe(short);
    const [head, ...lines] = long.trimEnd().split('\r\n');
    expect([head, lines.length]).toEqual(['id,amount,level,gain,day,fixed', 600]);
    for (const line of lines) {
      expect(line).toMatch(/^\d+,(-?\d+(\.\d{1,2})?)?,("high, very"|low),\d+,2024-0[1-3]-\d\d,same$/);
    }
    expect(lines.some((line) => /^\d+,,/.test(line))).toBe(true);
  });
});

describe.each(models)('a run of %s on %s', (model, _engine, config, engineOf) => {
  it.each([
    ['categories', ['level']],
    ['numbers', ['amount', 'gain']],
  ])('learns a table of %s alone', async (_kind, names) => {
    const engine = engineOf();
    const columns = mixedColumns.filter(({ name }) => names.includes(name));
    const { outcome, file } = await run(model, config, { engine, columns });
    expect(outcome).toBe('completed');
    const [head, ...lines] = (await sample(file, engine, { rows: 40, seed: 1 })).trimEnd().split('\r\n');
    expect([head, lines.length]).toEqual([names.join(','), 40]);
  });
});

function withoutTimes(checkpoint: Checkpoint | undefined) {
  const metrics = Object.entries(checkpoint?.header.metrics ?? {}).filter(([name]) => !name.endsWith('_ms'));
  return { ...checkpoint?.header, metrics: Object.fromEntries(metrics) };
}

describe('engines', () => {
  it('are named in the log when they start', async () => {
    await run('gan', smallGanConfig(), { engine: engines });
    expect(logged.filter((line) => line.startsWith('Engine: fused'))).toHaveLength(1);
  });

  it('go on from the state of another one where it was made there', async () => {
    const { file } = await run('ctgan', smallCtganConfig(), { engine: tensorflow });
    const given = { rows: 40, seed: 3 };
    expect(await sample(file, engines, given)).toBe(await sample(file, tensorflow, given));
  });
});
