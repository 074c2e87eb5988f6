import { availableParallelism, loadavg } from 'node:os';
import type { Cell, DatasetColumn } from '@gan-dashboard/shared-types';
import type { SourceTable } from '../src/data/parquet';
import { openEngines } from '../src/engine/engines';
import { Random } from '../src/random/random';
import { drawPoints, fitMixture, meanLogLikelihood } from './diagonal-mixture';
import type { Point } from './diagonal-mixture';
import { simulatedData } from './simulated-data';
import type { SimulatedData } from './simulated-data';
import { synthesise } from './synthesise';

/**
 * The simulated benchmark of the CTGAN paper (Xu et al. 2019, section 5.1): a model learns 10,000 points of a known
 * mixture. L_syn is the likelihood of its rows under that mixture, L_test that of other points of the mixture under
 * one that is fitted to its rows. Prints rows of a table for docs/quality.md.
 */
const list = (name: string, fallback: string) => (process.env[name] ?? fallback).split(',');
const models = list('BENCH_MODELS', 'ctgan,tvae');
const seeds = list('BENCH_SEEDS', '1,2,3').map(Number);
const [epochs = 100] = list('BENCH_EPOCHS', '100').map(Number);
const rows = 10_000;

const columns: DatasetColumn[] = ['x', 'y'].map((name) => ({
  ...{ name, type: 'number', role: 'numeric', decimals: 6, missing: 0, distinct: rows },
}));

function tableOf(points: readonly Point[]): SourceTable {
  return {
    rowCount: points.length,
    read: ({ name }) => {
      const axis = name === 'x' ? 0 : 1;
      return Promise.resolve({ kind: 'quantity', values: Float64Array.from(points, (point) => point[axis]) });
    },
  };
}

const pointOf = (cells: readonly Cell[]): Point => [Number(cells[0]), Number(cells[1])];

/** The likelihoods of synthetic points, both ways. */
function likelihoods(
  { mixture, fittedComponents }: SimulatedData,
  synthetic: readonly Point[],
  test: readonly Point[],
) {
  const refitted = fitMixture(synthetic, fittedComponents, Random.of(5));
  return { ofSynthetic: meanLogLikelihood(mixture, synthetic), ofTest: meanLogLikelihood(refitted, test) };
}

const shown = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return `**${mean.toFixed(2)}** (${values.map((value) => value.toFixed(2)).join(', ')})`;
};

const engine = openEngines({ log: (line) => console.error(line), clock: performance, cores: availableParallelism() });
console.log('| data, model | L_syn | L_test | steps | seconds a run | load |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const data of simulatedData) {
  const training = drawPoints(data.mixture, rows, Random.of(1, data.name));
  const test = drawPoints(data.mixture, rows, Random.of(2, data.name));
  const real = likelihoods(data, training, test);
  console.log(`| ${data.name}, real points | ${real.ofSynthetic.toFixed(2)} | ${real.ofTest.toFixed(2)} | | | |`);
  for (const model of models) {
    const runs = [];
    for (const seed of seeds) {
      const task = { model, config: { epochs }, seed, columns, rows, engine };
      const made = await synthesise({ ...task, source: tableOf(training) });
      runs.push({ ...made, ...likelihoods(data, made.cells.map(pointOf), test) });
    }
    const cells = [
      `${data.name}, \`${model}\``,
      shown(runs.map(({ ofSynthetic }) => ofSynthetic)),
      shown(runs.map(({ ofTest }) => ofTest)),
      String(runs[0]?.steps),
      runs.map(({ seconds }) => seconds.toFixed(0)).join(', '),
    ];
    console.log(`| ${cells.join(' | ')} | ${loadavg()[0]?.toFixed(1)} |`);
  }
}
process.exit(0);
