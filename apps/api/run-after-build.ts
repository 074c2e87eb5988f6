import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Plugin } from 'vite';

/** For `vite build --watch`: runs the built server and replaces it after every rebuild that succeeded. */
export function runAfterBuild(entry: string): Plugin {
  let server: ChildProcess | undefined;
  let isWatching = false;

  async function stopServer(): Promise<void> {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGTERM');
    await exited;
  }

  return {
    name: 'run-after-build',
    apply: 'build',
    configResolved(config) {
      isWatching = config.build.watch !== null;
      if (isWatching) process.once('exit', () => server?.kill('SIGKILL'));
    },
    async closeBundle(error?: Error) {
      if (!isWatching || error) return;
      await stopServer();
      server = fork(entry, [], { execArgv: ['--enable-source-maps'] });
    },
  };
}
