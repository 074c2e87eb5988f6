import type { AppConfig } from '../platform/configuration/app-config';

export interface MachineSize {
  /** Processors that this process may use at the same time. */
  cores: number;
  /** Memory that this process may use, in bytes. */
  memoryBytes: number;
}

type SlotSettings = Pick<AppConfig, 'role' | 'maxConcurrentRuns' | 'workerCoresPerRun' | 'workerMemoryPerRunMb'>;

/** How many runs a process trains at a time: as many as have their cores and memory on this machine, but one at least. */
export function slotsOf({ cores, memoryBytes }: MachineSize, settings: SlotSettings): number {
  if (settings.role === 'web') return 0;
  if (settings.maxConcurrentRuns !== undefined) return settings.maxConcurrentRuns;
  const byCores = Math.floor(cores / settings.workerCoresPerRun);
  const byMemory = Math.floor(memoryBytes / (settings.workerMemoryPerRunMb * 1024 ** 2));
  return Math.max(1, Math.min(byCores, byMemory));
}
