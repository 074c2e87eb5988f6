import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { exitCodeOf, Interrupted, supervise } from './child.mjs';
import { ensureInstalled } from './installation.mjs';
import { findNode } from './node-binary.mjs';
import { endWithNpm } from './parents.mjs';
import { root } from './root.mjs';

/**
 * Small young generations: thousands of open streams otherwise keep what their requests left behind for a long time
 * (20 instead of 32 KB for each of 5,000 streams, `npm run bench:events`).
 */
const nodeFlags = ['--enable-source-maps', '--max-semi-space-size=4'];

const usage = `Usage: npm start [-- arguments of the server]

Installs what is missing, builds what has changed, and runs GAN Dashboard until Ctrl-C.
The address is printed as soon as requests are served.

Settings are environment variables, for example:
  PORT=9000 npm start                     first port to try (default 8081)
  DATA_DIR=/srv/gan npm start             where everything is kept (default ./data)
  DATABASE_URL=postgres://… npm start     your own PostgreSQL 15+ instead of the embedded one
All of them: docs/configuration.md`;

/** @param {string[]} args what follows `npm start --` */
export async function main(args) {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(usage);
    return;
  }
  endWithNpm();
  try {
    await ensureInstalled();
    const node = findNode();
    await ensureBuilt(node);
    process.exitCode = exitCodeOf(await runServer(node, args));
  } catch (error) {
    process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
    console.error(error instanceof Interrupted ? error.message : `Cannot start: ${error.message}`);
  }
}

function runServer(node, args) {
  const file = join(root, 'dist/apps/api/main.js');
  return supervise(node, [...nodeFlags, file, ...args], {
    cwd: root,
    // Tells the server that losing the IPC channel means: the one who watches it is gone, shut down.
    env: { ...process.env, GAN_DASHBOARD_SUPERVISED: '1' },
  });
}
