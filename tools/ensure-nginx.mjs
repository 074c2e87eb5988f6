/**
 * Finds Debian's nginx or HAProxy for the tests that put a real proxy in front of the server, and fetches it where it is
 * missing: the package and the libraries that the machine lacks are unpacked into node_modules/.cache, so that nothing is
 * installed and no service is started.
 * As a program, with `nginx` (or nothing) or `haproxy`: prints its path, or the reason why there is none and exits with 1.
 */
import { execFile } from 'node:child_process';
import { access, chmod, constants, mkdtemp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cacheFolder = fileURLToPath(new URL('../node_modules/.cache', import.meta.url));
const fetchTimeoutMs = 120_000;

/**
 * @param {'nginx' | 'haproxy'} name
 * @returns {Promise<{ path: string } | { reason: string }>} a program that runs, or why there is none.
 */
export async function ensureProxy(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const path of [...folders.map((folder) => join(folder, name)), starterOf(keptIn(name))]) {
    if (await runs(path)) return { path };
  }
  if (process.platform !== 'linux')
    return { reason: `${name} is not installed (on ${process.platform} it is not fetched)` };
  try {
    return { path: await fetchProxy(name) };
  } catch (error) {
    const words = String(error.stderr || error.message).trim();
    return { reason: `${name} is not installed and could not be fetched: ${words}` };
  }
}

export const ensureNginx = () => ensureProxy('nginx');

const keptIn = (name) => join(cacheFolder, `proxy-${name}`);
const starterOf = (folder) => join(folder, 'start');

async function runs(path) {
  try {
    await access(path, constants.X_OK);
    await run(path, ['-v']);
    return true;
  } catch {
    return false;
  }
}

async function fetchProxy(name) {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(`${keptIn(name)}-`);
  const kept = keptIn(name);
  try {
    await download(name, folder);
    const archives = (await readdir(folder)).filter((file) => file.endsWith('.deb'));
    if (archives.length === 0) throw new Error('apt-get has fetched no package');
    const root = join(folder, 'root');
    for (const archive of archives) await run('dpkg-deb', ['-x', join(folder, archive), root]);
    await writeStarter(name, root);
    await run(starterOf(root), ['-v']);
    // Another process may have been faster; its program is as good.
    await rename(root, kept).catch(() => undefined);
    await run(starterOf(kept), ['-v']);
    return starterOf(kept);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Starts the program with the libraries that came with it, under its own process id. */
async function writeStarter(name, root) {
  const lines = [
    '#!/bin/sh',
    'here=$(dirname "$0")',
    'for folder in "$here"/usr/lib/*-linux-gnu "$here"/lib/*-linux-gnu; do',
    '  LD_LIBRARY_PATH="$folder:$LD_LIBRARY_PATH"',
    'done',
    'export LD_LIBRARY_PATH',
    `exec "$here/usr/sbin/${name}" "$@"`,
  ];
  await writeFile(starterOf(root), `${lines.join('\n')}\n`);
  await chmod(starterOf(root), 0o755);
}

/** The package and what it needs beyond what is installed, as files in the folder. */
async function download(name, folder) {
  await mkdir(join(folder, 'partial'));
  const quietly = ['-q', '-o', `Dir::Cache::archives=${folder}`, '-o', 'Debug::NoLocking=1'];
  const wish = ['install', '--download-only', '--yes', '--no-install-recommends', name];
  const options = { timeout: fetchTimeoutMs };
  try {
    await run('apt-get', [...quietly, ...wish], options);
  } catch (error) {
    // A fresh container has no package lists yet; only root may fetch them.
    if (error.code === 'ENOENT' || process.getuid?.() !== 0) throw error;
    await run('apt-get', ['-q', 'update'], options);
    await run('apt-get', [...quietly, ...wish], options);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const proxy = await ensureProxy(process.argv[2] ?? 'nginx');
  if ('path' in proxy) process.stdout.write(`${proxy.path}\n`);
  else {
    process.stderr.write(`${proxy.reason}\n`);
    process.exitCode = 1;
  }
}
