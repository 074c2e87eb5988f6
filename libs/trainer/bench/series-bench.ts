import { readFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Cell, DatasetColumn } from '@gan-dashboard/shared-types';
import type { SourceTable } from '../src/data/parquet';
import { openEngines } from '../src/engine/engines';
import { parseModelConfig } from '../src/models/catalog';
import { openModel } from '../src/models/open-model';
import { earthMoverDistance } from '../src/quality/series/moments';
import { discriminativeScore, predictiveScore } from '../src/quality/series/window-scores';
import type { QualityTable } from '../src/quality/table';

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
/** Updates of the networks that score; fewer only to see that all of it works. */
const iterations =
  process.env['BENCH_ITERATIONS'] === undefined ? {} : { iterations: Number(process.env['BENCH_ITERATIONS']) };

const engine = openEngines({ log: (line) => console.log(line), clock: performance, cores: availableParallelism() });

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
  const columns = taken.map((name): DatasetColumn => ({
    name,
    type: 'number',
    role: 'numeric',
    missing: 0,
    distinct: 2,
  }));
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
async function synthesise(
  name: string,
  settings: Record<string, unknown>,
  work: { table: Table; seed: number; sequences: number; length?: number },
) {
  const parsed = parseModelConfig(name, { ...settings, ...given });
  if (!parsed.ok) throw new Error(parsed.errors.map(({ message }) => message).join(' '));
  const { config } = parsed;
  const { table, seed, sequences, length } = work;
  const model = openModel(name, config, engine);
  const source = sourceOf(table);
  const fitted = await model.fit(source, table.columns, { seed, onColumn: () => Promise.resolve() });
  const totalSteps = Number(process.env['BENCH_STEPS'] ?? model.stepsPerEpoch(source.rowCount) * config.epochs);
  const start = performance.now();
  const before = process.cpuUsage();
  for (let step = 0; step < totalSteps; step++) {
    const metrics = fitted.model.step({ step, totalSteps });
    if (step % 250 === 0 && process.env['BENCH_VERBOSE']) {
      const shown = Object.entries(metrics).map(([key, value]) => `${key} ${value.toFixed(3)}`);
      console.log(step, shown.join(' '));
    }
    if (step % 20 === 0) await setImmediate();
  }
  const seconds = (performance.now() - start) / 1_000;
  // On a shared machine the time of the processor says more than that of the clock.
  const { user, system } = process.cpuUsage(before);
  const millisecondsPerStep = (user + system) / 1_000 / totalSteps;
  const { transforms, rowCount } = fitted;
  const sampler = await model.openSampler({
    ...{ transforms, rowCount, state: fitted.model.getState(), madeBy: fitted.engine },
    sequences: { length },
  });
  const rowsEach = length ?? Number(config['sequence_length']);
  const rows = sampler.draw({ from: 0, rows: sequences * rowsEach }, 42);
  const drawn = Array.from({ length: sequences }, (_, i) => rows.slice(i * rowsEach, (i + 1) * rowsEach));
  return { drawn, seconds, millisecondsPerStep, totalSteps };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / Math.max(1, values.length - 1));
const shown = (values: readonly number[], digits = 3) =>
  `**${mean(values).toFixed(digits)}** ± ${deviation(values).toFixed(digits)} (${values.map((value) => value.toFixed(digits)).join(', ')})`;

/** Rows with the number of their sequence before them, to be scored. */
function scoredTable({ columns }: Table, rows: readonly (readonly (Cell | number)[])[]): QualityTable {
  const names = ['sequence', ...columns.map(({ name }) => name)];
  return {
    rowCount: rows.length,
    columns: names.map((name, k) => ({
      ...{ name, role: 'numeric' },
      data: { kind: 'quantity', values: Float64Array.from(rows, (row) => Number(row[k])) },
    })),
  };
}

async function stock(): Promise<void> {
  const table = await readCsv(stockPath);
  const window = 24;
  const real = scoredTable(
    table,
    table.rows.map((row) => [1, ...row]),
  );
  const sequences = table.rows.length - window + 1;
  const all: Record<'discriminative' | 'block' | 'predictive' | 'seconds', number>[] = [];
  let best = Number.NaN;
  for (const seed of seeds) {
    const made = await synthesise('doppelganger', { sequence_length: window }, { table, seed, sequences });
    const synthetic = scoredTable(table, made.drawn.flat());
    const options = { key: 'sequence', window, seed, ...iterations };
    const predictive = predictiveScore(real, synthetic, options);
    best = predictive.real;
    const scores = {
      discriminative: discriminativeScore(real, synthetic, { ...options, split: 'random' }).score,
      block: discriminativeScore(real, synthetic, { ...options, split: 'block' }).score,
      predictive: predictive.synthetic,
    };
    all.push({ ...scores, seconds: made.seconds });
    const told = Object.entries(scores).map(([name, value]) => `${name} ${value.toFixed(4)}`);
    console.log(
      `seed ${seed}: ${made.totalSteps} steps of ${made.millisecondsPerStep.toFixed(1)} ms, ${told.join(', ')}`,
    );
  }
  console.log('| model | discriminative | by blocks | predictive | seconds a run | load |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  const cells = [
    shown(all.map(({ discriminative }) => discriminative)),
    shown(all.map(({ block }) => block)),
    shown(
      all.map(({ predictive }) => predictive),
      4,
    ),
    all.map(({ seconds }) => seconds.toFixed(0)).join(', '),
  ];
  console.log(`| \`doppelganger\` | ${cells.join(' | ')} | ${loadavg()[0]?.toFixed(1)} |`);
  console.log(`predictive, learned from the real windows: ${best.toFixed(4)}`);
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
      return earthMoverDistance(aggregated(real, days), Float64Array.from(pooled)) ?? Number.NaN;
    });
    all.push(distances);
    seconds.push(made.seconds);
    console.log(
      `seed ${seed}: ${made.totalSteps} steps of ${made.millisecondsPerStep.toFixed(1)} ms of processor, EMD ${distances.map((value) => value.toFixed(5)).join(', ')}`,
    );
  }
  console.log(`| model | ${horizons.map((days) => `${days} days`).join(' | ')} | seconds a run | load |`);
  console.log(`| --- |${' --- |'.repeat(horizons.length + 2)}`);
  const cells = horizons.map((_, k) =>
    shown(
      all.map((distances) => distances[k] ?? Number.NaN),
      5,
    ),
  );
  console.log(
    `| \`quantgan\` | ${cells.join(' | ')} | ${seconds.map((value) => value.toFixed(0)).join(', ')} | ${loadavg()[0]?.toFixed(1)} |`,
  );
}

if (parts.includes('stock')) await stock();
if (parts.includes('returns')) await returns();
process.exit(0);
