import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { gpuFields, parseGpuLine } from './gpu-readings';
import type { GpuReading } from './gpu-readings';

const restartMs = 60_000;
/** A reading counts as long as not more than this many are missing. */
const patience = 3;

/**
 * What the NVIDIA GPUs of this machine do, as `nvidia-smi` reports it. The program keeps running and reports by itself:
 * its start would cost more than all that it measures. Where it is not installed there are no GPUs.
 */
export class GpuMonitor {
  private readonly readings = new Map<number, { gpu: GpuReading; at: number }>();
  private child: ChildProcess | undefined;
  private restart: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly intervalSeconds: number,
    private readonly command = 'nvidia-smi',
  ) {}

  start(): void {
    const format = ['--format=csv,noheader,nounits', `--loop=${Math.max(1, Math.round(this.intervalSeconds))}`];
    const child = spawn(this.command, [`--query-gpu=${gpuFields.join(',')}`, ...format], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.child = child;
    // Without the program there is no GPU that could be measured: that is not an error.
    child.on('error', () => (this.isStopped = true));
    child.on('exit', () => this.startLater());
    createInterface({ input: child.stdout }).on('line', (line) => this.take(line));
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.restart);
    this.child?.kill('SIGKILL');
  }

  /** Nothing is measured any more: stopped, or the program is not installed. */
  get hasEnded(): boolean {
    return this.isStopped;
  }

  /** The GPUs in the order of their indices; undefined where there are none, or they do not report. */
  get gpus(): GpuReading[] | undefined {
    const oldest = performance.now() - patience * this.intervalSeconds * 1_000;
    const fresh = [...this.readings].filter(([, { at }]) => at >= oldest).sort(([one], [other]) => one - other);
    return fresh.length > 0 ? fresh.map(([, { gpu }]) => gpu) : undefined;
  }

  private take(line: string): void {
    const reading = parseGpuLine(line);
    if (reading) this.readings.set(reading.index, { gpu: reading.gpu, at: performance.now() });
  }

  private startLater(): void {
    if (this.isStopped) return;
    this.restart = setTimeout(() => this.start(), restartMs);
    this.restart.unref();
  }
}
