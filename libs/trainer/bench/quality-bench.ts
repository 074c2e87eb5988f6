import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { CheckpointFile } from '@gan-dashboard/shared-types';
import { openEngines } from '../src/engine/engines';
import { parseModelConfig } from '../src/models/catalog';
import { independentColumnsReport, machineLearningEfficacy, qualityReport, realHalvesReport } from '../src/quality';
import type { QualityTable } from '../src/quality';
import { sampleToCsv } from '../src/run/sample';
import { train } from '../src/run/train';
import { adultColumns as columns, readAdult, writeAdult } from './adult';

/**
 * How good synthetic rows of UCI Adult are, by SDMetrics' quality report and by protocol A (train on synthetic, test on
 * real). Prints rows of a table for docs/quality.md: for each model and number of epochs the mean of the seeds, and all.
 *
 * The quality report is that of a model of all 32,561 rows and as many synthetic ones; protocol A is that of a model of
 * 23,000 rows, tested on the other 9,561.
 */
const csv = process.argv[2] ?? '';
const list = (name: string, fallback: string) => (process.env[name] ?? fallback).split(',');
const models = list('BENCH_MODELS', 'ctgan');
const epochCounts = list('BENCH_EPOCHS', '40,300').map(Number);
const seeds = list('BENCH_SEEDS', '1,2,3').map(Number);
const parts = list('BENCH_ONLY', 'report,efficacy');
/** Other settings than the defaults, as JSON. Without checkpoints and live scores, which are not what is timed. */
const settings = {
  checkpoint_seconds: 0,
  quality_every: 0,
  ...(JSON.parse(process.env['BENCH_CONFIG'] ?? '{}') as object),
};

const trainingRows = 23_000;
const positive = ' >50K';

const folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-bench-quality-'));

const clock = { now: () => performance.now(), breathe: () => setImmediate() };
const { signal } = new AbortController();
let engineName = '';
const engine = openEngines({ log: (line) => (engineName = line), clock: performance, cores: availableParallelism() });

/** Trains, and draws as many rows as asked for. @returns the synthetic table and the seconds that training took */
async function synthesise(task: { model: string; epochs: number; seed: number; parquet: string; rows: number }) {
  const parsed = parseModelConfig(task.model, { ...settings, epochs: task.epochs });
  if (!parsed.ok) throw new Error(parsed.errors.map(({ message }) => message).join(' '));
  const files: CheckpointFile[] = [];
  const observer = {
    ...{ started: () => undefined, update: () => undefined, progress: () => undefined, log: () => undefined },
    ...{ quality: () => undefined, health: () => undefined, endsEarly: () => undefined },
    ...{ paused: () => undefined, resumed: () => undefined },
    ...{ checkpoint: (file: CheckpointFile) => void files.push(file) },
  };
  const start = performance.now();
  const data = { parquet_path: task.parquet, source_name: 'adult.csv', columns };
  const { model, seed } = task;
  await train(
    { model, config: parsed.config, seed, data, checkpoint_folder: join(folder, 'checkpoints') },
    { engine, observer, clock, signal },
  );
  const seconds = (performance.now() - start) / 1_000;
  const checkpoint = files.at(-1);
  if (!checkpoint) throw new Error('the training left no checkpoint');
  const out = join(folder, 'sample.csv');
  const request = { rows: task.rows, seed: 42, csv_path: out };
  const drawn = { checkpoint_path: checkpoint.path, checkpoint_sha256: checkpoint.sha256 };
  await sampleToCsv({ ...drawn, ...request }, { engine, clock, signal });
  await writeAdult(out, join(folder, 'sample.parquet'));
  return { table: await readAdult(join(folder, 'sample.parquet')), seconds };
}

const shown = (values: readonly (number | undefined)[]) => {
  const known = values.filter((value) => value !== undefined);
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return `**${mean.toFixed(3)}** (${known.map((value) => value.toFixed(3)).join(', ')})`;
};

/** Both pair scores of a report: all pairs, and those whose real association passes the thresholds. */
function scoresOf(real: QualityTable, synthetic: QualityTable): (number | undefined)[] {
  const report = qualityReport(real, synthetic, { binning: 'sdmetrics' });
  return [report.columnShapes.score, report.columnPairTrends.scoreOfAllPairs, report.columnPairTrends.score];
}

try {
  const all = join(folder, 'adult.parquet');
  await writeAdult(csv, all, { nulls: ' ?' });
  await writeAdult(csv, join(folder, 'train.parquet'), { nulls: ' ?', where: `rank < ${trainingRows}` });
  await writeAdult(csv, join(folder, 'test.parquet'), { nulls: ' ?', where: `rank >= ${trainingRows}` });
  const real = await readAdult(all);
  const realTraining = await readAdult(join(folder, 'train.parquet'));
  const realTest = await readAdult(join(folder, 'test.parquet'));
  const f1Of = (training: QualityTable) =>
    machineLearningEfficacy({ training, realTraining, realTest, target: { column: 'income', positive } }).f1;

  console.log('| model, epochs | shapes | trends, all pairs | trends, thresholded | TSTR F1 | seconds a run | load |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  const options = { binning: 'sdmetrics', seed: 1 } as const;
  for (const [name, report] of [
    ['independent columns (floor)', independentColumnsReport(real, options)],
    ['real halves (ceiling)', realHalvesReport(real, options)],
  ] as const) {
    const { columnShapes, columnPairTrends } = report;
    const scores = [columnShapes.score, columnPairTrends.scoreOfAllPairs, columnPairTrends.score];
    const f1 = name.startsWith('real') ? (f1Of(realTraining) ?? Number.NaN).toFixed(3) : '';
    console.log(`| ${name} | ${scores.map((score) => (score ?? Number.NaN).toFixed(3)).join(' | ')} | ${f1} | | |`);
  }
  for (const model of models) {
    for (const epochs of epochCounts) {
      const reports: (number | undefined)[][] = [];
      const f1: (number | undefined)[] = [];
      const seconds: number[] = [];
      for (const seed of seeds) {
        if (parts.includes('report')) {
          const made = await synthesise({ model, epochs, seed, parquet: all, rows: real.rowCount });
          reports.push(scoresOf(real, made.table));
          seconds.push(made.seconds);
        }
        if (parts.includes('efficacy')) {
          const parquet = join(folder, 'train.parquet');
          const made = await synthesise({ model, epochs, seed, parquet, rows: trainingRows });
          f1.push(f1Of(made.table));
        }
      }
      const columnsOfReport = [0, 1, 2].map((index) =>
        reports.length === 0 ? '' : shown(reports.map((report) => report[index])),
      );
      const times = seconds.map((value) => value.toFixed(0)).join(', ');
      const cells = [`\`${model}\`, ${epochs}`, ...columnsOfReport, f1.length === 0 ? '' : shown(f1), times];
      console.log(`| ${cells.join(' | ')} | ${loadavg()[0]?.toFixed(1)} |`);
    }
  }
  console.log(engineName);
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
