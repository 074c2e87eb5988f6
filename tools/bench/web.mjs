/**
 * `npm run bench:web`: what a person waits for, in Chromium, on a server and a database of its own. Prints a table for
 * docs/performance.md. Needs a build (`npm run build`) and Chromium (CHROMIUM names another one than /usr/bin/chromium).
 * BENCH_SECONDS (60; 600 for ten minutes) says how long the live charts are watched, BENCH_ROUNDS (5) how often a page
 * is opened, BENCH_STEPS (1,000,000) how long the long run is.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

/* global document, requestAnimationFrame, PerformanceObserver */
const root = fileURLToPath(new URL('../../', import.meta.url));
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const seconds = Number(process.env.BENCH_SECONDS ?? 60);
const reporters = 10;
const updatesPerSecond = 20;
/** With losses and scores the page of the run has ten charts. */
const otherMetrics = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((letter) => `measure_${letter}`);
const throttled = { cpu: 4, bytesPerSecond: 10e6 / 8, latencyMs: 40 };
const view = { width: 1440, height: 900 };

function build() {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const options = ['build', '--config', 'vite.bench.config.ts', '--logLevel', 'warn'];
  execFileSync(process.execPath, [vite, ...options], { cwd: join(root, 'apps/api'), stdio: 'inherit' });
}

async function startServer() {
  const main = process.env.BENCH_API ?? join(root, 'dist/apps/api/main.js');
  const child = spawn(process.execPath, [join(root, 'dist/bench/web-bench-server.js'), main], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('{')) return { child, ...JSON.parse(line) };
  }
  throw new Error('the server ended before it was ready');
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const inMs = (values) => `**${Math.round(median(values))} ms** (${values.map(Math.round).join(', ')})`;
const load = () => readFileSync('/proc/loadavg', 'utf8').split(' ')[0];

function row(what, bar, measured) {
  console.log(`| ${what} | ${bar} | ${measured} | ${load()} |`);
}

/** A page with nothing in its cache, whose time starts at its navigation. */
async function withPage(browser, { isThrottled = false } = {}, work) {
  const context = await browser.newContext({ viewport: view });
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send('Network.enable');
  if (isThrottled) {
    const { cpu, bytesPerSecond, latencyMs } = throttled;
    await client.send('Emulation.setCPUThrottlingRate', { rate: cpu });
    const rate = { downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond };
    await client.send('Network.emulateNetworkConditions', { offline: false, latency: latencyMs, ...rate });
  }
  try {
    return await work(page, client);
  } finally {
    await context.close();
  }
}

/** Milliseconds from the navigation to the frame in which a chart has its points. */
async function untilDrawn(page, testId) {
  const drawn = await page.waitForFunction(
    (id) => {
      const chart = document.querySelector(`canvas[data-testid="${id}"]`);
      if (!chart || !(Number(chart.dataset.points) > 0) || chart.width === 0) return false;
      const pixels = chart.getContext('2d').getImageData(0, 0, chart.width, chart.height).data;
      return pixels.some((value) => value !== 0) && performance.now();
    },
    testId,
    { polling: 'raf', timeout: 60_000 },
  );
  return drawn.jsonValue();
}

/** Bytes over the wire of everything but answers of the API, by kind. */
async function transfer(browser, url) {
  return withPage(browser, {}, async (page, client) => {
    const kinds = new Map();
    const bytes = { Document: 0, Script: 0, Stylesheet: 0, Font: 0 };
    client.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type));
    client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const kind = kinds.get(requestId);
      if (kind in bytes) bytes[kind] += encodedDataLength;
    });
    await page.goto(url, { waitUntil: 'load' });
    await page.waitForSelector('main');
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    return bytes;
  });
}

async function opened(browser, address, testId, options) {
  const [paints, times] = [[], []];
  for (let round = 0; round < rounds; round++) {
    await withPage(browser, options, async (page) => {
      await page.goto(address, { waitUntil: 'commit' });
      times.push(await untilDrawn(page, testId));
      paints.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
    });
  }
  return { paints, times };
}

