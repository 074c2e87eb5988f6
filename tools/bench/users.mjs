/**
 * `npm run bench:users`: people with several tabs each, on the topology of docker/compose.yaml as processes (two web
 * processes behind nginx, two workers, PostgreSQL, an S3 store). Each tab follows one run through nginx with the cookie
 * of its user; each run is reported from outside at a fixed rate; in the middle every process is restarted, one after the
 * other. Prints a table for docs/performance.md, and ends with an error when an event was lost or an answer was an error.
 * Needs a build (`npm run build`) and nginx. BENCH_SECONDS (600), BENCH_USERS (200), BENCH_TABS (3) and BENCH_RATE (20
 * events a second of each run, and so in each tab) change the numbers.
 */
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { cpus } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { openSession, signIn } from '../deploy/api-session.mjs';
import { Follower } from '../deploy/follower.mjs';
import { startTopology } from '../deploy/topology.mjs';
import { ensureNginx } from '../ensure-nginx.mjs';

const number = (name, otherwise) => Number(process.env[name] ?? otherwise);
const seconds = number('BENCH_SECONDS', 600);
const userCount = number('BENCH_USERS', 200);
/** As many runs as tabs: each user looks at all of them. */
const tabs = number('BENCH_TABS', 3);
const rate = number('BENCH_RATE', 20);
const warmUpMs = 15_000;
/** After the last process is ready again, until which what comes late counts for the restart. */
const settlingMs = 5_000;
const password = 'a password of the benchmark';
const agent = new Agent({ keepAlive: false, maxSockets: Infinity });
const load = () => readFileSync('/proc/loadavg', 'utf8').split(' ')[0];

/** Counts of whole milliseconds: millions of delays in little memory. */
class Delays {
  #counts = new Uint32Array(120_001);
  count = 0;

  add(ms) {
    this.#counts[Math.min(Math.max(Math.round(ms), 0), 120_000)] += 1;
    this.count += 1;
  }

  quantile(share) {
    let left = Math.ceil(this.count * share);
    for (let ms = 0; ms < this.#counts.length; ms++) {
      left -= this.#counts[ms];
      if (left <= 0) return this.count === 0 ? NaN : ms;
    }
    return NaN;
  }

  /** The delays of several as of one. */
  static of(all) {
    const sum = new Delays();
    for (const { counts } of all) counts.forEach((count, ms) => (sum.#counts[ms] += count));
    sum.count = all.reduce((total, { count }) => total + count, 0);
    return sum;
  }

  get counts() {
    return this.#counts;
  }

  toString() {
    return `p50 ${this.quantile(0.5)} ms, p99 ${this.quantile(0.99)} ms, longest ${this.quantile(1)} ms`;
  }
}

/** A program that reports a run, and keeps what was not taken until it is. */
class Reporter {
  posts = 0;
  repeats = 0;
  #pending = [];
  #seq = 0;
  #sending;

  constructor(session, runId) {
    Object.assign(this, { session, runId });
  }

  start() {
    const begin = performance.now();
    // By the clock: a timer of a busy process comes late, and a rate is what was promised.
    this.timer = setInterval(() => {
      const due = ((performance.now() - begin) * rate) / 1_000;
      while (this.#seq < due) this.#add({ type: 'training_update', data: this.#update() });
    }, 1_000 / rate);
  }

  #update() {
    return { step: this.#seq, generator_loss: 0.5, sent_ms: Date.now() };
  }

  /** Ends the run when all that was said has been taken. */
  async finish() {
    clearInterval(this.timer);
    this.#add({ type: 'training_complete', data: { status: 'completed' } });
    while (this.#sending) await this.#sending;
  }

  #add(message) {
    this.#pending.push({ ...message, client_seq: ++this.#seq });
    this.#sending ??= this.#send().finally(() => (this.#sending = undefined));
  }

  async #send() {
    while (this.#pending.length > 0) {
      const batch = this.#pending.slice(0, 500);
      try {
        const answer = await this.session.post(`/runs/${this.runId}/events?client_id=bench`, batch);
        if (answer.rejected_count > 0) throw new Error(JSON.stringify(answer.rejected));
        this.#pending.splice(0, batch.length);
        this.posts += 1;
      } catch (error) {
        // Numbered messages may be sent again; only what is never taken would be lost.
        if (this.repeats++ === 0) console.error(`a report is sent again: ${error.message}`);
        await delay(100);
      }
    }
  }
}

/** Users with a session each. @returns the headers of each */
async function signInUsers(url, administrator) {
  const headers = [];
  const names = Array.from({ length: userCount }, (_, index) => `viewer-${index}`);
  const next = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      await administrator.post('/users', { name, password, role: 'viewer' });
      headers.push(await signIn(url, { name, password }));
    }
  };
  await Promise.all([next(), next()]);
  return headers;
}

async function startReporters(url, administrator) {
  const reporters = [];
  for (let index = 0; index < tabs; index++) {
    const name = `reporter-${index}`;
    await administrator.post('/users', { name, password, role: 'trainer' });
    const session = await openSession(url, { name, password });
    const { id } = await session.post('/runs', { origin: 'external', name, model: 'bench' });
    reporters.push(new Reporter(session, id));
  }
  return reporters;
}

/** Every process, one after the other: as a rolling update does. */
async function restartAll(processes) {
  const ends = [];
  for (const name of ['worker-1', 'worker-2', 'web-1', 'web-2']) {
    const { code, seconds } = await processes[name].end('SIGTERM');
    ends.push({ name, code, seconds });
    await processes[name].start();
  }
  return ends;
}

