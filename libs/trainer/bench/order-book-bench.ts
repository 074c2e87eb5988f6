import type { Cell, DatasetColumn } from '@gan-dashboard/shared-types';
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFaults } from '../src/data/order-book/book-faults';
import { bookLayoutOf } from '../src/data/order-book/book-layout';
import type { BookLayout } from '../src/data/order-book/book-layout';
import { openParquet } from '../src/data/parquet';
import { openEngines } from '../src/engine/engines';
import { ksComplement } from '../src/quality';
import { Random } from '../src/random/random';
import { synthesise } from './synthesise';

/**
 * How good synthetic order books are: trains on the treasury sample, draws 100,000 rows, counts rows that are no valid
 * book and compares the laws of spread, mid, gaps and sizes with those of the valid rows. Prints a table for
 * docs/quality.md: for each model the mean of the seeds, and all.
 */
const csv = process.argv[2] ?? '';
const list = (name: string, fallback: string) => (process.env[name] ?? fallback).split(',');
const models = list('BENCH_MODELS', 'wgan-gp,ctgan');
const epochs = Number(process.env['BENCH_EPOCHS'] ?? '100');
const seeds = list('BENCH_SEEDS', '1,2,3').map(Number);

const levels = 5;
const drawnRows = 100_000;
const tick = 0.0001;

const columns: DatasetColumn[] = [
  { name: 'timestamp', type: 'datetime', role: 'datetime', missing: 0, distinct: 2 },
  ...Array.from({ length: levels }, (_, index) => index + 1).flatMap((level) =>
    (['bid', 'ask'] as const).flatMap((side): DatasetColumn[] => [
      {
        ...{ name: `${side}_price_${level}`, type: 'number', role: 'numeric', decimals: 4, missing: 0, distinct: 2 },
        order_book: { side, quantity: 'price', level, tick_size: tick },
      },
      {
        ...{ name: `${side}_size_${level}`, type: 'integer', role: 'numeric', missing: 0, distinct: 2 },
        order_book: { side, quantity: 'size', level },
      },
    ]),
  ),
];
const layout = bookLayoutOf(columns) as BookLayout;
const indexOf = new Map(columns.map(({ name }, index) => [name, index]));

/** What is compared: its name, and how it follows from a row. */
type Law = [name: string, of: (at: (column: string) => number) => number];
const depths = Array.from({ length: levels }, (_, index) => index + 1);
const sideTotal = (at: (column: string) => number, side: string) =>
  depths.reduce((sum, level) => sum + at(`${side}_size_${level}`), 0);
const laws: Law[] = [
  ['spread', (at) => at('ask_price_1') - at('bid_price_1')],
  ['mid', (at) => at('ask_price_1') + at('bid_price_1')],
  ...depths.flatMap((level): Law[] =>
    ['bid', 'ask'].map((side): Law => [`size ${side} ${level}`, (at) => at(`${side}_size_${level}`)]),
  ),
  ...depths
    .slice(1)
    .flatMap((level): Law[] =>
      ['bid', 'ask'].map((side): Law => [
        `gap ${side} ${level}`,
        (at) => Math.abs(at(`${side}_price_${level}`) - at(`${side}_price_${level - 1}`)),
      ]),
    ),
  ['depth bid', (at) => sideTotal(at, 'bid')],
  ['depth ask', (at) => sideTotal(at, 'ask')],
  ['imbalance', (at) => (at('bid_size_1') - at('ask_size_1')) / (at('bid_size_1') + at('ask_size_1'))],
];

type Rows = readonly (readonly Cell[])[];

function valuesOf(rows: Rows, [, of]: Law): Float64Array {
  return Float64Array.from(rows, (row) => of((name) => Number(row[indexOf.get(name) ?? -1])));
}

