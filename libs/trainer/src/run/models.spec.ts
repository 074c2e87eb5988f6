import { trainingUpdateSchema } from '@gan-dashboard/shared-types';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine';
import { tensorflowAlone } from '../testing/engines';
import { smallCtganConfig, smallGanConfig, smallTvaeConfig } from '../testing/gan-plans';
import { recordingObserver, smallConfig } from '../testing/settings';
import { mixedColumns, mixedSelect, writeParquet } from '../testing/tables';
import { loadCheckpoint } from './checkpoint';
import type { Checkpoint } from './checkpoint';
import { sampleToCsv } from './sample';
import { train } from './train';

let folder = '';
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainer-'));
  await writeParquet(join(folder, 'table.parquet'), mixedSelect);
  engine = await tensorflowAlone();
});
afterAll(() => rm(folder, { recursive: true }));

/** Every model of the catalogue, small. */
const models: [string, object][] = [
  ['wgan-gp', smallConfig()],
  ['ctgan', smallCtganConfig()],
  ['gan', smallGanConfig()],
  ['tvae', smallTvaeConfig()],
];

async function run(model: string, config: object, given: { steps?: number; from?: Checkpoint } = {}) {
  const { observer, told } = recordingObserver();
  const stop = new AbortController();
  let breaths = 0;
  const outcome = await train(
    {
      model,
      config: { ...config },
      seed: 7,
      data: { parquet_path: join(folder, 'table.parquet'), source_name: 'table.csv', columns: mixedColumns },
      checkpoint_folder: join(folder, `${model}-${String(given.steps)}`),
    },
    {
      engine,
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

describe.each(models)('a run of %s', (model, config) => {
  it('tells its engine, its parameters and finite metrics, and says epoch by epoch how it goes', async () => {
    const { outcome, told } = await run(model, config);
    expect(outcome).toBe('completed');
    expect(told.started[0]?.[0].engine).toMatch(/^tensorflow\.js \d/);
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
    const whole = await run(model, config);
    const part = await run(model, config, { steps: 6 });
    expect([part.outcome, part.file?.step]).toEqual(['stopped', 6]);
    const rest = await run(model, config, { from: await loadCheckpoint(part.file?.path ?? '') });
    const [a, b] = await Promise.all([whole, rest].map(({ file }) => loadCheckpoint(file?.path ?? '')));
    expect(b).toEqual(a);
  });

  it('gives rows in the form of the source, the same for a seed, a long sample beginning with a short one', async () => {
    const { file } = await run(model, config);
    const sample = async (rows: number, seed: number) => {
      const csv_path = join(folder, `${model}-${rows}-${seed}.csv`);
      const task = { checkpoint_path: file?.path ?? '', checkpoint_sha256: file?.sha256 ?? '', rows, seed, csv_path };
      const signal = new AbortController().signal;
      await sampleToCsv(task, { engine, clock: { breathe: () => Promise.resolve() }, signal });
      return readFile(csv_path, 'utf8');
    };
    const [short, again, long, other] = [
      await sample(30, 1),
      await sample(30, 1),
      await sample(600, 1),
      await sample(30, 2),
    ];
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
