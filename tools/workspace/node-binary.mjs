import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

export const neededMajor = 24;

/** Where npm puts the Node binary of this platform (`optionalDependencies`). */
export function packagedNode(folder = root, { platform = process.platform, arch = process.arch } = {}) {
  const os = platform === 'win32' ? 'win' : platform;
  return join(folder, 'node_modules', `node-${os}-${arch}`, 'bin', platform === 'win32' ? 'node.exe' : 'node');
}

/**
 * The Node that builds and runs the project: the one from npm, else the one that runs this if it is new enough.
 *
 * @throws Error naming what to install
 */
export function findNode() {
  const packaged = packagedNode();
  if (existsSync(packaged) && majorOf(packaged) >= neededMajor) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= neededMajor) return process.execPath;
  throw new Error(
    `there is no Node ${neededMajor} for ${process.platform}-${process.arch} in the installed packages, and this is Node ` +
      `${process.versions.node}. Install Node ${neededMajor} (the version in .nvmrc) and run npm start with it.`,
  );
}

/** 0 where the binary does not run: another C library, another processor. */
function majorOf(file) {
  const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)/.exec(stdout ?? '')?.[1] ?? 0);
}
