import { samplingConditions } from '../data/conditions';
import type { ColumnTransform } from '../data/column-transform';
import { sparseLayoutOf } from '../data/sparse-layout';
import type { SparseLayout } from '../data/sparse-layout';
import { sparseRowDecoder } from '../data/sparse-row-decoder';
import { fitTrainingTable } from '../data/sparse-table';
import type { SparseSettings } from '../data/sparse-table';
import type { ModelEngine } from '../engine/engine';
import { isStored } from '../engine/gan-shape';
import type { EncodedRows, TrainingRows } from '../engine/gan-shape';
import { Random } from '../random/random';
import { conditionHint } from './condition-hint';
import { fewestSteps } from './common-settings';
import { spilledMessage } from './spilled-message';
import type { RowSampler, TableModel, TrainedModel } from './table-model';

/** What sets one model of sparse rows apart from the others. */
export interface SparseRecipe<Plan> {
  engineFor: (plan: Plan, madeBy?: string) => Promise<ModelEngine<Plan, TrainingRows, EncodedRows>>;
  /** How the table is encoded. */
  encoding: SparseSettings;
  /** Which choices may be conditions: none, those of categories, or those of modes too. */
  conditions: 'none' | 'categories' | 'modes';
  /** @throws DataError where the settings do not fit the table */
  planOf: (sparse: SparseLayout, transforms: readonly ColumnTransform[]) => Plan;
  batchSize: number;
  /** Batches of real rows that one step reads. */
  batchesPerStep: number;
  /** 0: by the table. */
  stepsPerEpoch: number;
}

/** A model that reads sparse rows: the same way from a table to rows and back for all of them. */
export function sparseModel<Plan>(recipe: SparseRecipe<Plan>): TableModel {
  const { batchSize, conditions } = recipe;
  return {
    stepsPerEpoch: (rowCount) => recipe.stepsPerEpoch || Math.max(fewestSteps, Math.floor(rowCount / batchSize)),
    fit: async (source, columns, { seed, onColumn, spill, madeBy }) => {
      const { transforms, rows } = await fitTrainingTable(source, columns, recipe.encoding, { onColumn, spill });
      const sparse = layoutFor(transforms, conditions);
      const plan = recipe.planOf(sparse, transforms);
      const engine = await recipe.engineFor(plan, madeBy);
      return {
        engine: engine.name,
        transforms,
        rowCount: rows.rowCount,
        encodedWidth: sparse.layout.width,
        batchSize,
        rowsPerStep: batchSize * recipe.batchesPerStep,
        model: engine.createModel(plan, rows, seed),
        ...(isStored(rows) && { messages: [spilledMessage], release: () => rows.close() }),
      };
    },
    openSampler: (trained) => openSampler(recipe, trained),
  };
}

async function openSampler<Plan>(
  { engineFor, planOf, conditions }: SparseRecipe<Plan>,
  { transforms, state, madeBy }: TrainedModel,
): Promise<RowSampler> {
  const sparse = layoutFor(transforms, conditions);
  const plan = planOf(sparse, transforms);
  const sampler = (await engineFor(plan, madeBy)).createSampler(plan, state);
  const drawConditions = samplingConditions(sparse.layout, sparse.slotCounts);
  return {
    hintFor: (condition) => conditionHint(condition, transforms, sparse),
    draw: ({ from, rows }, seed, places) => {
      const random = Random.of(seed, 'sample', from);
      const encoded = sampler.sample(rows, random, places ?? drawConditions(rows, random));
      const decode = sparseRowDecoder(transforms, sparse, seed);
      return Array.from({ length: rows }, (_, i) => decode(encoded, i, from + i, random));
    },
  };
}

function layoutFor(
  transforms: readonly ColumnTransform[],
  conditions: SparseRecipe<unknown>['conditions'],
): SparseLayout {
  const sparse = sparseLayoutOf(transforms, conditions === 'modes');
  return conditions === 'none' ? { ...sparse, layout: { ...sparse.layout, conditions: [] } } : sparse;
}
