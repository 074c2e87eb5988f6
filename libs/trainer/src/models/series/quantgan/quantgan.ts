import { levelsOf, pathsOf, ReturnSource } from '../../../data/series/returns';
import { readSequences } from '../../../data/series/sequence-table';
import { isNumber, sequenceTransformsOf } from '../../../data/series/sequence-transforms';
import type { Engine } from '../../../engine/engine';
import { fewestSteps } from '../../common-settings';
import type { TableModel } from '../../table-model';
import { sequenceSampler } from '../sequence-sampler';
import { quantganConfigSchema } from './config';
import { receptiveField } from './receptive-field';

/** Instruments are learned together: their key is not, and each drawn path gets a new one. */
const learnedKeys = 1;

/** QuantGAN (Wiese et al. 2020): returns of prices or changes of yields, as paths of any length. */
export function openQuantgan(given: unknown, engine: Engine): TableModel {
  const config = quantganConfigSchema.parse(given);
  const { batch_size: batchSize, sequence_length: length } = config;
  const window = receptiveField(config.temporal_blocks);
  return {
    stepsPerEpoch: (rowCount) => config.steps_per_epoch || Math.max(fewestSteps, Math.floor(rowCount / batchSize)),
    fit: async (source, columns, { seed, onColumn }) => {
      const table = await readSequences(source, columns, learnedKeys, onColumn);
      const returns = new ReturnSource(table, { window, length });
      const { width } = returns;
      const quantgan = await engine.quantgan();
      return {
        engine: quantgan.name,
        transforms: returns.transforms,
        rowCount: source.rowCount,
        encodedWidth: window * width,
        batchSize,
        rowsPerStep: batchSize * window,
        model: quantgan.createModel({ width, length, config }, returns, seed),
      };
    },
    openSampler: async ({ transforms, state, sequences = {} }) => {
      const sorted = sequenceTransformsOf(transforms);
      const { returns } = pathsOf(sorted.space);
      const asked = sequences.length ?? length;
      const features = sorted.features.filter(isNumber);
      const width = features.length;
      // A path has one return less than rows; of a single row there is none to draw.
      const steps = Math.max(1, asked - 1);
      const sampler = (await engine.quantgan()).createSampler({ width, length: steps, config }, state);
      const source = {
        length: asked,
        isBounded: false,
        draw: (count: number, random: Parameters<typeof sampler.sample>[1]) => {
          const encoded = sampler.sample(count, random);
          return Array.from({ length: count }, (_, i) => {
            const levels = returns.map((transform, k) =>
              levelsOf(transform, (step) => encoded[(i * steps + step) * width + k] ?? 0, asked),
            );
            return {
              length: asked,
              slotAt: () => 0,
              numberAt: (column: (typeof features)[number], row: number) =>
                levels[features.indexOf(column)]?.[row] ?? 0,
            };
          });
        },
      };
      return sequenceSampler(sorted, source, sequences.start);
    },
  };
}