/** A run from outside that says a value of every metric at each update, over one request that stays open. */
async function reporter(url, number) {
  const body = JSON.stringify({ origin: 'external', name: `live ${number}`, model: 'bench', total_epochs: 1_000_000 });
  const answer = await fetch(`${url}api/v1/runs`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body },
  });
  if (!answer.ok) throw new Error(`a run could not be registered: ${await answer.text()}`);
  const { id } = await answer.json();
  const options = { method: 'POST', headers: { 'content-type': 'application/x-ndjson' } };
  const stream = request(`${url}api/v1/runs/${id}/events`, options, (response) => response.resume());
  let step = 0;
  const timer = setInterval(() => {
    step += 1;
    const names = ['generator_loss', 'discriminator_loss', 'real_scores', 'fake_scores', ...otherMetrics];
    const values = Object.fromEntries(names.map((name, index) => [name, Math.sin(step / 50 + index)]));
    const data = { epoch: step, step, total_epochs: 1_000_000, ...values };
    stream.write(`${JSON.stringify({ type: 'training_update', data })}\n`);
  }, 1_000 / updatesPerSecond);
  const stop = () => {
    clearInterval(timer);
    stream.end();
  };
  return { id, stop };
}

/** In the page: frames drawn and tasks over 50 ms. */
function watch() {
  const seen = { frames: 0, tasks: [], from: performance.now() };
  globalThis.seenOfBench = seen;
  const count = () => {
    seen.frames += 1;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: 'longtask',
  });
}

async function live(browser, url) {
  const running = await Promise.all(Array.from({ length: reporters }, (_, number) => reporter(url, number)));
  try {
    return await withPage(browser, {}, async (page, client) => {
      await page.goto(`${url}runs/${running[0].id}`);
      await untilDrawn(page, `${otherMetrics.at(-1)}-canvas`);
      await client.send('Performance.enable');
      const heaps = [await heapOf(client)];
      const [charts, first] = [await page.locator('gd-metric-chart canvas').count(), await pointsOf(page)];
      await page.evaluate(watch);
      for (let part = 0; part < 6; part++) {
        await page.waitForTimeout((seconds * 1_000) / 6);
        heaps.push(await heapOf(client));
      }
      const seen = await page.evaluate(() => ({ ...globalThis.seenOfBench, to: performance.now() }));
      return { ...seen, heaps, charts, points: (await pointsOf(page)) - first };
    });
  } finally {
    running.forEach(({ stop }) => stop());
  }
}

async function pointsOf(page) {
  return Number(await page.locator('canvas[data-testid="losses-canvas"]').getAttribute('data-points'));
}

/** MB, after a collection. */
async function heapOf(client) {
  await client.send('HeapProfiler.collectGarbage');
  const { metrics } = await client.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize').value / 1e6;
}

async function measureLive(browser, url) {
  const { tasks, frames, from, to, heaps, charts, points } = await live(browser, url);
  const what = `${charts} live charts, ${reporters} runs x ${updatesPerSecond} updates/s, ${seconds} s`;
  const longest = Math.round(Math.max(0, ...tasks));
  const over = tasks.filter((duration) => duration > 100).length;
  row(`${what}: long tasks`, 'none > 100 ms', `**${over}** > 100 ms, longest ${longest} ms, ${tasks.length} > 50 ms`);
  row(`${what}: frames`, '55 a second', `**${((frames * 1_000) / (to - from)).toFixed(1)}** a second`);
  row(`${what}: points drawn of the open run`, '-', `${points} of ${seconds * updatesPerSecond}`);
  row(`${what}: heap after a collection`, 'flat', heaps.map((heap) => `${heap.toFixed(1)}`).join(', ') + ' MB');
}

build();
const { child, url, longRun, compared } = await startServer();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
try {
  console.log(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, Chromium ${browser.version()}\n`);
  console.log('| what | bar | measured | load |\n| --- | --- | --- | --- |');
  const bytes = await transfer(browser, url);
  const total = Object.values(bytes).reduce((sum, each) => sum + each, 0);
  const parts = Object.entries(bytes).map(([kind, each]) => `${kind.toLowerCase()} ${(each / 1e3).toFixed(0)}`);
  row('initial transfer', '<= 200 KB', `**${(total / 1e3).toFixed(0)} KB** (${parts.join(', ')})`);
  const slow = await opened(browser, `${url}runs/${compared[0]}`, 'losses-canvas', { isThrottled: true });
  row('first contentful paint, 4 x CPU, 10 Mbit/s', '< 1 s', inMs(slow.paints));
  row('run page usable (first chart drawn), the same', '< 1.5 s', inMs(slow.times));
  const long = await opened(browser, `${url}runs/${longRun}`, 'losses-canvas');
  row('a run of 1,000,000 steps opened, first chart', '< 500 ms', inMs(long.times));
  const many = await opened(browser, `${url}compare?runs=${compared.join(',')}`, 'overlay-generator_loss');
  row('100 runs compared, first chart', '< 1 s', inMs(many.times));
  await measureLive(browser, url);
} finally {
  await browser.close();
  const exited = once(child, 'exit');
  child.stdin.end();
  await exited;
}
