import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildable, staleProjects } from './build.mjs';
import { exitCodeOf, Interrupted, supervise } from './child.mjs';
import { isInstalled } from './installation.mjs';
import { findNode } from './node-binary.mjs';
import { endWithNpm } from './parents.mjs';
import { root } from './root.mjs';

/** What the command line is built with: it shares its child processes with the server. */
export const commandLineProjects = buildable.filter(({ name }) => name === 'api');

const prepareScript = fileURLToPath(new URL('./prepare-command-line.mjs', import.meta.url));

/** @param {string[]} args what follows `gan-dashboard` */
export async function main(args) {
  endWithNpm();
  try {
    await ensureReady();
    const file = join(root, 'dist/apps/api/cli.js');
    const ended = await supervise(findNode(), ['--enable-source-maps', file, ...args], {
      cwd: process.cwd(),
      // Tells the command that losing the IPC channel means: this process is gone, come to an end.
      env: { ...process.env, GAN_DASHBOARD_SUPERVISED: '1' },
    });
    process.exitCode = exitCodeOf(ended);
  } catch (error) {
    process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
    console.error(`gan-dashboard: ${error.message}`);
  }
}

/** Installs and builds in a process whose output goes to stderr as a whole: stdout is for results. */
async function ensureReady() {
  if (isInstalled(root) && staleProjects(root, commandLineProjects).length === 0) return;
  console.error('gan-dashboard: installing what is missing and building what has changed …');
  const child = spawn(process.execPath, [prepareScript], { stdio: ['ignore', 2, 2] });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => resolve(exitCodeOf({ code: exitCode, signal })));
  });
  if (code !== 0) throw new Error('it could not be made ready; the reason stands above.');
}
