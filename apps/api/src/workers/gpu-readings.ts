import type { WorkerLoad } from '@gan-dashboard/shared-types';

export type GpuReading = NonNullable<WorkerLoad['gpus']>[number];

/** What `nvidia-smi` is asked for, in this order; `parseGpuLine` reads the answer. */
export const gpuFields = ['index', 'memory.total', 'memory.used', 'utilization.gpu', 'name'] as const;

const mebibyte = 1024 ** 2;

/**
 * Reads a line of `nvidia-smi --query-gpu=… --format=csv,noheader,nounits`: memory in MiB, utilization in percent. What
 * a GPU does not measure (`[N/A]`, such as the utilization of a MIG slice) is absent.
 *
 * @returns the GPU's index and reading; undefined where the line is none (`nvidia-smi` reports errors on stdout, too)
 */
export function parseGpuLine(line: string): { index: number; gpu: GpuReading } | undefined {
  const [indexText, totalText, usedText, utilizationText, ...nameParts] = line.split(',').map((part) => part.trim());
  const index = numberOf(indexText);
  const total = numberOf(totalText);
  // The name comes last: it is the only field that may hold a comma.
  const name = nameParts.join(', ');
  if (index === undefined || total === undefined || name === '') return undefined;
  const gpu: GpuReading = { name, memory_bytes: total * mebibyte };
  const used = numberOf(usedText);
  const utilization = numberOf(utilizationText);
  if (used !== undefined) gpu.memory_used_bytes = used * mebibyte;
  if (utilization !== undefined) gpu.utilization_percent = utilization;
  return { index, gpu };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
