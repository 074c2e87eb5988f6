/**
 * `npm run bench:sampling`: rows a second of what a sample costs beside its generator, at the shape of the Adult
 * table (6 whole numbers, 9 columns of categories): encoded rows to cells, and cells to a CSV file.
 * In CPU seconds of one thread.
 *
 * BENCH_ROUNDS: how many rounds (7); BENCH_ROWS: rows of each (200000).
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const rows = Number(process.env.BENCH_ROWS ?? 200_000);
const chunkRows = 500;
const blockBytes = 1 << 20;

const categories = [9, 16, 7, 15, 6, 5, 2, 42, 2];
const column = (name, type, role) => ({ name, type, role, missing: 0, distinct: 2 });
const counts = (size) => Array.from({ length: size }, (_, i) => size - i);

/** Quantities of 8 modes; the last two have a special 0 and a logarithmic scale, as the gain and the loss of Adult. */
function quantity(index) {
  const isLong = index > 3;
  const components = Array.from({ length: 8 }, (_, i) => ({
    mean: isLong ? i : 10 * i,
    std: 2,
    weight: 1,
    log_offset: 0,
  }));
  return {
    kind: 'continuous',
    column: column(`quantity_${index}`, 'integer', 'numeric'),
    scale: isLong ? { kind: 'log', shift: 1 } : { kind: 'linear' },
    ...{ components, low: 0, high: isLong ? 11.5 : 100, special: isLong ? [0] : [], counts: counts(isLong ? 9 : 8) },
    ...{ missing: 0, grid: { origin: 0, step: 1 }, decimals: null, smallest: 0, largest: isLong ? 99_999 : 100 },
  };
}

const transforms = [
  ...Array.from({ length: 6 }, (_, index) => quantity(index)),
  ...categories.map((size, index) => ({
    kind: 'categorical',
    column: column(`category_${index}`, 'text', 'categorical'),
    values: Array.from({ length: size }, (_, i) => ` Some-value-${i}`),
    ...{ counts: counts(size), rest: null, missing: 0 },
  })),
];

/** What is measured, built as the server's build does it. */
async function load(folder) {
  const entry = join(folder, 'entry.ts');
  const source = (path) => JSON.stringify(join(root, 'libs/trainer/src', path));
  const names = ['data/csv-writer', 'data/sparse-layout', 'data/sparse-row-decoder', 'random/random'];
  writeFileSync(entry, names.map((name) => `export * from ${source(name)};`).join('\n'));
  const options = ['--ssr', entry, '--outDir', folder, '--target', 'node24', '--logLevel', 'error'];
  execFileSync(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', ...options], {
    cwd: join(root, 'libs/trainer'),
  });
  return import(pathToFileURL(join(folder, 'entry.js')).href);
}

function encodedChunk({ Random }, { layout }) {
  const random = Random.of(1);
  const widths = layout.spans.flatMap((span) => (span.kind === 'choice' ? [span.width] : []));
  return {
    rowCount: chunkRows,
    numbers: random.fillUniform(new Float32Array(chunkRows * 6), -1, 1),
    choices: Uint16Array.from({ length: chunkRows * widths.length }, (_, i) =>
      random.integer(widths[i % widths.length]),
    ),
  };
}

/** Seconds that this thread has computed: what else the machine does is left out. */
function cpuSeconds() {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}

/** Decodes all rows and gives each chunk to `write`. @returns seconds, of the whole as the clock of a thread is coarse */
async function round(built, write) {
  const layout = built.sparseLayoutOf(transforms, true);
  const encoded = encodedChunk(built, layout);
  const start = cpuSeconds();
  for (let from = 0; from < rows; from += chunkRows) {
    const random = built.Random.of(1, 'sample', from);
    const decode = built.sparseRowDecoder(transforms, layout, 1);
    await write(Array.from({ length: chunkRows }, (_, i) => decode(encoded, i, from + i, random)));
  }
  await write(null);
  return cpuSeconds() - start;
}

async function roundWithFile(built, path) {
  const file = await open(path, 'w');
  const seconds = await round(built, writerOf(built, file));
  await file.close();
  return seconds;
}

function writerOf({ CsvWriter }, file) {
  const csv = new CsvWriter(transforms.map((transform) => transform.column));
  return async (cells) => {
    for (const row of cells ?? []) csv.add(row);
    if (!cells || csv.byteLength >= blockBytes) await file.appendFile(csv.take());
  };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function main() {
  mkdirSync(join(root, 'dist/bench'), { recursive: true });
  const folder = mkdtempSync(join(root, 'dist/bench/sampling-'));
  try {
    const built = await load(folder);
    const times = { decoded: [], written: [] };
    for (let i = 0; i <= rounds; i++) {
      times.decoded.push(await round(built, () => Promise.resolve()));
      times.written.push(await roundWithFile(built, join(folder, 'rows.csv')));
    }
    // The first round warms up.
    const rate = (seconds) => Math.round(rows / median(seconds.slice(1))).toLocaleString('en');
    console.log(`decoded: ${rate(times.decoded)} rows/s`);
    console.log(`decoded and written: ${rate(times.written)} rows/s (load ${loadavg()[0].toFixed(2)})`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
