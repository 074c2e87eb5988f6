/**
 * `npm run bench:memory`: peak memory of a training of `ctgan` on a table of 15 columns, with its encoded rows in memory
 * and on disk, each in a process of its own; that the weights are equal; what a step then takes.
 *
 * BENCH_ROWS: rows (1000000). BENCH_STEPS: steps (100). BENCH_FOLDER: a folder on disk (dist).
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { buildTrainerProgram, root } from './trainer-program.mjs';

const rows = Number(process.env.BENCH_ROWS ?? 1_000_000);
const steps = process.env.BENCH_STEPS ?? '100';
const within = process.env.BENCH_FOLDER ?? join(root, 'dist');
/** More than any table needs. */
const all = '1000000';

const built = buildTrainerProgram('memory-bench');
mkdirSync(within, { recursive: true });
const folder = mkdtempSync(join(within, 'bench-memory-'));
const call = (...given) => execFileSync(process.execPath, [built, ...given], { encoding: 'utf8' });

try {
  console.log(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`);
  const measured = [];
  for (const [name, rowCount, memory] of [
    ['10,000 rows, in memory', 10_000, all],
    ['in memory', rows, all],
    ['on disk', rows, '0'],
  ]) {
    const table = join(folder, `${rowCount}.parquet`);
    if (memory === all) call('make', table, String(rowCount));
    measured.push({ name, ...JSON.parse(call('train', table, memory, steps)) });
  }
  console.log(`\n${rows.toLocaleString('en')} rows x 15 columns, ${steps} steps`);
  console.log('| encoded rows | peak memory | to prepare | a step | weights |\n| --- | --- | --- | --- | --- |');
  for (const { name, peakMb, prepareSeconds, stepMs, weights } of measured) {
    console.log(`| ${name} | ${peakMb} MB | ${prepareSeconds.toFixed(1)} s | ${stepMs.toFixed(1)} ms | ${weights} |`);
  }
  const [small, inMemory, onDisk] = measured;
  console.log(`\nin memory / on disk: ${(inMemory.peakMb / onDisk.peakMb).toFixed(2)}`);
  console.log(
    `beyond a table of 10,000 rows: ${inMemory.peakMb - small.peakMb} MB in memory, ${onDisk.peakMb - small.peakMb} MB on disk`,
  );
  if (inMemory.weights !== onDisk.weights) throw new Error('the weights differ');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
