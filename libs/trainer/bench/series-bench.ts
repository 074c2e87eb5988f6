import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Cell, DatasetColumn } from '@gan-dashboard/shared-types';
import type { SourceTable } from '../src/data/parquet';
import { openEngines } from '../src/engine/engines';
import { parseModelConfig } from '../src/models/catalog';
import { openModel } from '../src/models/open-model';
import { discriminativeScore, earthMoversDistance, predictiveScore } from './series/scores';
import type { Windows } from './series/scores';

/**
 * How good synthetic sequences are. Google stock in windows of 24 by the scores of Yoon et al. 2019, the S&P 500 by the
 * earth mover's distance of its returns. Prints rows of tables for docs/quality.md.
 *
 * BENCH_ONLY (`stock`, `returns`), BENCH_SEEDS, BENCH_CONFIG (JSON, settings of the models) and BENCH_STEPS choose.
 */
const [stockPath = '', returnsPath = ''] = process.argv.slice(2);
const list = (name: string, fallback: string) => (process.env[name] ?? fallback).split(',');
const parts = list('BENCH_ONLY', 'stock,returns');
const seeds = list('BENCH_SEEDS', '1,2,3').map(Number);
const given = JSON.parse(process.env['BENCH_CONFIG'] ?? '{}') as Record<string, unknown>;
const scoreRuns = Number(process.env['BENCH_SCORE_RUNS'] ?? '1');

const engine = openEngines({ log: (line) => console.log(line), clock: performance, cores: availableParallelism() });
const folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-bench-series-'));

interface Table {
  columns: DatasetColumn[];
  rows: number[][];
}

async function readCsv(path: string, wanted?: readonly string[]): Promise<Table> {
  const [head = '', ...lines] = (await readFile(path, 'utf8')).trim().split(/\r?\n/);
  const names = head.split(',');
  const taken = wanted ?? names;
  const rows = lines.map((line) => {
    const cells = line.split(',');
    return taken.map((name) => Number(cells[names.indexOf(name)]));
  });
  const columns = taken.map((name): DatasetColumn => ({ name, type: 'number', role: 'numeric', missing: 0, distinct: 2 }));
  return { columns, rows };
}

function sourceOf({ columns, rows }: Table): SourceTable {
  return {
    rowCount: rows.length,
    read: ({ name }) => {
      const place = columns.findIndex((column) => column.name === name);
      return Promise.resolve({ kind: 'quantity', values: Float64Array.from(rows, (row) => row[place] ?? Number.NaN) });
    },
  };
}

/** Trains a model on a table and draws rows of sequences. */
async function synthesise(name: string, settings: Record<string, unknown>, work: { table: Table; seed: number; sequences: number; length?: number }) {
  const parsed = parseModelConfig(name, { ...settings, ...given });
  if (!parsed.ok) throw new Error(parsed.errors.map(({ message }) => message).join(' '));
  const { config } = parsed;
  const { table, seed, sequences, length } = work;
  const model = openModel(name, config, engine);
  const source = sourceOf(table);
  const fitted = await model.fit(source, table.columns, { seed, onColumn: () => Promise.resolve() });
  const totalSteps = Number(process.env['BENCH_STEPS'] ?? model.stepsPerEpoch(source.rowCount) * config.epochs);
  const start = performance.now();
  for (let step = 0; step < totalSteps; step++) {
    const metrics = fitted.model.step({ step, totalSteps });
    if (step % 250 === 0 && process.env['BENCH_VERBOSE']) {
      const shown = Object.entries(metrics).map(([key, value]) => `${key} ${value.toFixed(3)}`);
      console.log(step, shown.join(' '));
    }
    if (step % 20 === 0) await setImmediate();
  }
  const seconds = (performance.now() - start) / 1_000;
  const { transforms, rowCount } = fitted;
  const sampler = await model.openSampler({
    ...{ transforms, rowCount, state: fitted.model.getState(), madeBy: fitted.engine },
    sequences: { length },
  });
  const rowsEach = length ?? Number(config['sequence_length']);
  const rows = sampler.draw({ from: 0, rows: sequences * rowsEach }, 42);
  const drawn = Array.from({ length: sequences }, (_, i) => rows.slice(i * rowsEach, (i + 1) * rowsEach));
  return { drawn, seconds, millisecondsPerStep: (1_000 * seconds) / totalSteps, totalSteps };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / Math.max(1, values.length - 1));
const shown = (values: readonly number[], digits = 3) =>
  `**${mean(values).toFixed(digits)}** ± ${deviation(values).toFixed(digits)} (${values.map((value) => value.toFixed(digits)).join(', ')})`;

