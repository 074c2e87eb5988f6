import type { ColumnTransform } from '../../data/column-transform';
import { DataError } from '../../data/errors';
import type { SparseLayout } from '../../data/sparse-layout';
import type { ClassifierShape } from '../../engine/gan-shape';
import type { CtganConfig } from './config';

/**
 * The classifier of the target loss for the column that the settings name; undefined where they name none. Of a
 * category it tells the value, of a quantity the mode.
 *
 * @throws DataError where the table has no such column, or one with nothing to tell apart
 */
export function targetClassifier(
  config: CtganConfig,
  transforms: readonly ColumnTransform[],
  { layout, columns }: SparseLayout,
): ClassifierShape | undefined {
  if (config.target_column === '') return undefined;
  const choiceSpans = layout.spans.flatMap(({ kind }, index) => (kind === 'choice' ? [index] : []));
  const numberSpans = layout.spans.flatMap(({ kind }, index) => (kind === 'number' ? [index] : []));
  const place = columns[transforms.findIndex(({ column }) => column.name === config.target_column)];
  const target = place?.choice === null || place === undefined ? undefined : choiceSpans[place.choice];
  if (place === undefined || target === undefined) throw noTarget(config.target_column, transforms, columns);
  const number = place.number === null ? undefined : numberSpans[place.number];
  return {
    target,
    column: number === undefined ? [target] : [number, target],
    layers: config.critic_layers,
    dropout: config.dropout,
    weight: config.target_weight,
  };
}

function noTarget(name: string, transforms: readonly ColumnTransform[], columns: SparseLayout['columns']): DataError {
  const possible = transforms
    .filter((_, index) => columns[index]?.choice !== null)
    .map(({ column }) => `"${column.name}"`);
  return new DataError(
    `target_column is "${name}"; allowed: a column with at least two categories or modes, which are ${possible.join(', ') || 'none here'}. Leave it empty to train without a target.`,
  );
}
