import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './nginx';

const run = promisify(execFile);
const examples = fileURLToPath(new URL('../../../../docs/deploy/', import.meta.url));
const readyDeadlineMs = 15_000;

/** Where the dashboard is to be reached, and what the proxy does with that. */
export interface ProxyWish {
  /** '' or '/tools/gan'. */
  basePath: string;
  strips: boolean;
  /** Of the server behind. */
  port: number;
}

export interface RunningProxy {
  /** `https://localhost:…`, without the prefix. */
  origin: string;
  stop: () => Promise<void>;
}

/** A certificate for localhost that nobody trusts: `server.pem` (with its key, as HAProxy has it) and `server.key`. */
export async function makeCertificate(folder: string): Promise<void> {
  const [key, certificate] = [join(folder, 'server.key'), join(folder, 'only.pem')];
  const subject = ['-subj', '/CN=localhost', '-days', '2'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  await run('openssl', ['req', '-x509', '-nodes', ...kind, ...subject, '-keyout', key, '-out', certificate]);
  await writeFile(join(folder, 'server.pem'), (await readFile(certificate, 'utf8')) + (await readFile(key, 'utf8')));
}

/** Runs the example of the documentation, with its addresses and prefix changed to those of a test. */
export async function startExample(
  kind: 'nginx' | 'haproxy',
  { command, certificates }: { command: string; certificates: string },
  wish: ProxyWish,
): Promise<RunningProxy> {
  const folder = await mkdtemp(join(tmpdir(), `gan-dashboard-${kind}-`));
  const port = await freePort();
  const text = adapted(await readFile(join(examples, kind === 'nginx' ? 'nginx.conf' : 'haproxy.cfg'), 'utf8'), {
    ...wish,
    listenPort: port,
    certificates,
  });
  const file = join(folder, 'proxy.conf');
  await writeFile(file, kind === 'nginx' ? aroundNginx(folder, text) : text);
  const options = kind === 'nginx' ? ['-p', folder, '-c', file, '-e', join(folder, 'error.log')] : ['-db', '-f', file];
  const proxy = spawn(command, options, { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  proxy.stderr.setEncoding('utf8').on('data', (chunk: string) => (words += chunk));
  const stop = async () => {
    if (proxy.exitCode === null && proxy.kill('SIGKILL')) await once(proxy, 'exit');
    await rm(folder, { recursive: true, force: true });
  };
  if (await answers(port, proxy)) return { origin: `https://localhost:${port}`, stop };
  await stop();
  throw new Error(`${kind} does not serve: ${words}`);
}

function adapted(text: string, wish: ProxyWish & { listenPort: number; certificates: string }): string {
  let changed = text
    .replaceAll('/etc/ssl/gan.example.com', join(wish.certificates, 'server'))
    .replace('listen 443', `listen 127.0.0.1:${wish.listenPort}`)
    .replace('bind :443', `bind 127.0.0.1:${wish.listenPort}`)
    .replace('127.0.0.1:8081', `127.0.0.1:${wish.port}`);
  if (wish.strips) {
    changed = changed
      .replace('proxy_pass http://gan_dashboard;', 'proxy_pass http://gan_dashboard/;')
      .replace('# http-request replace-path', 'http-request replace-path');
  }
  if (wish.basePath !== '') return changed;
  return changed
    .replace(/location = \/tools\/gan \{[^}]*\}/, '')
    .replace(/^.*redirect code 308.*$/m, '')
    .replaceAll('/tools/gan/', '/');
}

function aroundNginx(folder: string, text: string): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const temporary = kinds.map((kind) => `${kind}_temp_path ${join(folder, kind)};`).join('\n');
  return `daemon off;\nmaster_process off;\npid ${join(folder, 'nginx.pid')};\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${text}\n}\n`;
}

async function answers(port: number, proxy: ChildProcess): Promise<boolean> {
  const deadline = performance.now() + readyDeadlineMs;
  while (proxy.exitCode === null && performance.now() < deadline) {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    const isOpen = await once(socket, 'secureConnect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return true;
    await delay(20);
  }
  return false;
}
