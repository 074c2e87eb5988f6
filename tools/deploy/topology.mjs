/**
 * `npm run topology`: docker/compose.yaml as processes, for machines without a container engine: PostgreSQL, a server
 * that speaks S3, two web processes, two workers, and nginx with docker/nginx.conf. The environment of the processes is
 * that of compose.yaml, with addresses of this machine. Needs a build (`npm run build`) and nginx. All data is in a
 * temporary folder, which is removed at the end.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { ensureNginx } from '../ensure-nginx.mjs';
import { root } from '../workspace/root.mjs';
import { ServerProcess } from './server-process.mjs';

const names = ['web-1', 'web-2', 'worker-1', 'worker-2'];
/** Loaded when it is started: sources of the API, which Node reads as they stand. */
const apiSource = (path) => import(pathToFileURL(join(root, 'apps/api/src', path)).href);

/**
 * @param {{ nginx: string, environment?: NodeJS.ProcessEnv }} options the program, and variables for all processes
 * @returns what is running: `url` of nginx, the processes by name, `administrator`, and `stop`
 */
export async function startTopology({ nginx, environment = {} }) {
  const folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-topology-'));
  const closing = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    while (closing.length > 0) await closing.pop()();
  };
  try {
    // As root the database belongs to another user, who must be able to enter.
    await chmod(folder, 0o755);
    const postgres = await startPostgres(folder, closing);
    const store = await startStore(closing);
    const administrator = { name: 'admin', password: randomBytes(24).toString('hex') };
    const secrets = await writeSecrets(folder, { postgres, store, administrator });
    const ports = await freePorts(names.length + 1);
    const processes = {};
    for (const [index, name] of names.entries()) {
      const own = await environmentOf(name, { secrets, store });
      processes[name] = new ServerProcess({
        ...{ name, port: ports[index], folder },
        environment: { ...own, ...environment },
      });
    }
    closing.push(() => endAll(Object.values(processes)));
    await Promise.all(Object.values(processes).map((each) => each.start()));
    const url = await startNginx(nginx, { folder, ports, closing });
    return { url, processes, administrator, folder, databaseUrl: postgres.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startPostgres(folder, closing) {
  const { startEmbeddedPostgres } = await apiSource('platform/database/embedded/embedded-postgres.ts');
  const postgres = await startEmbeddedPostgres({ home: join(folder, 'postgres'), log: () => undefined });
  closing.push(() => postgres.stop());
  return postgres;
}

async function startStore(closing) {
  const { startTestS3 } = await apiSource('platform/files/testing/s3-server.ts');
  const store = await startTestS3();
  closing.push(() => store.close());
  return store.config;
}

/** The files of docker/secrets. @returns their paths by name */
async function writeSecrets(folder, { postgres, store, administrator }) {
  const values = {
    database_url: postgres.url,
    admin_password: administrator.password,
    s3_key: store.credentials.accessKeyId,
    s3_secret: store.credentials.secretAccessKey,
  };
  await mkdir(join(folder, 'secrets'), { mode: 0o700 });
  const paths = Object.keys(values).map((name) => [name, join(folder, 'secrets', name)]);
  for (const [name, path] of paths) await writeFile(path, `${values[name]}\n`);
  return Object.fromEntries(paths);
}

/** What compose.yaml sets for a service; only addresses, paths and the bucket are this machine's. */
async function environmentOf(service, { secrets, store }) {
  const { services } = parse(await readFile(join(root, 'docker/compose.yaml'), 'utf8'), { merge: true });
  const here = {
    HOST: '127.0.0.1',
    TRUSTED_PROXIES: '127.0.0.1',
    S3_ENDPOINT: store.endpoint,
    S3_BUCKET: store.bucket,
  };
  const environment = { NODE_ENV: 'production', LOG_FORMAT: 'json', ...services[service].environment, ...here };
  for (const [name, value] of Object.entries(environment)) {
    if (name.endsWith('_FILE')) environment[name] = secrets[value.slice('/run/secrets/'.length)];
  }
  return environment;
}

/** Workers first: web processes are what others look through. */
async function endAll(processes) {
  await Promise.all(processes.toReversed().map((each) => each.end('SIGTERM')));
}

async function startNginx(program, { folder, ports, closing }) {
  const port = ports.at(-1);
  const file = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(folder, `nginx-${kind}`)};`,
  );
  const config = (await readFile(join(root, 'docker/nginx.conf'), 'utf8'))
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replace(/server web-(\d):8081/g, (_, number) => `server 127.0.0.1:${ports[number - 1]}`)
    .replace('error_log stderr', `error_log ${join(folder, 'nginx.log')}`)
    .replace('/run/nginx.pid', join(folder, 'nginx.pid'))
    .replace('http {', `http {\n  ${temporary.join('\n  ')}`);
  await writeFile(file, config);
  const child = spawn(program, ['-p', folder, '-c', file, '-g', 'daemon off;'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(child, 'exit');
  closing.push(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(`${url}/readyz`))) {
    if (child.exitCode !== null) throw new Error(`nginx ended with code ${child.exitCode}`);
    await delay(50);
  }
  return url;
}

const answers = (url) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** Ports that are free now, all different. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

async function main() {
  const nginx = await ensureNginx();
  if ('reason' in nginx) throw new Error(nginx.reason);
  const { url, processes, administrator, folder, stop } = await startTopology({ nginx: nginx.path });
  console.log(`The topology of docker/compose.yaml is at ${url}/\nname ${administrator.name}`);
  console.log(`password ${administrator.password}\nlogs and data in ${folder}; Ctrl-C ends all of it\n`);
  for (const { name, url: own, child } of Object.values(processes))
    console.log(`${name}  ${own}  process ${child.pid}`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await stop();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
