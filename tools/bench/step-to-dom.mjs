/**
 * `npm run bench:dom`: how long a metric takes from the trainer to the page of a browser, by way of IPC, the log in
 * Postgres and an event stream. Starts the built server on a database of its own, trains, and watches the page in
 * Chromium. Needs a build (`npm run build`) and Chromium (CHROMIUM names another one than /usr/bin/chromium).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const root = fileURLToPath(new URL('../../', import.meta.url));
const epochs = 200;
const config = { epochs, batch_size: 50, steps_per_epoch: 6, generator_layers: [32], critic_layers: [32] };
const browserArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
];

async function startServer(folder) {
  const environment = { ...process.env, DATA_DIR: folder, PORT: '18081' };
  const child = spawn(process.execPath, ['--max-semi-space-size=4', join(root, 'dist/apps/api/main.js')], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    const [url] = /http:\/\/\S+/.exec(line) ?? [];
    if (url) return { child, url };
  }
  throw new Error('the server ended before it was ready');
}

async function api(url, path, body) {
  const init = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${url}api/v1/${path}`, init);
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response.json();
}

async function until(read, isDone) {
  for (;;) {
    const value = await read();
    if (isDone(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/* global document, MutationObserver */
/** In the page: notes when the number of each epoch appears. */
function watchEpochs() {
  const seen = {};
  globalThis.seenEpochs = seen;
  const note = () => {
    const text = document.querySelector('[data-testid="epoch-value"]')?.textContent ?? '';
    const epoch = Number.parseInt(text.replace(/\D*(\d+).*/s, '$1'), 10);
    if (epoch > 0) seen[epoch] ??= Date.now();
  };
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
}

const folder = mkdtempSync(join(tmpdir(), 'gan-dashboard-bench-'));
chmodSync(folder, 0o755);
const { child, url } = await startServer(folder);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: browserArguments,
});
try {
  const { id: datasetId } = await api(url, 'datasets/generate', { kind: 'treasury_orderbook', rows: 1_000, seed: 1 });
  await until(
    () => api(url, `datasets/${datasetId}`),
    ({ status }) => status === 'ready',
  );
  const { id } = await api(url, 'runs', { dataset_id: datasetId, model: 'wgan-gp', config, seed: 1 });
  const page = await browser.newPage();
  await page.goto(`${url}?run=${id}`);
  await page.waitForSelector('[data-testid="epoch-value"]');
  await page.evaluate(watchEpochs);
  await until(
    () => api(url, `runs/${id}`),
    ({ status }) => ['completed', 'failed'].includes(status),
  );
  await page.waitForFunction((last) => globalThis.seenEpochs[last], epochs);
  const seen = await page.evaluate(() => globalThis.seenEpochs);
  const { items } = await api(url, `runs/${id}/events?limit=5000`);
  const delays = items
    .filter(({ type, data }) => type === 'training_update' && seen[data.epoch] !== undefined)
    .map(({ timestamp, data }) => seen[data.epoch] - Date.parse(timestamp))
    .sort((a, b) => a - b);
  const at = (share) => delays[Math.floor(share * (delays.length - 1))];
  const loadAverage = readFileSync('/proc/loadavg', 'utf8').split(' ')[0];
  console.log(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, load average ${loadAverage}\n`);
  console.log('| what | bar | measured |\n| --- | --- | --- |');
  console.log(
    `| metric from the trainer's step to the DOM of a browser, ${delays.length} of ${epochs} epochs | p95 < 100 ms | ` +
      `**p95 ${at(0.95)} ms**, p50 ${at(0.5)} ms, longest ${at(1)} ms |`,
  );
} finally {
  await browser.close();
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
  rmSync(folder, { recursive: true, force: true });
}
