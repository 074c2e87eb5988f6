import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ensureScript = fileURLToPath(new URL('../../../../tools/ensure-nginx.mjs', import.meta.url));
const readyDeadlineMs = 10_000;

/** Finds nginx, or fetches it where that is possible. */
export const findNginx = () => findProxy('nginx');

export function findProxy(name: 'nginx' | 'haproxy'): Promise<{ path: string } | { reason: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [ensureScript, name], (error, stdout, stderr) => {
      resolve(error ? { reason: stderr.trim() || error.message } : { path: stdout.trim() });
    });
  });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** One `server` block: its directives, and those of its `location /`. */
export interface ServerBlock {
  port: number;
  directives?: string;
  location: string;
}

/**
 * Runs nginx with Debian's defaults and these servers, in a temporary folder and as one process that ends with `stop`.
 *
 * @throws Error with nginx's own words when it does not start.
 */
export async function startNginx(
  path: string,
  servers: readonly ServerBlock[],
): Promise<{ stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-nginx-'));
  const configFile = join(folder, 'nginx.conf');
  await writeFile(configFile, configOf(folder, servers));
  const nginx = spawn(path, ['-p', folder, '-c', configFile, '-e', join(folder, 'error.log')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  nginx.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  const ended = once(nginx, 'exit');
  const stop = async () => {
    nginx.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = performance.now() + readyDeadlineMs;
  for (const { port } of servers) {
    while (!(await answers(port))) {
      if (nginx.exitCode === null && performance.now() < deadline) continue;
      await stop();
      throw new Error(`nginx does not serve on port ${port}: ${words}`);
    }
  }
  return { stop };
}

async function answers(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/ready-for-tests`);
    return true;
  } catch {
    return new Promise((resolve) => setTimeout(() => resolve(false), 20));
  }
}

function configOf(folder: string, servers: readonly ServerBlock[]): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(folder, kind)};`,
  );
  const blocks = servers.map(
    ({ port, directives = '', location }) =>
      `server { listen 127.0.0.1:${port}; ${directives} location / { ${location} } }`,
  );
  return `
daemon off;
master_process off;
pid ${join(folder, 'nginx.pid')};
events {}
http {
  access_log off;
  ${temporary.join('\n  ')}
  ${blocks.join('\n  ')}
}
`;
}
