import { sparseLayoutOf } from '../data/sparse-layout';
import { fitSparseTable } from '../data/sparse-table';
import type { GanPlan } from '../engine/engine';
import type { RowLayout } from '../engine/gan-shape';
import { ctganPlan } from '../models/ctgan/ctgan';
import { ctganConfigSchema } from '../models/ctgan/config';
import type { CtganConfig } from '../models/ctgan/config';
import { ganPlan } from '../models/gan/gan';
import { ganConfigSchema } from '../models/gan/config';
import type { GanConfig } from '../models/gan/config';
import { tvaeConfigSchema } from '../models/tvae/config';
import type { TvaeConfig } from '../models/tvae/config';
import { Random } from '../random/random';
import { categories, column, memoryTable, quantities } from './tables';

/** Small enough for tests. */
export function smallCtganConfig(given: Partial<CtganConfig> = {}): CtganConfig {
  const small = {
    epochs: 2,
    batch_size: 40,
    steps_per_epoch: 4,
    latent_dim: 8,
    pac: 4,
    checkpoint_seconds: 0,
    quality_every: 0,
  };
  return ctganConfigSchema.parse({ ...small, generator_layers: [16, 12], critic_layers: [16, 12], ...given });
}

export function smallGanConfig(given: Partial<GanConfig> = {}): GanConfig {
  const small = {
    epochs: 2,
    batch_size: 40,
    steps_per_epoch: 4,
    latent_dim: 8,
    checkpoint_seconds: 0,
    quality_every: 0,
  };
  return ganConfigSchema.parse({ ...small, generator_layers: [16, 12], discriminator_layers: [16, 12], ...given });
}

export function smallTvaeConfig(given: Partial<TvaeConfig> = {}): TvaeConfig {
  const small = {
    epochs: 2,
    batch_size: 40,
    steps_per_epoch: 4,
    latent_dim: 8,
    checkpoint_seconds: 0,
    quality_every: 0,
  };
  return tvaeConfigSchema.parse({ ...small, encoder_layers: [16, 12], decoder_layers: [12, 16], ...given });
}

/**
 * A category (70 % `right`, 25 % `left`, 5 % `rare`), a number near the place of its category, and one with missing
 * values and many zeros that has nothing to do with them.
 */
export function sidesTable(rowCount: number) {
  const random = Random.of(11);
  const noise = random.fillNormal(new Float32Array(2 * rowCount));
  const places = { right: 5, left: -5, rare: 0 };
  const sides = Array.from({ length: rowCount }, () => {
    const drawn = random.uniform();
    return drawn < 0.7 ? 'right' : drawn < 0.95 ? 'left' : 'rare';
  });
  const values = sides.map((side, i) => places[side] + 0.5 * (noise[i] ?? 0));
  const gains = sides.map((_, i) => {
    const drawn = random.uniform();
    return drawn < 0.2 ? null : drawn < 0.6 ? 0 : 20 + 3 * (noise[rowCount + i] ?? 0);
  });
  const columns = [
    column({ name: 'side', type: 'text', role: 'categorical' }),
    column({ name: 'value', type: 'number', role: 'numeric' }),
    column({ name: 'gain', type: 'number', role: 'numeric' }),
  ];
  const source = memoryTable({ side: categories(sides), value: quantities(values), gain: quantities(gains) });
  return { source, columns, sides, values, gains };
}

/** The table, encoded, with its layout. */
export async function encodedSides(rowCount: number, conditionsOnModes = true) {
  const { source, columns } = sidesTable(rowCount);
  const settings = { numbers: 'mixture', hasSpecialValues: true, maxCategories: 100 } as const;
  const { transforms, rows } = await fitSparseTable(source, columns, settings);
  return { transforms, rows, sparse: sparseLayoutOf(transforms, conditionsOnModes) };
}

const smallGanPlan = (layout: RowLayout) => ganPlan({ ...layout, conditions: [] }, smallGanConfig());

export const smallPlans: [string, (layout: RowLayout) => GanPlan][] = [
  ['ctgan', (layout) => ctganPlan(layout, smallCtganConfig())],
  ['gan', smallGanPlan],
  ['gan without batch norm', (layout) => withPlainGenerator(smallGanPlan(layout))],
];

function withPlainGenerator({ shape, training }: GanPlan): GanPlan {
  return { training, shape: { ...shape, generator: { ...shape.generator, kind: 'plain' } } };
}
