import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, vi } from 'vitest';

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** The built server as a process of its own, to be killed. */
export class ServerProcess {
  readonly url: string;
  private child: ChildProcess | undefined;

  constructor(
    private readonly port: number,
    private readonly environment: NodeJS.ProcessEnv,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  get pid(): number | undefined {
    return this.child?.exitCode === null && this.child.signalCode === null ? this.child.pid : undefined;
  }

  /** @throws Error when it does not serve within half a minute */
  async start(): Promise<void> {
    const worker = process.env['TRAINER_WORKER'];
    if (!worker) throw new Error('TRAINER_WORKER names the build; vite.config.ts sets it');
    this.child = spawn(process.execPath, [join(dirname(worker), 'main.js')], {
      env: { ...process.env, ...this.environment, PORT: String(this.port) },
      stdio: 'ignore',
    });
    await vi.waitFor(async () => expect((await fetch(`${this.url}/healthz`)).ok).toBe(true), { timeout: 30_000 });
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    if (!this.child || this.pid === undefined) return;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
  }
}
