import { Parameter } from '../../../assembly/layout';
import type { Core } from './core';

/** The number of no training update: sampling draws from streams that training never touches. */
const samplingUpdate = 0xffff;

/** See `FusedGan.sample`. Works in chunks of one batch, so that memory stays bounded. */
export function sampleRows(
  core: Core,
  rows: number,
  { seed, first = 0, conditions }: { seed: number; first?: number; conditions?: Int32Array },
): Float32Array {
  const { width } = core.shape.layout;
  const { rowWidth, categories } = core.generatorNetwork;
  const { batchSize } = core.settings;
  if (conditions && conditions.length !== rows) {
    throw new RangeError(`${conditions.length} conditions were given for ${rows} rows`);
  }
  core.setParameter(Parameter.Seed, seed);
  core.setParameter(Parameter.Step, 0);
  core.setParameter(Parameter.Update, samplingUpdate);
  const result = new Float32Array(rows * width);
  for (let start = 0; start < rows; start += batchSize) {
    const count = Math.min(batchSize, rows - start);
    core.setParameter(Parameter.FirstRow, first + start);
    const given = core.integers(core.generatorBuffers.conditions, batchSize).fill(-1);
    if (conditions) given.set(conditions.subarray(start, start + count));
    if (given.some((category) => category < -1 || category >= categories)) {
      throw new RangeError(`a condition is none of -1 to ${categories - 1}`);
    }
    core.run('sample');
    for (let i = 0; i < count; i++) {
      result.set(core.floats(core.sampled + 4 * i * rowWidth, width), (start + i) * width);
    }
  }
  return result;
}
