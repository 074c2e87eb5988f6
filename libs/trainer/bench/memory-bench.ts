import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { DuckDBInstance } from '@duckdb/node-api';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { openEngines } from '../src/engine/engines';
import { ctganConfigSchema } from '../src/models/ctgan/config';
import { loadCheckpoint } from '../src/run/checkpoint';
import { train } from '../src/run/train';
import { recordingObserver } from '../src/testing/settings';

/**
 * `make FILE ROWS` writes a table of 6 quantities and 9 categories as Parquet. `train FILE MIB STEPS` takes steps of
 * `ctgan` on it in this process, with so much memory for encoded rows, and prints what that took as JSON.
 */
const quantities = ['normal', 'two_modes', 'long_tail', 'mostly_zero', 'whole', 'part_missing'];
const categorySizes = [2, 2, 5, 6, 7, 9, 15, 16, 42];
const columns: DatasetColumn[] = [
  ...quantities.map((name): DatasetColumn => ({ name, type: 'number', role: 'numeric', missing: 0, distinct: 2 })),
  ...categorySizes.map((_, index): DatasetColumn => {
    return { name: `category_${index}`, type: 'text', role: 'categorical', missing: 0, distinct: 2 };
  }),
];

/** A number in [0, 1) that follows from the row and a name. */
const uniform = (name: string) => `(hash(i, '${name}') % 1000003) / 1000003.0`;
const normal = (name: string) =>
  `(sqrt(-2 * ln(${uniform(`${name} a`)} + 1e-7)) * cos(6.283185307 * ${uniform(`${name} b`)}))`;

async function make(path: string, rows: number): Promise<void> {
  const cells = [
    `${normal('n')} AS normal`,
    `CASE WHEN ${uniform('mode')} < 0.3 THEN -4 ELSE 4 END + ${normal('t')} AS two_modes`,
    `exp(2 * ${normal('l')}) AS long_tail`,
    `CASE WHEN ${uniform('z')} < 0.9 THEN 0.0 ELSE round(1000 * ${uniform('gain')}) END AS mostly_zero`,
    `floor(60 * ${uniform('w')}) + 17 AS whole`,
    `CASE WHEN ${uniform('gone')} < 0.05 THEN NULL ELSE ${normal('p')} END AS part_missing`,
    ...categorySizes.map((size, index) => {
      return `'value ' || floor(${size} * ${uniform(`c${index}`)} * ${uniform(`d${index}`)})::INTEGER AS category_${index}`;
    }),
  ];
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (SELECT ${cells.join(', ')} FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
}

async function measure(path: string, mebibytes: number, steps: number): Promise<void> {
  const folder = await mkdtemp(`${path}-`);
  const { observer, told } = recordingObserver();
  let trainingStart = 0;
  const started: typeof observer.started = () => {
    trainingStart = performance.now();
  };
  const config = ctganConfigSchema.parse({
    epochs: 1,
    steps_per_epoch: steps,
    checkpoint_seconds: 0,
    quality_every: 0,
  });
  const start = performance.now();
  try {
    await train(
      {
        ...{ model: 'ctgan', config, seed: 1, checkpoint_folder: join(folder, 'checkpoints') },
        data: { parquet_path: path, source_name: 'made', columns },
      },
      {
        engine: openEngines({ log: () => undefined, clock: performance, cores: 2 }),
        observer: { ...observer, started },
        clock: { now: () => performance.now(), breathe: () => setImmediate() },
        signal: new AbortController().signal,
        rowMemoryBytes: mebibytes * 2 ** 20,
      },
    );
    const stepMs = (performance.now() - trainingStart) / steps;
    const [file] = told.checkpoint.at(-1) ?? [];
    const { state } = await loadCheckpoint(file?.path ?? '');
    const hash = createHash('sha256');
    for (const values of Object.values(state)) hash.update(values);
    const peakMb = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6);
    const prepareSeconds = (trainingStart - start) / 1000;
    console.log(JSON.stringify({ peakMb, prepareSeconds, stepMs, weights: hash.digest('hex').slice(0, 16) }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const [what, path = '', first = '', second = ''] = process.argv.slice(2);
if (what === 'make') await make(path, Number(first));
else await measure(path, Number(first), Number(second));
