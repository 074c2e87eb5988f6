import { describe, expect, it } from 'vitest';
import { parseGpuLine } from './gpu-readings';

describe('parseGpuLine', () => {
  it('reads memory in MiB and utilization in percent', () => {
    expect(parseGpuLine('0, 81559, 1204, 37, NVIDIA H100 80GB HBM3')).toEqual({
      index: 0,
      gpu: {
        name: 'NVIDIA H100 80GB HBM3',
        memory_bytes: 81_559 * 1024 ** 2,
        memory_used_bytes: 1_204 * 1024 ** 2,
        utilization_percent: 37,
      },
    });
  });

  it('leaves out what the GPU does not measure', () => {
    const { gpu } = parseGpuLine('3, 40960, [N/A], [Not Supported], NVIDIA A100-SXM4-40GB') ?? {};
    expect(gpu).toEqual({ name: 'NVIDIA A100-SXM4-40GB', memory_bytes: 40_960 * 1024 ** 2 });
  });

  it('keeps a comma in a name', () => {
    expect(parseGpuLine('1, 8192, 0, 0, Quadro RTX 4000, Max-Q')?.gpu.name).toBe('Quadro RTX 4000, Max-Q');
  });

  it.each([
    '',
    'No devices were found',
    'NVIDIA-SMI has failed because it couldn’t communicate with the NVIDIA driver.',
    'Unable to determine the device handle for GPU 0000:01:00.0: GPU is lost.',
    '0, [N/A], [N/A], [N/A], NVIDIA GB10',
  ])('is undefined for a line without a GPU: %j', (line) => {
    expect(parseGpuLine(line)).toBeUndefined();
  });
});
