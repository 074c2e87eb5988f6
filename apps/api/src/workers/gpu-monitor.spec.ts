import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GpuMonitor } from './gpu-monitor';

/** Stands in for nvidia-smi: says what it was asked, then reports two GPUs until it is killed. */
const program = `#!${process.execPath}
console.log(process.argv.slice(2).join(' '));
const report = () => console.log('1, 81559, 2048, 50, NVIDIA H100 80GB HBM3\\n0, 81559, 1024, [N/A], NVIDIA H100 80GB HBM3');
report();
setInterval(report, 100);
`;

describe.skipIf(process.platform === 'win32')('GpuMonitor', () => {
  let folder: string;
  let monitor: GpuMonitor;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-gpu-'));
    await writeFile(join(folder, 'nvidia-smi'), program);
    await chmod(join(folder, 'nvidia-smi'), 0o755);
  });
  afterEach(async () => {
    monitor.stop();
    await rm(folder, { recursive: true });
  });

  it('has the newest reading of each GPU, in the order of their indices', async () => {
    monitor = new GpuMonitor(1, join(folder, 'nvidia-smi'));
    monitor.start();
    await vi.waitFor(() => expect(monitor.gpus).toHaveLength(2), { timeout: 10_000 });
    expect(monitor.gpus).toMatchObject([{ memory_used_bytes: 1024 ** 3 }, { utilization_percent: 50 }]);
    expect(monitor.gpus?.[0]).not.toHaveProperty('utilization_percent');
  });

  it('forgets GPUs that are no longer reported', async () => {
    monitor = new GpuMonitor(0.1, join(folder, 'nvidia-smi'));
    monitor.start();
    await vi.waitFor(() => expect(monitor.gpus).toHaveLength(2), { timeout: 10_000 });
    monitor.stop();
    await vi.waitFor(() => expect(monitor.gpus).toBeUndefined(), { timeout: 10_000 });
  });

  it('knows no GPU where the program is not installed', async () => {
    monitor = new GpuMonitor(1, join(folder, 'absent'));
    monitor.start();
    await vi.waitFor(() => expect(monitor.hasEnded).toBe(true));
    expect(monitor.gpus).toBeUndefined();
  });
});
