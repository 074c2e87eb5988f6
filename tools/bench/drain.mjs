/**
 * `npm run bench:drain`: a queue of 100 short runs on two worker processes, one of which is killed (-9) every 5 seconds
 * and started again. Prints what became of the runs, and ends with an error when one was lost or done twice. Needs a
 * build (`npm run build`). BENCH_RUNS, BENCH_KILL_SECONDS and BENCH_SLOTS change the numbers.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = process.env.BENCH_BUILD ?? fileURLToPath(new URL('../../dist/apps/api/main.js', import.meta.url));
const runCount = Number(process.env.BENCH_RUNS ?? 100);
const killEveryMs = Number(process.env.BENCH_KILL_SECONDS ?? 5) * 1_000;
const slots = Number(process.env.BENCH_SLOTS ?? 2);
const patienceMs = 30 * 60_000;
const finalStatuses = new Set(['completed', 'failed', 'stopped']);
/** Some seconds of training each: long enough to be killed in, short enough for a hundred. */
const config = {
  epochs: 60,
  batch_size: 50,
  steps_per_epoch: 4,
  generator_layers: [16],
  critic_layers: [16],
  checkpoint_every: 10,
};

const folder = mkdtempSync(join(tmpdir(), 'gan-dashboard-drain-'));
// As root the database belongs to another user, who must be able to enter.
chmodSync(folder, 0o755);
const processes = new Set();

/** A process of the dashboard; all share the embedded database of the folder. */
async function start(role) {
  const environment = {
    ROLE: role,
    PORT: '0',
    DATA_DIR: folder,
    LOG_LEVEL: 'error',
    MAX_CONCURRENT_RUNS: String(slots),
  };
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  processes.add(child);
  child.once('exit', () => processes.delete(child));
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /is ready: (http\S+)\//.exec(line)?.[1];
    if (url) return { child, url };
  }
  throw new Error(`the ${role} process did not start`);
}

