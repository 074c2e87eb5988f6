/**
 * `npm run bench:trainer`: milliseconds of one training step (an update of the critic and one of the generator) at the
 * shape of the Adult table: the fused engine on 1 and 2 threads with the lanes that it chooses (8 where the machine has
 * them), with 4 lanes, and TensorFlow.js on WebAssembly. Rounds are interleaved, so that what else the machine does falls
 * on all of them. Prints a table for docs/performance.md.
 *
 * BENCH_ROUNDS: how many rounds (9).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createTensorflowStep } from './trainer-tensorflow.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rounds = Number(process.env.BENCH_ROUNDS ?? 9);
const fusedSteps = 20;
const tensorflowSteps = 2;
const seed = 1;

// Adult as CTGAN encodes it: 6 numbers, each with the modes of its mixture, and 9 columns of 104 categories.
const modes = [8, 8, 8, 8, 7, 7];
const categories = [9, 16, 7, 15, 6, 5, 2, 42, 2];
const rowCount = 32_561;

function adultLayout() {
  const spans = [];
  let width = 0;
  const choice = (size) => {
    spans.push({ kind: 'choice', start: width, width: size });
    width += size;
  };
  for (const size of modes) {
    spans.push({ kind: 'number', start: width++ });
    choice(size);
  }
  for (const size of categories) choice(size);
  return { width, spans, conditions: categories.map((_, index) => 2 * modes.length + index) };
}

const shape = {
  layout: adultLayout(),
  latentDim: 128,
  generator: { layers: [256, 256], kind: 'residual', gumbelTemperature: 0.2 },
  critic: { layers: [256, 256], leak: 0.2, dropout: 0.5, pac: 10 },
  loss: 'wasserstein',
};
const adam = { beta1: 0.5, beta2: 0.9, decay: 1e-6 };
const settings = {
  ...{ batchSize: 500, criticSteps: 1, gradientPenaltyWeight: 10, realTarget: 1 },
  ...{ conditionWeight: 1, featureMatchWeight: 0, generator: adam, critic: adam, generatorAverage: 0.999 },
};

/** A generator of numbers in [0, 1) (Numerical Recipes' congruential one): the same rows in every run. */
function randomOf(state) {
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

function createRows() {
  const random = randomOf(seed);
  const widths = shape.layout.spans.filter(({ kind }) => kind === 'choice').map(({ width }) => width);
  return {
    rowCount,
    numbers: Float32Array.from({ length: rowCount * modes.length }, () => 2 * random() - 1),
    choices: Uint16Array.from({ length: rowCount * widths.length }, (_, i) => {
      return Math.floor(random() * random() * widths[i % widths.length]);
    }),
  };
}

/** Dense batches for TensorFlow.js: random rows, and a random category of a random column as condition. */
function batchesOf(rows) {
  const random = randomOf(seed + 1);
  const { layout } = shape;
  const total = categories.reduce((sum, size) => sum + size);
  const choices = layout.spans.length - modes.length;
  return () => {
    const dense = new Float32Array(settings.batchSize * layout.width);
    const [conditions, realConditions] = [0, 1].map(() => new Float32Array(settings.batchSize * total));
    for (let i = 0; i < settings.batchSize; i++) {
      const row = Math.floor(random() * rowCount);
      let number = 0;
      let choice = 0;
      for (const { kind, start } of layout.spans) {
        if (kind === 'number') dense[i * layout.width + start] = rows.numbers[row * modes.length + number++];
        else dense[i * layout.width + start + rows.choices[row * choices + choice++]] = 1;
      }
      for (const vector of [conditions, realConditions]) vector[i * total + Math.floor(random() * total)] = 1;
    }
    return { rows: dense, conditions, realConditions };
  };
}

/** The engine, built as the server's build does it; by a process of its own, whose memory does not count here. */
async function loadFused(folder) {
  const trainer = join(root, 'libs/trainer');
  const options = [
    '--ssr',
    'src/engine/fused/index.ts',
    '--outDir',
    folder,
    '--target',
    'node24',
    '--logLevel',
    'error',
  ];
  execFileSync(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', ...options], { cwd: trainer });
  return import(pathToFileURL(join(folder, 'index.js')).href);
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const megabytes = () => Math.round(process.memoryUsage().rss / 1e6);

/** Takes `count` steps. @returns milliseconds of one, on the clock and of all threads' work */
function time(count, step) {
  const start = performance.now();
  const before = process.cpuUsage();
  for (let i = 0; i < count; i++) step();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / count, cpu: (user + system) / 1000 / count };
}

function fusedContender(gan) {
  let step = 0;
  const parts = { data: [], critic: [], generator: [] };
  const take = () => {
    const { milliseconds } = gan.step({ step: step++, generatorRate: 2e-4, criticRate: 2e-4 });
    for (const [name, values] of Object.entries(parts)) values.push(milliseconds[name]);
  };
  return { gan, parts, times: [], round: () => time(fusedSteps, take) };
}

async function run(folder) {
  const { createFusedGan } = await loadFused(folder);
  const rows = createRows();
  const contenders = {};
  for (const threads of [1, 2]) {
    const gan = createFusedGan(shape, settings, rows, { threads, seed, clock: performance });
    await gan.ready();
    contenders[threads] = fusedContender(gan);
    const narrow = createFusedGan(shape, settings, rows, { threads, seed, clock: performance, lanes: 4 });
    await narrow.ready();
    contenders[`narrow${threads}`] = fusedContender(narrow);
  }
  for (const { round } of Object.values(contenders)) round();
  const memory = megabytes();
  const total = categories.reduce((sum, size) => sum + size);
  const step = await createTensorflowStep(shape, settings, { categories: total, drawBatch: batchesOf(rows) });
  contenders.tensorflow = { times: [], round: () => time(tensorflowSteps, step) };
  contenders.tensorflow.round();
  for (let i = 0; i < rounds; i++) {
    for (const contender of Object.values(contenders)) contender.times.push(contender.round());
  }
  report(contenders, memory);
  await Promise.all(Object.values(contenders).map(({ gan }) => gan?.dispose()));
}

function report({ 1: one, 2: two, narrow1, narrow2, tensorflow }, memory) {
  const load = readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 2).join(' ');
  console.log(`${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.version}, load average ${load}`);
  console.log(`${rounds} rounds of ${fusedSteps} (fused) and ${tensorflowSteps} (TensorFlow.js) steps, interleaved\n`);
  const wall = ({ times }) => times.map((one) => one.wall);
  const cell = (contender) => {
    const cpu = median(contender.times.map((one) => one.cpu)).toFixed(1);
    const least = Math.min(...wall(contender)).toFixed(1);
    return `median ${median(wall(contender)).toFixed(1)} ms, **least ${least} ms**; work of all threads ${cpu} ms`;
  };
  const partsOf = ({ parts }) =>
    Object.entries(parts)
      .map(([name, values]) => `${name} ${median(values).toFixed(1)}`)
      .join(', ');
  const ratio = (a, b) => median(wall(a).map((value, i) => value / wall(b)[i])).toFixed(1);
  console.log('| what | bar | measured |\n| --- | --- | --- |');
  console.log(`| fused, 1 thread | <= 26 ms | ${cell(one)} (${partsOf(one)}) |`);
  console.log(`| fused, 2 threads | <= 14 ms | ${cell(two)} (${partsOf(two)}) |`);
  console.log(`| fused, 1 thread, 4 lanes | - | ${cell(narrow1)} (${partsOf(narrow1)}) |`);
  console.log(`| fused, 2 threads, 4 lanes | - | ${cell(narrow2)} (${partsOf(narrow2)}) |`);
  console.log(`| 4 lanes / chosen lanes, 1 thread | - | **${ratio(narrow1, one)}** |`);
  console.log(`| TensorFlow.js, WebAssembly | - | ${cell(tensorflow)} |`);
  console.log(`| TensorFlow.js / fused, 2 threads | >= 25 | **${ratio(tensorflow, two)}** |`);
  console.log(`| TensorFlow.js / fused, 1 thread | - | **${ratio(tensorflow, one)}** |`);
  console.log(`| 1 thread / 2 threads | - | **${ratio(one, two)}** |`);
  console.log(`| memory of the process, four fused engines | <= 300 MB | **${memory} MB** |`);
}

const folder = mkdtempSync(join(tmpdir(), 'gan-dashboard-bench-'));
try {
  await run(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
