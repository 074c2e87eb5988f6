import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../src/engine/engine';
import { openEngines } from '../src/engine/engines';
import { qualityReport } from '../src/quality';
import { tensorflowAlone } from '../src/testing/engines';
import { adultColumns, readAdult, writeAdult } from './adult';
import { pairedDifference } from './paired';
import { synthesise, tableOfCells } from './synthesise';

/**
 * Whether the fused engine costs quality: `ctgan` on part of UCI Adult by it and by TensorFlow.js, with the same seeds, and
 * the paired differences of SDMetrics' scores. Small networks and few steps, since TensorFlow.js takes its time; the
 * settings are the same for both. Prints rows of a table for docs/quality.md.
 */
const csv = process.argv[2] ?? '';
const list = (name: string, fallback: string) => (process.env[name] ?? fallback).split(',');
const seeds = list('BENCH_SEEDS', '1,2,3,4,5').map(Number);
const [epochs = 20] = list('BENCH_EPOCHS', '20').map(Number);
const rows = 6_000;
const config = {
  ...{ epochs, batch_size: 200, generator_layers: [128, 128], critic_layers: [128, 128] },
  ...{ generator_learning_rate: 1e-3, critic_learning_rate: 1e-3, generator_average: 0.98 },
};

const folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-bench-engines-'));
const parquet = join(folder, 'adult.parquet');
await writeAdult(csv, parquet, { nulls: ' ?', where: `rank < ${rows}` });
const real = await readAdult(parquet);
await rm(folder, { recursive: true, force: true });

const scoreNames = ['shapes', 'trends, all pairs', 'trends, thresholded'] as const;

async function scoresOf(engine: Engine, seed: number) {
  const source = {
    rowCount: real.rowCount,
    read: ({ name }: { name: string }) => {
      const column = real.columns.find((each) => each.name === name);
      return column ? Promise.resolve(column.data) : Promise.reject(new Error(`no column ${name}`));
    },
  };
  const made = await synthesise({ model: 'ctgan', config, seed, source, columns: adultColumns, rows, engine });
  const synthetic = tableOfCells(adultColumns, made.cells);
  const { columnShapes, columnPairTrends } = qualityReport(real, synthetic, { binning: 'sdmetrics' });
  const scores = [columnShapes.score, columnPairTrends.scoreOfAllPairs, columnPairTrends.score];
  console.error(`seed ${seed}, ${made.engineName}: ${scores.join(' ')}, ${made.seconds.toFixed(0)} s`);
  return { ...made, scores: scores.map((score) => score ?? Number.NaN) };
}

const fused = openEngines({ log: (line) => console.error(line), clock: performance, cores: availableParallelism() });
const engines = { fused, tensorflow: await tensorflowAlone() };
const runs: Record<keyof typeof engines, Awaited<ReturnType<typeof scoresOf>>[]> = { fused: [], tensorflow: [] };
for (const seed of seeds) {
  runs.fused.push(await scoresOf(engines.fused, seed));
  runs.tensorflow.push(await scoresOf(engines.tensorflow, seed));
}

const shown = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return `**${mean.toFixed(3)}** (${values.map((value) => value.toFixed(3)).join(', ')})`;
};
const signed = (value: number) => `${value < 0 ? '' : '+'}${value.toFixed(4)}`;

console.log(`${runs.fused[0]?.steps} steps, ${runs.fused[0]?.engineName} and ${runs.tensorflow[0]?.engineName}`);
console.log('| score | fused | TensorFlow.js | difference | standard error | 95 % interval |');
console.log('| --- | --- | --- | --- | --- | --- |');
scoreNames.forEach((name, index) => {
  const of = (engine: keyof typeof runs) => runs[engine].map(({ scores }) => scores[index] ?? Number.NaN);
  const { mean, standardError, low, high } = pairedDifference(of('fused'), of('tensorflow'));
  const interval = `${signed(low)} to ${signed(high)}`;
  const cells = [name, shown(of('fused')), shown(of('tensorflow')), signed(mean), standardError.toFixed(4), interval];
  console.log(`| ${cells.join(' | ')} |`);
});
for (const [name, all] of Object.entries(runs)) {
  const milliseconds = all.map(({ seconds, steps }) => ((1_000 * seconds) / steps).toFixed(1));
  console.log(`${name}: ${milliseconds.join(', ')} ms a step; load ${loadavg()[0]?.toFixed(1)}`);
}
process.exit(0);