async function stop(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

async function ask(url, path, init) {
  const answer = await fetch(`${url}/api/v1${path}`, init);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function upload(url) {
  const rows = Array.from(
    { length: 200 },
    (_, index) => `${Math.sin(index).toFixed(4)},${index % 7},${'abc'[index % 3]}`,
  );
  const form = new globalThis.FormData();
  form.set('file', new globalThis.Blob([`wave,week,letter\n${rows.join('\n')}\n`], { type: 'text/csv' }), 'drain.csv');
  const { id } = await ask(url, '/datasets', { method: 'POST', body: form });
  for (;;) {
    const dataset = await ask(url, `/datasets/${id}`);
    if (dataset.status === 'ready') return id;
    if (dataset.status === 'failed') throw new Error(dataset.error);
    await delay(100);
  }
}

async function enqueue(url, datasetId) {
  const ids = [];
  for (let index = 0; index < runCount; index++) {
    const body = JSON.stringify({ dataset_id: datasetId, model: 'wgan-gp', config, seed: index });
    const headers = { 'content-type': 'application/json' };
    ids.push((await ask(url, '/runs', { method: 'POST', headers, body })).id);
  }
  return ids;
}

/** Kills one worker after the other and starts another in its place, until it is told to end. @returns how many */
async function disturb(workers, signal) {
  for (let kills = 0; ; kills++) {
    await delay(killEveryMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return kills;
    const index = kills % workers.length;
    await stop(workers[index].child, 'SIGKILL');
    workers[index] = await start('worker');
  }
}

async function allRuns(url) {
  const runs = [];
  for (let cursor = ''; cursor !== null;) {
    const page = await ask(url, `/runs?limit=100${cursor && `&cursor=${cursor}`}`);
    runs.push(...page.items);
    cursor = page.next_cursor;
  }
  return runs;
}

/**
 * A run that is killed three times in a row before its first epoch is left to a person, who resumes it; on a machine so
 * slow that a trainer starts for longer than a worker lives, that happens here. @returns how often
 */
async function untilDrained(url) {
  const deadline = Date.now() + patienceMs;
  for (let resumed = 0; ;) {
    const runs = await allRuns(url);
    if (runs.every(({ status }) => finalStatuses.has(status))) return resumed;
    if (Date.now() > deadline) throw new Error('the queue was not drained within half an hour');
    for (const { id } of runs.filter(({ status }) => status === 'interrupted')) {
      await ask(url, `/runs/${id}/resume`, { method: 'POST' });
      resumed++;
    }
    await delay(500);
  }
}

/** Everything that the log of a run says of its attempts, and whether it has a hole. */
async function historyOf(url, run) {
  const events = [];
  for (let after = 0; after !== null;) {
    const page = await ask(url, `/runs/${run.id}/events?after=${after}&limit=5000`);
    events.push(...page.items);
    after = page.next_after;
  }
  const statuses = events.filter(({ type }) => type === 'status_update').map(({ data }) => data.status);
  const count = (status) => statuses.filter((it) => it === status).length;
  const percents = events.filter(({ type }) => type === 'progress').map(({ data }) => data.progress_percent);
  return {
    status: run.status,
    attempt: run.attempt,
    events: events.length,
    completed: count('completed'),
    starts: count('starting'),
    interrupted: count('interrupted'),
    ends: events.filter(({ type }) => type === 'training_complete').length,
    hasHole: events.some(({ seq }, index) => seq !== index + 1) || events.length !== run.last_seq,
    fellBack: percents.some((percent, index) => percent < (percents[index - 1] ?? 0)),
  };
}

function print(histories, { kills, resumed, seconds, queueSeconds }) {
  const sum = (read) => histories.reduce((total, history) => total + Number(read(history)), 0);
  const most = Math.max(...histories.map(({ attempt }) => attempt));
  const spread = Array.from({ length: most }, (_, index) => {
    return `${histories.filter(({ attempt }) => attempt === index + 1).length} × ${index + 1}`;
  });
  const rows = {
    runs: runCount,
    'worker processes, slots each': `2, ${slots}`,
    'workers killed with SIGKILL': kills,
    'completed exactly once': sum(
      ({ status, completed, ends }) => status === 'completed' && completed === 1 && ends === 1,
    ),
    'lost (not completed)': sum(({ status }) => status !== 'completed'),
    'completed more than once': sum(({ completed }) => completed > 1),
    interruptions: sum(({ interrupted }) => interrupted),
    'resumed by hand after three fruitless attempts': resumed,
    'runs × attempts': spread.join(', '),
    'attempts that do not match the log': sum(({ attempt, starts }) => attempt !== starts),
    events: sum(({ events }) => events),
    'logs with a hole': sum(({ hasHole }) => hasHole),
    'runs whose progress fell': sum(({ fellBack }) => fellBack),
    'queued in': `${queueSeconds.toFixed(1)} s`,
    'drained in': `${seconds.toFixed(0)} s`,
  };
  console.log(`\n${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.versions.node}\n`);
  console.log('| drain | |\n| --- | --- |');
  for (const [name, value] of Object.entries(rows)) console.log(`| ${name} | ${value} |`);
  return rows;
}

async function drain() {
  const { url } = await start('web');
  const datasetId = await upload(url);
  const before = performance.now();
  await enqueue(url, datasetId);
  const queued = performance.now();
  const workers = [await start('worker'), await start('worker')];
  const over = new globalThis.AbortController();
  const disturbing = disturb(workers, over.signal);
  const resumed = await untilDrained(url).finally(() => over.abort());
  const seconds = (performance.now() - queued) / 1_000;
  const kills = await disturbing;
  const histories = [];
  for (const run of await allRuns(url)) histories.push(await historyOf(url, run));
  const rows = print(histories, { kills, resumed, seconds, queueSeconds: (queued - before) / 1_000 });
  const isSound =
    histories.length === runCount &&
    rows['completed exactly once'] === runCount &&
    rows['logs with a hole'] === 0 &&
    rows['runs whose progress fell'] === 0;
  if (!isSound) process.exitCode = 1;
}

try {
  await drain();
} finally {
  // The web process has started the database and ends it, so it comes last.
  for (const child of [...processes].reverse()) await stop(child, 'SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
