import { availableParallelism, cpus } from 'node:os';
import { fullReport } from '../src/quality';
import type { QualityTable } from '../src/quality';
import { shuffleColumns } from '../src/quality/reference-reports';
import { takeRows } from '../src/quality/table';
import { readCsv } from '../src/quality/testing/csv';
import { Random } from '../src/random/random';

/**
 * How long a full quality report takes: 50,000 real and as many synthetic rows of UCI Adult's shape (its rows, drawn
 * with replacement; the synthetic ones with columns shuffled), with 10,000 held-out rows and a target. Prints seconds
 * by the clock and of the processor for each section: on a machine that is busy with other work the latter counts.
 */
const csv = process.argv[2] ?? '';
const rows = Number(process.env['BENCH_ROWS'] ?? 50_000);
const numbers = ['age', 'fnlwgt', 'education-num', 'capital-gain', 'capital-loss', 'hours-per-week'];
const categories = [
  ...['workclass', 'education', 'marital-status', 'occupation', 'relationship', 'race', 'sex', 'native-country'],
  'income',
];
const adult = readCsv(
  csv,
  Object.fromEntries([
    ...numbers.map((name) => [name, 'numeric'] as const),
    ...categories.map((name) => [name, 'categorical'] as const),
  ]),
);

function drawn(count: number, seed: number): QualityTable {
  const random = Random.of(seed, 'bench rows');
  return takeRows(
    adult,
    Uint32Array.from({ length: count }, () => random.integer(adult.rowCount)),
  );
}

const seconds = () => ({ clock: performance.now() / 1_000, processor: process.cpuUsage().user / 1_000_000 });
const [real, synthetic, holdout] = [drawn(rows, 1), shuffleColumns(drawn(rows, 2), 3), drawn(10_000, 4)];
const start = seconds();
let last = { section: 'start', ...start };
const report = await fullReport({
  ...{ real, synthetic, holdout, target: 'income', seed: 1 },
  progress: ({ section }) => {
    const now = seconds();
    const spent = [now.clock - last.clock, now.processor - last.processor].map((each) => each.toFixed(2)).join(' / ');
    if (last.section !== 'start') console.log(`${last.section}: ${spent} s`);
    last = { section, ...now };
  },
});
const end = seconds();
const [clock, processor] = [end.clock - start.clock, end.processor - start.processor].map((each) => each.toFixed(2));
console.log(`${rows} rows, ${report.scores.length} scores: ${clock} s by the clock, ${processor} s of the processor`);
console.log(`${availableParallelism()} x ${cpus()[0]?.model}, Node ${process.version}`);
for (const bound of report.bounds)
  console.log(`${bound.section} read ${bound.rows} of ${bound.of} ${bound.table} rows`);
