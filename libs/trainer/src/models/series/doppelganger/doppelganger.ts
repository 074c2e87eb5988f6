import { DataError } from '../../../data/errors';
import { windowReader } from '../../../data/series/sequence-decoder';
import { readSequences } from '../../../data/series/sequence-table';
import { sequenceTransformsOf } from '../../../data/series/sequence-transforms';
import { windowLayoutOf, WindowSource } from '../../../data/series/windows';
import type { Engine } from '../../../engine/engine';
import { fewestSteps } from '../../common-settings';
import type { TableModel } from '../../table-model';
import { sequenceSampler } from '../sequence-sampler';
import { doppelgangerConfigSchema } from './config';

/** DoppelGANger (Lin et al. 2020): windows of a table of sequences, with what belongs to a window as a whole. */
export function openDoppelganger(given: unknown, engine: Engine): TableModel {
  const config = doppelgangerConfigSchema.parse(given);
  const { batch_size: batchSize, sequence_length: length, window_stride: stride } = config;
  return {
    stepsPerEpoch: (rowCount) =>
      config.steps_per_epoch ||
      Math.max(fewestSteps, Math.floor(rowCount / (stride * batchSize * config.critic_steps))),
    fit: async (source, columns, { seed, onColumn }) => {
      const table = await readSequences(source, columns, config.max_categories, onColumn);
      const isScaledByWindow = config.scaling === 'window';
      const windows = new WindowSource(table, {
        ...{ length, stride, isScaledByWindow },
        isDecorrelated: config.decorrelate,
      });
      if (windows.layout.features.width === 0) throw nothingChanges();
      const doppelganger = await engine.doppelganger();
      return {
        engine: doppelganger.name,
        transforms: windows.transforms,
        rowCount: source.rowCount,
        encodedWidth: windows.layout.width,
        batchSize,
        rowsPerStep: batchSize * config.critic_steps * length,
        model: doppelganger.createModel({ layout: windows.layout, config }, windows, seed),
      };
    },
    openSampler: async ({ transforms, state, sequences = {} }) => {
      const sorted = sequenceTransformsOf(transforms);
      const layout = windowLayoutOf(sorted);
      const asked = sequences.length ?? length;
      if (asked > length) throw tooLong(asked, length);
      const sampler = (await engine.doppelganger()).createSampler({ layout, config }, state);
      const read = windowReader(sorted);
      const draw = {
        length: asked,
        isBounded: true,
        draw: (count: number, random: Parameters<typeof sampler.sample>[1]) => {
          const encoded = sampler.sample(count, random);
          return Array.from({ length: count }, (_, i) => read(encoded, i * layout.width, asked));
        },
      };
      return sequenceSampler(sorted, draw, sequences.start);
    },
  };
}

function nothingChanges(): DataError {
  return new DataError(
    'No column of the table changes along a sequence: each one is constant or an attribute. Choose another key, or give a column the sequence role feature.',
  );
}

function tooLong(asked: number, length: number): DataError {
  return new DataError(
    `A length of ${asked} was asked for, but doppelganger makes sequences of at most ${length} rows, the setting sequence_length that it was trained with. Ask for at most ${length}, or train with a greater sequence_length; quantgan makes sequences of any length.`,
  );
}
