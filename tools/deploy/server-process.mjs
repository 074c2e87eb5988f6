import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../workspace/root.mjs';

/** As in the Dockerfile. */
const nodeFlags = ['--enable-source-maps', '--max-semi-space-size=4'];

/** One process of the dashboard: a container of compose.yaml, without the container. */
export class ServerProcess {
  /** @param {{ name: string, port: number, environment: NodeJS.ProcessEnv, folder: string }} options */
  constructor({ name, port, environment, folder }) {
    this.name = name;
    this.url = `http://127.0.0.1:${port}`;
    this.environment = { ...environment, PORT: String(port), DATA_DIR: join(folder, name) };
    this.logFile = join(folder, `${name}.log`);
    this.child = undefined;
  }

  get isRunning() {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves when it serves requests. @throws Error with its last words when it ends before */
  async start() {
    const main = join(process.env.API_BUILD ?? join(root, 'dist/apps/api'), 'main.js');
    const { PATH, HOME, TMPDIR } = process.env;
    this.child = spawn(process.execPath, [...nodeFlags, main], {
      // Nothing of this shell's settings: what is tested is what compose.yaml says.
      env: { PATH, HOME, ...(TMPDIR && { TMPDIR }), ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(this.logFile, { flags: 'a' });
    this.child.stderr.pipe(log, { end: false });
    this.child.stdout.pipe(log, { end: false });
    for await (const line of createInterface({ input: this.child.stdout })) {
      if (!line.includes('is ready: ')) continue;
      // The interface has ended the reading; from here on the log has it all.
      this.child.stdout.resume();
      return;
    }
    throw new Error(`${this.name} did not start: ${readFileSync(this.logFile, 'utf8').slice(-2_000)}`);
  }

  /** @returns {Promise<{ code: number | null, seconds: number }>} how it ended, and how long that took */
  async end(signal) {
    if (!this.isRunning) return { code: this.child?.exitCode ?? null, seconds: 0 };
    const before = performance.now();
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = await exited;
    return { code, seconds: (performance.now() - before) / 1_000 };
  }

  /** Bytes of memory that the process holds, by Linux. */
  get residentBytes() {
    const [, pages] = readFileSync(`/proc/${this.child.pid}/statm`, 'utf8').split(' ');
    return Number(pages) * 4_096;
  }
}
