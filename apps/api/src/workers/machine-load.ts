import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { cpus } from 'node:os';
import { mem } from 'systeminformation';
import type { WorkerLoad } from '@gan-dashboard/shared-types';

interface CpuTime {
  /** In the unit of the system; only shares are taken. */
  busy: number;
  total: number;
}

/** Measures the machine that the process runs on. */
export class MachineLoad {
  private last = cpuTime();

  /** @param folder on the disk that is measured */
  constructor(
    private readonly memoryBytes: number,
    private readonly folder: string,
  ) {}

  /** What is used now; the share of the processors is that since the last measurement. */
  async measure(): Promise<WorkerLoad> {
    const load: WorkerLoad = { memory_used_bytes: await this.memoryUsed() };
    const now = cpuTime();
    const { last } = this;
    this.last = now;
    if (now.total > last.total) load.cpu_percent = ((now.busy - last.busy) / (now.total - last.total)) * 100;
    const disk = await statfs(this.folder).catch(() => undefined);
    if (disk) {
      load.disk_total_bytes = disk.blocks * disk.bsize;
      load.disk_used_bytes = (disk.blocks - disk.bfree) * disk.bsize;
    }
    return load;
  }

  private async memoryUsed(): Promise<number> {
    // Elsewhere the free memory of Node leaves out what the system would give back at once.
    if (process.platform !== 'linux') return (await mem()).active;
    return Math.max(0, this.memoryBytes - process.availableMemory());
  }
}

function cpuTime(): CpuTime {
  if (process.platform === 'linux') return linuxCpuTime(readFileSync('/proc/stat', 'utf8'));
  const times = cpus().map(({ times: { user, nice, sys, irq, idle } }) => ({ busy: user + nice + sys + irq, idle }));
  const busy = times.reduce((sum, time) => sum + time.busy, 0);
  return { busy, total: busy + times.reduce((sum, { idle }) => sum + idle, 0) };
}

/** `cpus()` also reads the frequency of each core, which takes long on a large machine. */
function linuxCpuTime(stat: string): CpuTime {
  // user nice system idle iowait irq softirq steal; what guests use is part of user.
  const times = (stat.split('\n', 1)[0] ?? '').split(/\s+/).slice(1, 9).map(Number);
  const total = times.reduce((sum, time) => sum + time, 0);
  const [, , , idle = 0, waiting = 0] = times;
  return { busy: total - idle - waiting, total };
}