/** Rows that are crossed or out of order, by comparing the cells as they were written. */
function faultyRows(rows: Rows): number {
  const upwards = [
    ...depths.map((level) => `bid_price_${level}`).reverse(),
    ...depths.map((level) => `ask_price_${level}`),
  ];
  const places = upwards.map((name) => indexOf.get(name) ?? -1);
  return rows.filter((row) => places.some((place, i) => i > 0 && Number(row[place]) <= Number(row[places[i - 1] ?? 0])))
    .length;
}

function badSizes(rows: Rows): number {
  const places = [...indexOf].filter(([name]) => name.includes('size')).map(([, place]) => place);
  return rows.filter((row) => places.some((place) => !(Number(row[place]) > 0) || !Number.isInteger(row[place])))
    .length;
}

/** KS complement of each law, and what is said of them: spread, mid, sizes (mean, least), gaps (mean, least), depth, imbalance. */
function scores(real: Rows, synthetic: Rows): number[] {
  const found = new Map(
    laws.map((law) => [law[0], ksComplement(valuesOf(real, law), valuesOf(synthetic, law)) ?? Number.NaN]),
  );
  const of = (prefix: string) => [...found].filter(([name]) => name.startsWith(prefix)).map(([, score]) => score);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [sizes, gaps] = [of('size'), of('gap')];
  return [
    ...[...of('spread'), ...of('mid')],
    ...[mean(sizes), Math.min(...sizes), mean(gaps), Math.min(...gaps)],
    ...[mean(of('depth')), ...of('imbalance')],
  ];
}

const folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-bench-order-book-'));
try {
  const parquet = join(folder, 'book.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (SELECT * FROM read_csv('${csv}')) TO '${parquet}' (FORMAT parquet)`);
  connection.closeSync();
  const source = await openParquet(parquet, columns);
  const read = await Promise.all(columns.map((column) => source.read(column)));
  const faults = await findFaults(source, layout);
  const all = Array.from({ length: source.rowCount }, (_, row) =>
    read.map((column) => (column.kind === 'quantity' ? (column.values[row] ?? null) : null)),
  );
  const valid = all.filter((_, row) => faults[row] === 0);
  console.log(`${all.length} rows, ${valid.length} valid books, ${faultyRows(all)} crossed or out of order\n`);
  console.log(
    '| model | crossed or out of order in 100,000 | sizes not positive | spread | mid | sizes, mean | least | gaps, mean | least | depth | imbalance | seconds |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  const shuffled = Array.from(Random.of(1).permutation(valid.length), (row) => valid[row] ?? []);
  const half = shuffled.length >> 1;
  const ceiling = scores(shuffled.slice(0, half), shuffled.slice(half)).map((score) => score.toFixed(3));
  console.log(`| real halves (ceiling) | 0 | 0 | ${ceiling.join(' | ')} | |`);
  const engine = openEngines({ log: () => undefined, clock: performance, cores: availableParallelism() });
  for (const model of models) {
    const results: { faulty: number; sizes: number; scores: number[]; seconds: number }[] = [];
    for (const seed of seeds) {
      const task = { model, config: { epochs }, seed, source, columns, rows: drawnRows, engine };
      const { cells, seconds } = await synthesise(task);
      results.push({ faulty: faultyRows(cells), sizes: badSizes(cells), scores: scores(valid, cells), seconds });
    }
    const means = ceiling.map((_, index) => {
      const each = results.map((result) => result.scores[index] ?? Number.NaN);
      const mean = each.reduce((sum, score) => sum + score, 0) / each.length;
      return `**${mean.toFixed(3)}** (${each.map((score) => score.toFixed(3)).join(', ')})`;
    });
    const sum = (key: 'faulty' | 'sizes') => results.map((result) => result[key]).join(', ');
    const seconds = results.map((result) => result.seconds.toFixed(0)).join(', ');
    console.log(
      `| \`${model}\`, ${epochs} epochs | ${sum('faulty')} | ${sum('sizes')} | ${means.join(' | ')} | ${seconds} |`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
