/**
 * `npm run bench:events`: what the delivery of events costs, beside nchan (nginx) in the same interleaved run.
 * Prints a table for docs/performance.md. Needs the load generator of ../shared/bench/sse, a C compiler, and Debian's
 * nginx with nchan; says what is missing. All traffic stays on the loopback interface.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const generatorSource = join(root, '../shared/bench/sse/sseload.c');
const nchanModule = '/usr/lib/nginx/modules/ngx_nchan_module.so';
const nchanPort = 7301;
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const clients = 1_000;
/** Our frames are larger than the text in them; nchan gets messages of the frame's whole size. */
const textBytes = 60;
const frameBytes = 460;

const folder = mkdtempSync(join(tmpdir(), 'gan-dashboard-bench-'));
const children = new Set();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function requireTools() {
  const missing = [];
  if (!existsSync(generatorSource)) missing.push(`the load generator ${generatorSource}`);
  if (!existsSync(nchanModule)) missing.push('nginx with nchan (apt-get install nginx-light libnginx-mod-nchan)');
  for (const tool of ['gcc', 'taskset']) if (!works(tool)) missing.push(tool);
  if (missing.length > 0) {
    console.error(`bench:events needs ${missing.join('; ')}`);
    process.exit(1);
  }
}

function works(tool) {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function start(command, args) {
  const child = spawn('taskset', ['-c', '0', command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

async function stop(child) {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function startOurs() {
  const child = start(process.execPath, ['--max-semi-space-size=4', join(root, 'dist/bench/event-bench-server.js')]);
  const [line] = await once(createInterface(child.stdout), 'line');
  const { port, path } = JSON.parse(line);
  return { child, pid: child.pid, port, subscribe: path, publish: '/pub', size: textBytes };
}

async function startNchan() {
  const config = `load_module ${nchanModule};
worker_processes 1; daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log warn;
worker_rlimit_nofile 20000;
events { worker_connections 12000; }
http { access_log off; nchan_shared_memory_size 128M; keepalive_requests 1000000; tcp_nodelay on;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${nchanPort} backlog=4096;
    location = /sub { nchan_subscriber eventsource; nchan_channel_id bench; nchan_subscriber_first_message newest; }
    location = /pub { nchan_publisher; nchan_channel_id bench; nchan_message_buffer_length 200; nchan_message_timeout 60s; }
  }
}`;
  writeFileSync(join(folder, 'nginx.conf'), config);
  const child = start('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')]);
  for (;;) {
    const isUp = await fetch(`http://127.0.0.1:${nchanPort}/pub`).then(
      () => true,
      () => false,
    );
    if (isUp) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { child, pid: child.pid, port: nchanPort, subscribe: '/sub', publish: '/pub', size: frameBytes };
}

/** One load: `mode` is `win 1` (one message in flight) or `rate N` (N messages a second). */
async function load(server, { connections, mode, messages, extra = [], size = server.size }) {
  const args = [
    server.port,
    server.subscribe,
    server.publish,
    connections,
    ...mode.split(' '),
    messages,
    size,
    server.pid,
  ];
  const all = ['-c', '1', join(folder, 'sseload'), ...args.map(String), ...extra];
  const { stdout } = await run('taskset', all, { maxBuffer: 1 << 20, timeout: 400_000 });
  const number = (pattern) => Number(pattern.exec(stdout)?.[1]);
  const result = {
    cpu: number(/srvcpu\/deliv=([\d.]+)us/),
    p50: number(/p50=([\d.]+)ms/),
    p99: number(/p99=([\d.]+)/),
    bytes: number(/bytes\/deliv=(\d+)/),
    perConnection: number(/\(([\d.-]+)K\/conn\)/),
    afterConnect: number(/conn=(\d+)K/),
    most: number(/max=(\d+)K/),
    faults: number(/gaps=(\d+)/) + number(/dups=(\d+)/) + number(/dead=(\d+)/),
    delivered: number(/deliv=(\d+) /),
    expected: connections * messages,
  };
  if (result.faults > 0) throw new Error(`the load lost or repeated messages: ${stdout}`);
  return result;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const range = (values) => `${Math.min(...values).toFixed(2)}-${Math.max(...values).toFixed(2)}`;

/** The same load on both servers, one after the other, several times: only their ratio is worth reporting. */
async function compare(ours, nchan, spec) {
  const results = { ours: [], nchan: [], ratios: [] };
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [ours, nchan] : [nchan, ours];
    const measured = new Map();
    for (const server of order) measured.set(server, await load(server, spec));
    results.ours.push(measured.get(ours));
    results.nchan.push(measured.get(nchan));
    results.ratios.push(measured.get(ours).cpu / measured.get(nchan).cpu);
  }
  return results;
}

function row(what, bar, result) {
  console.log(`| ${what} | ${bar} | ${result} |`);
}

function rowOf(what, bar, { ours, nchan, ratios }) {
  const cpu = (list) => median(list.map((one) => one.cpu)).toFixed(2);
  const p99 = (list) => median(list.map((one) => one.p99)).toFixed(0);
  const text = `**${median(ratios).toFixed(2)}** (${range(ratios)}); ${cpu(ours)} us, nchan ${cpu(nchan)} us; p99 ${p99(ours)} ms, nchan ${p99(nchan)} ms`;
  row(what, bar, text);
}

async function measureMemory() {
  const server = await startOurs();
  const { perConnection } = await load(server, { connections: 5_000, mode: 'win 1', messages: 5 });
  row('memory per connection at 5,000 streams', '<= 22 KB', `**${perConnection} KB**`);
  await stop(server.child);
}

async function measureManyStreams() {
  const server = await startOurs();
  const result = await load(server, { connections: 10_000, mode: 'rate 20', messages: 1_200 });
  const all = result.delivered === result.expected ? 'all delivered' : `${result.delivered} of ${result.expected}`;
  row(
    '10,000 streams, 20 messages/s for 60 s',
    'all, p99 < 250 ms',
    `**${all}, p99 ${result.p99} ms**, p50 ${result.p50} ms`,
  );
  await stop(server.child);
}

/** 100 of 200 clients never read, while 16 MB pass for each. */
async function measureStalledClients() {
  const spec = { connections: 200, mode: 'rate 400', messages: 8_000, size: 2_048 };
  const quiet = await startOurs();
  const without = await load(quiet, { ...spec, connections: 100 });
  await stop(quiet.child);
  const server = await startOurs();
  const withStalled = await load(server, { ...spec, extra: ['stall=100', 'rcv=4096'] });
  const each = (withStalled.most - withStalled.afterConnect) / 100 / 1_024;
  row(
    'a client that never reads: memory',
    '<= 1 MB each',
    `**${each.toFixed(2)} MB** (growth of the whole process / 100)`,
  );
  const text = `**${(withStalled.p99 / without.p99).toFixed(2)} x** (${withStalled.p99} ms, ${without.p99} ms without them)`;
  row('the same: p99 of the others', '< 2 x', text);
  await stop(server.child);
}

requireTools();
execFileSync('gcc', ['-O2', '-w', '-o', join(folder, 'sseload'), generatorSource]);
execFileSync(
  process.execPath,
  [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', 'vite.bench.config.ts', '--logLevel', 'warn'],
  {
    cwd: join(root, 'apps/api'),
    stdio: 'inherit',
  },
);
const loadAverage = readFileSync('/proc/loadavg', 'utf8').split(' ')[0];
console.log(
  `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, load average at the start ${loadAverage}, ${rounds} rounds\n`,
);
console.log('| what | bar | measured |\n| --- | --- | --- |');
const ours = await startOurs();
const nchan = await startNchan();
const oneInFlight = { connections: clients, mode: 'win 1', messages: 300 };
rowOf(
  'CPU per delivery, 1,000 clients, one message in flight',
  '<= 1.0 x nchan',
  await compare(ours, nchan, oneInFlight),
);
const busy = { connections: clients, mode: 'rate 200', messages: 2_000 };
rowOf('the same at 200 messages/s', '<= 0.5 x nchan', await compare(ours, nchan, busy));
await stop(ours.child);
await stop(nchan.child);
// `BENCH_ONLY=delivery` repeats the comparison alone, with more rounds if wanted.
if (process.env.BENCH_ONLY !== 'delivery') {
  await measureMemory();
  await measureStalledClients();
  await measureManyStreams();
}
