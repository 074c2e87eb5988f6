/**
 * Finds Debian's nginx for the tests that put a real proxy in front of the server, and fetches it where it is missing:
 * the package is unpacked into node_modules/.cache, so that nothing is installed and no service is started.
 * As a program: prints the path of nginx, or the reason why there is none and exits with 1.
 */
import { execFile } from 'node:child_process';
import { access, constants, mkdtemp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cacheFolder = fileURLToPath(new URL('../node_modules/.cache', import.meta.url));
const unpacked = join(cacheFolder, 'nginx');
const programOf = (folder) => join(folder, 'usr/sbin/nginx');
const fetchTimeoutMs = 120_000;

/** @returns {Promise<{ path: string } | { reason: string }>} a program that runs, or why there is none. */
export async function ensureNginx() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const path of [...folders.map((folder) => join(folder, 'nginx')), programOf(unpacked)]) {
    if (await runs(path)) return { path };
  }
  if (process.platform !== 'linux')
    return { reason: `nginx is not installed (on ${process.platform} it is not fetched)` };
  try {
    return { path: await fetchNginx() };
  } catch (error) {
    return {
      reason: `nginx is not installed and could not be fetched: ${String(error.stderr || error.message).trim()}`,
    };
  }
}

async function runs(path) {
  try {
    await access(path, constants.X_OK);
    await run(path, ['-v']);
    return true;
  } catch {
    return false;
  }
}

async function fetchNginx() {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(cacheFolder, 'nginx-'));
  try {
    await download(folder);
    const archive = (await readdir(folder)).find((name) => name.endsWith('.deb'));
    if (!archive) throw new Error('apt-get has fetched no package');
    const root = join(folder, 'root');
    await run('dpkg-deb', ['-x', join(folder, archive), root]);
    await run(programOf(root), ['-v']);
    // Another process may have been faster; its nginx is as good.
    await rename(root, unpacked).catch(() => undefined);
    await run(programOf(unpacked), ['-v']);
    return programOf(unpacked);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function download(folder) {
  const options = { cwd: folder, timeout: fetchTimeoutMs };
  try {
    await run('apt-get', ['-q', 'download', 'nginx'], options);
  } catch (error) {
    // A fresh container has no package lists yet; only root may fetch them.
    if (error.code === 'ENOENT' || process.getuid?.() !== 0) throw error;
    await run('apt-get', ['-q', 'update'], options);
    await run('apt-get', ['-q', 'download', 'nginx'], options);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const nginx = await ensureNginx();
  if ('path' in nginx) process.stdout.write(`${nginx.path}\n`);
  else {
    process.stderr.write(`${nginx.reason}\n`);
    process.exitCode = 1;
  }
}
