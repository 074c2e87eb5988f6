import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { WorkerLoad } from '@gan-dashboard/shared-types';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { GpuMonitor } from './gpu-monitor';
import { MachineLoad } from './machine-load';
import { ProcessTree } from './process-tree';
import { WorkerHistory } from './worker-history';
import { WorkerRegistry } from './worker-registry';

/** Values by the name of their metric; what could not be measured is absent. */
export type ResourceSample = Record<string, number>;

interface Watch {
  runId: string;
  tree: ProcessTree;
  onSample: (values: ResourceSample) => void;
}

/**
 * Measures the machine and the processes of the runs that are trained here, every `RESOURCE_INTERVAL_SECONDS`. The
 * machine's values go into the worker's row and history, a run's to whoever watches it.
 */
@Injectable()
export class ResourceMonitor implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ResourceMonitor.name);
  private readonly watches = new Set<Watch>();
  private readonly machine: MachineLoad;
  private readonly gpus: GpuMonitor;
  private timer: NodeJS.Timeout | undefined;
  private measuring: Promise<void> | undefined;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly registry: WorkerRegistry,
    private readonly history: WorkerHistory,
  ) {
    this.machine = new MachineLoad(registry.size.memoryBytes, config.dataDir);
    this.gpus = new GpuMonitor(config.resourceIntervalSeconds);
  }

  onApplicationBootstrap(): void {
    this.gpus.start();
    this.timer = setInterval(() => this.look(), this.config.resourceIntervalSeconds * 1_000);
    this.timer.unref();
    this.look();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.gpus.stop();
    await this.measuring;
    await this.history.flush();
  }

  /**
   * Measures a run's processes from now on, together with their machine.
   *
   * @param pid of the run's first process; what it starts is measured with it
   * @param onSample called after each measurement, until the processes have gone
   * @returns what ends the measuring
   */
  watch(runId: string, pid: number, onSample: (values: ResourceSample) => void): () => void {
    const watch: Watch = { runId, tree: new ProcessTree(pid), onSample };
    this.watches.add(watch);
    return () => this.watches.delete(watch);
  }

  /** A measurement that takes longer than the interval is not overtaken by the next one. */
  private look(): void {
    this.measuring ??= this.measure()
      .catch((error: unknown) => this.logger.warn(`the machine was not measured: ${String(error)}`))
      .finally(() => (this.measuring = undefined));
  }

  private async measure(): Promise<void> {
    const load = await this.machine.measure();
    const { gpus } = this.gpus;
    if (gpus) load.gpus = gpus;
    const ofMachine = machineSample(load);
    await Promise.all([...this.watches].map((watch) => this.measureRun(watch, ofMachine)));
    const at = new Date();
    await this.registry.writeLoad(load, at);
    await this.history.add(ofMachine, at);
  }

  private async measureRun(watch: Watch, ofMachine: ResourceSample): Promise<void> {
    const usage = await watch.tree.measure();
    // Given back while it was measured, or gone: the run's end is told by others.
    if (!usage || !this.watches.has(watch)) return;
    const values: ResourceSample = { memory_bytes: usage.memoryBytes };
    if (usage.cpuPercent !== undefined) values['cpu_percent'] = usage.cpuPercent;
    try {
      watch.onSample({ ...values, ...ofMachine });
    } catch (error) {
      this.logger.warn(`what run ${watch.runId} uses was not taken: ${String(error)}`);
    }
  }
}

function machineSample(load: WorkerLoad): ResourceSample {
  const values: Record<string, number | undefined> = {
    worker_cpu_percent: load.cpu_percent,
    worker_memory_bytes: load.memory_used_bytes,
    worker_disk_used_bytes: load.disk_used_bytes,
  };
  for (const [index, gpu] of (load.gpus ?? []).entries()) {
    values[`gpu${index}_utilization_percent`] = gpu.utilization_percent;
    values[`gpu${index}_memory_bytes`] = gpu.memory_used_bytes;
  }
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}