async function stock(): Promise<void> {
  const table = await readCsv(stockPath);
  const columns = table.columns.length;
  const low = table.columns.map((_, k) => Math.min(...table.rows.map((row) => row[k] ?? 0)));
  const high = table.columns.map((_, k) => Math.max(...table.rows.map((row) => row[k] ?? 0)));
  const scaled = (rows: readonly (readonly (Cell | number)[])[], first: number) =>
    Float64Array.from(
      rows.flatMap((row) => row.slice(first).map((cell, k) => (Number(cell) - (low[k] ?? 0)) / ((high[k] ?? 1) - (low[k] ?? 0)))),
    );
  const steps = 24;
  const real: Windows = Array.from({ length: table.rows.length - steps + 1 }, (_, i) => scaled(table.rows.slice(i, i + steps), 0));
  const shape = { steps, columns };
  const runs = Array.from({ length: scoreRuns }, (_, i) => i + 1);
  const score = (windows: Windows) => ({
    discriminative: mean(runs.map((seed) => discriminativeScore(real, windows, { shape, seed, isSplitByBlock: false }))),
    block: mean(runs.map((seed) => discriminativeScore(real, windows, { shape, seed, isSplitByBlock: true }))),
    predictive: mean(runs.map((seed) => predictiveScore(real, windows, { shape, seed }))),
  });
  const half = (odd: number) => real.filter((_, i) => i % 2 === odd);
  if (process.env['BENCH_CEILING'] !== undefined) {
    const d = discriminativeScore(half(0), half(1), { shape, seed: 1, isSplitByBlock: false });
    console.log(`real windows against real windows: ${d.toFixed(3)}, predictive ${predictiveScore(real, real, { shape, seed: 1 }).toFixed(4)}`);
  }
  const all: ReturnType<typeof score>[] = [];
  const seconds: number[] = [];
  for (const seed of seeds) {
    const made = await synthesise('doppelganger', { sequence_length: steps }, { table, seed, sequences: real.length });
    const start = performance.now();
    all.push(score(made.drawn.map((rows) => scaled(rows, 1))));
    seconds.push(made.seconds);
    const { discriminative, block, predictive } = all.at(-1) ?? { discriminative: 0, block: 0, predictive: 0 };
    console.log(`seed ${seed}: ${made.totalSteps} steps of ${made.millisecondsPerStep.toFixed(1)} ms, discriminative ${discriminative.toFixed(3)}, by blocks ${block.toFixed(3)}, predictive ${predictive.toFixed(4)}; scores took ${((performance.now() - start) / 1_000).toFixed(0)} s`);
  }
  console.log('| model | discriminative | by blocks | predictive | seconds a run | load |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  const cells = [
    shown(all.map(({ discriminative }) => discriminative)),
    shown(all.map(({ block }) => block)),
    shown(all.map(({ predictive }) => predictive), 4),
    seconds.map((value) => value.toFixed(0)).join(', '),
  ];
  console.log(`| \`doppelganger\` | ${cells.join(' | ')} | ${loadavg()[0]?.toFixed(1)} |`);
}

const horizons = [1, 5, 20, 100];

/** Sums of returns over a horizon, at every start. */
function aggregated(returns: Float64Array, days: number): Float64Array {
  return Float64Array.from({ length: returns.length - days + 1 }, (_, i) => {
    let sum = 0;
    for (let t = i; t < i + days; t++) sum += returns[t] ?? 0;
    return sum;
  });
}

const logReturns = (prices: readonly number[]) =>
  Float64Array.from({ length: prices.length - 1 }, (_, i) => Math.log((prices[i + 1] ?? 1) / (prices[i] ?? 1)));

async function returns(): Promise<void> {
  const table = await readCsv(returnsPath, ['price']);
  const prices = table.rows.map(([price = 0]) => price);
  const real = logReturns(prices);
  const all: number[][] = [];
  const seconds: number[] = [];
  for (const seed of seeds) {
    const paths = 200;
    const made = await synthesise('quantgan', {}, { table, seed, sequences: paths, length: prices.length });
    const drawn = made.drawn.map((rows) => logReturns(rows.map((row) => Number(row[1]))));
    const distances = horizons.map((days) => {
      const pooled = drawn.flatMap((path) => [...aggregated(path, days)]);
      return earthMoversDistance(aggregated(real, days), Float64Array.from(pooled));
    });
    all.push(distances);
    seconds.push(made.seconds);
    console.log(`seed ${seed}: ${made.totalSteps} steps of ${made.millisecondsPerStep.toFixed(1)} ms, EMD ${distances.map((value) => value.toFixed(5)).join(', ')}`);
  }
  console.log(`| model | ${horizons.map((days) => `${days} days`).join(' | ')} | seconds a run | load |`);
  console.log(`| --- |${' --- |'.repeat(horizons.length + 2)}`);
  const cells = horizons.map((_, k) => shown(all.map((distances) => distances[k] ?? Number.NaN), 5));
  console.log(`| \`quantgan\` | ${cells.join(' | ')} | ${seconds.map((value) => value.toFixed(0)).join(', ')} | ${loadavg()[0]?.toFixed(1)} |`);
}

try {
  if (parts.includes('stock')) await stock();
  if (parts.includes('returns')) await returns();
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
