import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runStep } from './child.mjs';
import { withLock } from './lock.mjs';
import { packagedNode } from './node-binary.mjs';
import { root } from './root.mjs';

export const workLock = join(root, 'tmp', 'install-and-build.lock');

/** Runs `npm ci` unless node_modules is what package-lock.json says. */
export async function ensureInstalled() {
  if (isInstalled(root)) return;
  await withLock(workLock, async () => {
    if (isInstalled(root)) return;
    console.log('Installing packages (npm ci), a minute or two …');
    const { code } = await npm(['ci', '--loglevel=error', '--include=dev', '--include=optional']);
    if (code !== 0) throw new Error('npm ci failed; its message stands above.');
    writeStamp(root);
  });
}

/** Whether what is installed in `folder` is what its lock file asks for, on this platform. */
export function isInstalled(folder) {
  const stamp = join(folder, 'node_modules', '.install-stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf(folder)) return true;
  if (!matchesLock(folder)) return false;
  // Installed by hand (npm ci, npm install): as good, and worth remembering.
  writeStamp(folder);
  return true;
}

/** The lock file and the platform: a folder that moves to another system must be installed anew. */
export function stampOf(folder) {
  const lock = readFileSync(join(folder, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}`;
}

function writeStamp(folder) {
  writeFileSync(join(folder, 'node_modules', '.install-stamp'), stampOf(folder));
}

/** Compares the lock with npm's own record of what it installed, which it writes last. */
function matchesLock(folder) {
  const recordFile = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(recordFile)) return false;
  const { packages: wanted } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const { packages: installed } = JSON.parse(readFileSync(recordFile, 'utf8'));
  const packagedNodeName = packagedNode('').split(/[\\/]/).slice(0, 2).join('/');
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    if (path === '' || link) return true;
    const found = installed[path];
    if (found) return found.version === version;
    // Optional packages of other platforms are left out; the Node of this one must be there.
    return optional === true && path !== packagedNodeName;
  });
}

/** Runs npm with the program that npm itself named, where npm started this process. */
function npm(args) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return runStep(process.execPath, [cli, ...args], { cwd: root });
  return runStep('npm', args, { cwd: root, shell: process.platform === 'win32' });
}
