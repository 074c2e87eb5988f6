/**
 * Runs an example of docs/deploy with its addresses and prefix changed to those of a test:
 *
 *     node tools/example-proxy.mjs nginx '{"port":8081,"basePath":"/tools/gan","strips":true,"protocol":"h2"}'
 *
 * `port` is that of the server behind, `basePath` '' or '/tools/gan', `strips` whether the proxy takes the prefix away,
 * `protocol` what it speaks: `http` (HTTP/1.1 without TLS), `https` (HTTP/1.1) or `h2`. Prints its origin as soon as it
 * serves, with a certificate that nobody trusts, and ends with its standard input.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectPlain, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureProxy } from './ensure-nginx.mjs';

const run = promisify(execFile);
const examples = fileURLToPath(new URL('../docs/deploy/', import.meta.url));
const readyDeadlineMs = 15_000;

/** As HAProxy has it: `server.pem` with its key; and `server.key`. */
async function makeCertificate(folder) {
  const [key, certificate] = [join(folder, 'server.key'), join(folder, 'only.pem')];
  const subject = ['-subj', '/CN=localhost', '-days', '2'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  await run('openssl', ['req', '-x509', '-nodes', ...kind, ...subject, '-keyout', key, '-out', certificate]);
  await writeFile(join(folder, 'server.pem'), (await readFile(certificate, 'utf8')) + (await readFile(key, 'utf8')));
}

function adapted(text, { port, basePath, strips, protocol, listenPort, folder }) {
  const tls = { nginx: { http: '', https: ' ssl', h2: ' ssl http2' }[protocol] };
  let changed = text
    .replaceAll('/etc/ssl/gan.example.com', join(folder, 'server'))
    .replace('listen 443 ssl http2', `listen 127.0.0.1:${listenPort}${tls.nginx}`)
    .replace('bind :443', `bind 127.0.0.1:${listenPort}`)
    .replace('127.0.0.1:8081', `127.0.0.1:${port}`);
  if (protocol === 'https') changed = changed.replace('alpn h2,http/1.1', 'alpn http/1.1');
  if (protocol === 'http') {
    changed = changed
      .replace(/ ssl crt .*$/m, '')
      .replace('X-Forwarded-Proto https', 'X-Forwarded-Proto http')
      .replace(/^.*ssl_certificate.*$/gm, '');
  }
  if (strips) {
    changed = changed
      .replace('proxy_pass http://gan_dashboard;', 'proxy_pass http://gan_dashboard/;')
      .replace('# http-request replace-path', 'http-request replace-path');
  }
  if (basePath !== '') return changed;
  return changed
    .replace(/location = \/tools\/gan \{[^}]*\}/, '')
    .replace(/^.*redirect code 308.*$/m, '')
    .replaceAll('/tools/gan/', '/');
}

/** What Debian's nginx.conf has around the example, as one process that leaves nothing outside the folder. */
function aroundNginx(folder, text) {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const temporary = kinds.map((kind) => `${kind}_temp_path ${join(folder, kind)};`).join('\n');
  return `daemon off;\nmaster_process off;\npid ${join(folder, 'nginx.pid')};\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${text}\n}\n`;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function serves(protocol, port, proxy) {
  const deadline = performance.now() + readyDeadlineMs;
  while (proxy.exitCode === null && performance.now() < deadline) {
    const address = { port, host: '127.0.0.1' };
    const socket = protocol === 'http' ? connectPlain(address) : connectTls({ ...address, rejectUnauthorized: false });
    const isOpen = await once(socket, protocol === 'http' ? 'connect' : 'secureConnect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return true;
    await delay(20);
  }
  return false;
}

async function start(kind, wish, folder) {
  const found = await ensureProxy(kind);
  if ('reason' in found) throw new Error(found.reason);
  await makeCertificate(folder);
  const listenPort = await freePort();
  const example = await readFile(join(examples, kind === 'nginx' ? 'nginx.conf' : 'haproxy.cfg'), 'utf8');
  const text = adapted(example, { ...wish, listenPort, folder });
  const file = join(folder, 'proxy.conf');
  await writeFile(file, kind === 'nginx' ? aroundNginx(folder, text) : text);
  const options = kind === 'nginx' ? ['-p', folder, '-c', file, '-e', join(folder, 'error.log')] : ['-db', '-f', file];
  const proxy = spawn(found.path, options, { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  proxy.stderr.setEncoding('utf8').on('data', (chunk) => (words += chunk));
  if (await serves(wish.protocol, listenPort, proxy)) {
    process.stdout.write(`${wish.protocol === 'http' ? 'http' : 'https'}://localhost:${listenPort}\n`);
    return proxy;
  }
  proxy.kill('SIGKILL');
  throw new Error(`${kind} does not serve: ${words}`);
}

const [kind, wish] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), `gan-dashboard-${kind}-`));
try {
  const proxy = await start(kind, JSON.parse(wish), folder);
  process.stdin.resume();
  await Promise.race([once(process.stdin, 'end'), once(proxy, 'exit')]);
  if (proxy.exitCode === null && proxy.kill('SIGKILL')) await once(proxy, 'exit');
} catch (error) {
  process.stderr.write(`${error.stderr || error.message}\n`);
  process.exitCode = 1;
} finally {
  process.stdin.destroy();
  await rm(folder, { recursive: true, force: true });
}
