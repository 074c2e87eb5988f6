import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, vi } from 'vitest';

const firstPort = 20_000;
const ports = 12_000;

/**
 * A free port for something that is killed and comes back on it. It lies below the range from which systems take the
 * near end of outgoing connections (Linux: from 32,768): one of that range may be in use by a connection of anybody
 * when the server comes back.
 */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = firstPort + randomInt(ports);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

const readyLine = / is ready: \S+:(\d+)\//;
const keptCharacters = 4_000;

/** The built server as a process of its own, to be killed. */
export class ServerProcess {
  readonly url: string;
  private child: ChildProcess | undefined;
  /** What the process said since its last start. */
  private said = '';

  constructor(
    private readonly port: number,
    private readonly environment: NodeJS.ProcessEnv,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  get pid(): number | undefined {
    return this.child?.exitCode === null && this.child.signalCode === null ? this.child.pid : undefined;
  }

  /**
   * @throws Error with what it said when it ends, takes another port than its own, or does not serve within a minute
   */
  async start(): Promise<void> {
    const worker = process.env['TRAINER_WORKER'];
    if (!worker) throw new Error('TRAINER_WORKER names the build; vite.config.ts sets it');
    const child = spawn(process.execPath, [join(dirname(worker), 'main.js')], {
      env: { ...process.env, ...this.environment, PORT: String(this.port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.said = '';
    for (const output of [child.stdout, child.stderr])
      output.on('data', (chunk: Buffer) => (this.said = (this.said + chunk.toString()).slice(-keptCharacters)));
    try {
      await vi.waitUntil(() => this.pid === undefined || readyLine.test(this.said), { timeout: 60_000 });
      expect(readyLine.exec(this.said)?.[1]).toBe(String(this.port));
      expect((await fetch(`${this.url}/healthz`)).ok).toBe(true);
    } catch (cause) {
      throw new Error(`${this.url} does not serve; the process said: ${this.said}`, { cause });
    }
  }

  /** @throws Error with what it said when it has ended by itself */
  expectAlive(): void {
    if (this.pid === undefined) throw new Error(`the server of ${this.url} ended; it said: ${this.said}`);
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    if (!this.child || this.pid === undefined) return;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
  }
}
