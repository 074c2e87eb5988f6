import { build, staleProjects } from './build.mjs';
import { Interrupted } from './child.mjs';
import { commandLineProjects } from './cli.mjs';
import { ensureInstalled, workLock } from './installation.mjs';
import { withLock } from './lock.mjs';
import { findNode } from './node-binary.mjs';
import { root } from './root.mjs';

/** Installs what is missing and builds what has changed, as `npm start` does, but of the command line alone. */
async function prepare() {
  await ensureInstalled();
  const node = findNode();
  await withLock(workLock, async () => {
    if (staleProjects(root, commandLineProjects).length === 0) return;
    const names = commandLineProjects.map(({ name }) => name);
    if (!(await build(node, names))) throw new Error('the build failed; its message stands above.');
  });
}

try {
  await prepare();
} catch (error) {
  process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
  console.error(error.message);
}