/** MB of a web process: medians of six parts of the time, one after the other. */
function course(readings) {
  const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
  const part = Math.max(1, Math.ceil(readings.length / 6));
  const parts = Array.from({ length: 6 }, (_, index) => readings.slice(index * part, (index + 1) * part));
  return `${parts
    .filter(({ length }) => length > 0)
    .map((values) => (median(values) / 1e6).toFixed(0))
    .join(', ')} MB`;
}

async function measure({ url, processes, administrator }) {
  const administration = await administrationOf(url, administrator);
  const people = await signInUsers(url, administration);
  const reporters = await startReporters(url, administration);
  const delays = { before: new Delays(), restart: new Delays(), after: new Delays(), warmUp: new Delays() };
  const memory = { before: { 'web-1': [], 'web-2': [] }, after: { 'web-1': [], 'web-2': [] } };
  let phase = 'warmUp';
  const onMessage = ({ data }) => {
    if (data.sent_ms !== undefined) delays[phase].add(Date.now() - data.sent_ms);
  };
  const followers = people.flatMap((headers) =>
    reporters.map(
      ({ runId }) => new Follower({ url: `${url}/events?run=${runId}`, headers, agent, cursor: '0', onMessage }),
    ),
  );
  await Promise.all(followers.map((follower) => follower.until(({ last }) => last >= 1)));
  const loop = monitorEventLoopDelay();
  loop.enable();
  const readMemory = setInterval(() => {
    for (const [name, readings] of Object.entries(memory[phase] ?? {})) readings.push(processes[name].residentBytes);
  }, 2_000);
  for (const reporter of reporters) reporter.start();
  await delay(warmUpMs);
  const loads = [load()];
  phase = 'before';
  await delay((seconds * 1_000) / 2);
  phase = 'restart';
  const restartedAt = performance.now();
  const ends = await restartAll(processes);
  await delay(settlingMs);
  const restartSeconds = (performance.now() - restartedAt) / 1_000;
  phase = 'after';
  loads.push(load());
  await delay(Math.max((seconds * 1_000) / 2 - restartSeconds * 1_000, 10_000));
  phase = 'warmUp';
  clearInterval(readMemory);
  loads.push(load());
  for (const reporter of reporters) await reporter.finish();
  const lost = await missing(followers, reporters);
  for (const follower of followers) follower.close();
  return { followers, reporters, delays, memory, ends, restartSeconds, loads, lost, loopMs: loop.percentile(99) / 1e6 };
}

/** Users are made by a session, for a token may not. */
async function administrationOf(url, administrator) {
  const headers = await signIn(url, administrator);
  return {
    post: async (path, body) => {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    },
  };
}

/** Waits until each tab has the last event of its run. @returns how many have not within a minute */
async function missing(followers, reporters) {
  const lasts = await Promise.all(
    reporters.map(({ session, runId }) => session.ask(`/runs/${runId}`).then(({ last_seq: last }) => last)),
  );
  const isComplete = (follower, index) => follower.last === lasts[index % lasts.length];
  const deadline = performance.now() + 60_000;
  while (!followers.every(isComplete) && performance.now() < deadline) await delay(100);
  return followers.filter((follower, index) => !isComplete(follower, index)).length;
}

function print({ followers, reporters, delays, memory, ends, restartSeconds, loads, lost, loopMs }) {
  const sum = (items, read) => items.reduce((total, item) => total + read(item), 0);
  const faults = followers.flatMap((follower) => follower.faults);
  const all = Delays.of([delays.before, delays.restart, delays.after]);
  const drains = ends.map(
    ({ name, seconds, code }) => `${name} ${seconds.toFixed(1)} s${code === 0 ? '' : ` (${code})`}`,
  );
  const rows = [
    ['streams', '-', `${followers.length}: ${userCount} users x ${tabs} tabs, ${rate} events/s in each, ${seconds} s`],
    ['events delivered', '-', `${all.count.toLocaleString('en')}`],
    ['tabs with a gap or an error', 'none', `**${followers.filter((follower) => follower.faults.length > 0).length}**`],
    ['tabs without the last event of their run', 'none', `**${lost}**`],
    ['events that came twice on the wire', '-', `${sum(followers, ({ repeated }) => repeated)}`],
    ['delay from the report to the tab, all', 'p99 < 250 ms', `**${all}**`],
    ['the same before the restart', '-', `${delays.before}`],
    [`the same during the restart (${restartSeconds.toFixed(0)} s)`, '-', `${delays.restart}`],
    ['the same after it', '-', `${delays.after}`],
    ['drains (SIGTERM to the end)', '< 30 s', drains.join(', ')],
    [
      'reconnections, reports sent again',
      '-',
      `${sum(followers, ({ connections }) => connections - 1)}, ${sum(reporters, ({ repeats }) => repeats)}`,
    ],
    ...Object.entries(memory).flatMap(([when, processes]) =>
      Object.entries(processes).map(([name, readings]) => [
        `memory of ${name}, ${when} the restart`,
        'flat',
        course(readings),
      ]),
    ),
    ["p99 of the benchmark's own event loop", '-', `${loopMs.toFixed(0)} ms`],
  ];
  console.log(`\n${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.version}, load ${loads.join(', ')}\n`);
  console.log('| what | bar | measured |\n| --- | --- | --- |');
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
  for (const fault of new Set(faults)) console.error(`fault: ${fault}`);
  return faults.length === 0 && lost === 0 && ends.every(({ code }) => code === 0);
}

const nginx = await ensureNginx();
if ('reason' in nginx) throw new Error(nginx.reason);
const topology = await startTopology({ nginx: nginx.path });
try {
  if (!print(await measure(topology))) process.exitCode = 1;
} finally {
  await topology.stop();
}
