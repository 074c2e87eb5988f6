import { layoutOf } from '../../data/layout';
import { rowDecoder } from '../../data/row-decoder';
import { fitTable } from '../../data/table-transform';
import type { Engine } from '../../engine/engine';
import { Random } from '../../random/random';
import { spilledMessage } from '../spilled-message';
import type { TableModel } from '../table-model';
import { wganGpConfigSchema } from './config';

/** Fewest steps of an epoch where the table decides: small tables are passed over several times. */
const fewestSteps = 60;

export function openWganGp(given: unknown, engine: Engine): TableModel {
  const config = wganGpConfigSchema.parse(given);
  const { batch_size: batchRows, critic_steps: criticSteps } = config;
  return {
    stepsPerEpoch: (rowCount) =>
      config.steps_per_epoch || Math.max(fewestSteps, Math.floor(rowCount / (batchRows * criticSteps))),
    fit: async (source, columns, { seed, onColumn, spill }) => {
      const { transforms, encoded } = await fitTable(source, columns, config.max_categories, { onColumn, spill });
      const { layout, rowCount } = encoded;
      const wganGp = await engine.wganGp();
      const batchSize = Math.min(batchRows, rowCount);
      return {
        engine: wganGp.name,
        transforms,
        rowCount,
        encodedWidth: layout.width,
        batchSize,
        rowsPerStep: batchSize * criticSteps,
        model: wganGp.createModel({ layout, config }, encoded, seed),
        ...(encoded.isStored && { messages: [spilledMessage], release: () => encoded.close() }),
      };
    },
    openSampler: async ({ transforms, rowCount, state }) => {
      const layout = layoutOf(transforms, rowCount);
      const sampler = (await engine.wganGp()).createSampler({ layout, config }, state);
      return {
        draw: ({ from, rows }, seed) => {
          const decode = rowDecoder(transforms, layout, seed);
          const random = Random.of(seed, 'sample', from);
          const outputs = sampler.sample(rows, random);
          return Array.from({ length: rows }, (_, i) =>
            decode({ outputs, offset: i * layout.width, row: from + i }, random),
          );
        },
      };
    },
  };
}
