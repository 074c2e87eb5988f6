import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ProcessTree } from './process-tree';

/** Holds 64 MB and computes, in a process that the first one has started. */
const busyChild = `const held = Buffer.alloc(64 * 1024 * 1024, 1); for (;;) Math.sqrt(held[0]);`;
const parent = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(busyChild)}]);
  process.on('disconnect', () => { child.kill('SIGKILL'); process.exit(); });
  process.send('ready');`;

describe('ProcessTree', () => {
  const started: ChildProcess[] = [];

  afterEach(async () => {
    for (const child of started.splice(0)) {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    }
  });

  async function start(): Promise<number> {
    const child = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    started.push(child);
    await once(child, 'message');
    if (child.pid === undefined) throw new Error('the process was not started');
    return child.pid;
  }

  it('measures what a process has started with it', async () => {
    const pid = await start();
    const tree = new ProcessTree(pid);
    await tree.measure();
    await vi.waitFor(
      async () => {
        const usage = await tree.measure();
        expect(usage?.memoryBytes).toBeGreaterThan(64 * 1024 ** 2);
        expect(usage?.cpuPercent).toBeGreaterThan(10);
      },
      { timeout: 20_000, interval: 300 },
    );
  });

  it('says nothing of a process that has gone', async () => {
    expect(await new ProcessTree(2 ** 22 + 1).measure()).toBeUndefined();
  });
});
