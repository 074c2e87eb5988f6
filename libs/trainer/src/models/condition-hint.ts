import type { Cell } from '@gan-dashboard/shared-types';
import { spell } from '../data/column-transform';
import type { ColumnTransform } from '../data/column-transform';
import { conditionsOf, weightDrawer } from '../data/conditions';
import { decodeContinuous } from '../data/continuous-transform';
import type { RowCondition } from '../data/row-conditions';
import type { SparseLayout } from '../data/sparse-layout';
import type { ConditionHint } from './table-model';

/** The slots of a column whose rows may meet a condition; null where the model has no conditions on that column. */
export function conditionHint(
  condition: RowCondition,
  transforms: readonly ColumnTransform[],
  { layout, conditionColumns, slotCounts }: SparseLayout,
): ConditionHint | null {
  const place = conditionsOf(layout)[conditionColumns.indexOf(condition.column)];
  const transform = transforms[condition.column];
  if (!place || !transform) return null;
  const counts = slotCounts[place.choice] ?? [];
  const weights = counts.map((count, slot) => (mayMeet(condition, transform, slot) ? count : 0));
  const sum = (numbers: readonly number[]) => numbers.reduce((total, count) => total + count, 0);
  if (sum(weights) === 0) return null;
  const draw = weightDrawer(weights);
  return { share: sum(weights) / sum(counts), draw: (random) => place.start + draw(random) };
}

function mayMeet({ test, range }: RowCondition, transform: ColumnTransform, slot: number): boolean {
  if (transform.kind === 'categorical') return cellsOf(transform, slot).some(test);
  if (transform.kind !== 'continuous') return true;
  const { components, special } = transform;
  if (slot >= components.length + special.length) return test(null);
  if (!range) return false;
  const [low, high] = [decodeContinuous(transform, slot, -1), decodeContinuous(transform, slot, 1)];
  return high >= range.low && low <= range.high;
}

/** What rows of a slot can say: one value, those that share the slot, or a missing one. */
function cellsOf(transform: Extract<ColumnTransform, { kind: 'categorical' }>, slot: number): Cell[] {
  const { values, rest, column } = transform;
  const own = values[slot];
  if (own !== undefined) return [spell(own, column)];
  return rest && slot === values.length ? rest.values.map((value) => spell(value, column)) : [null];
}
