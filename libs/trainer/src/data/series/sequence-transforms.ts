import type { CategoricalTransform, ColumnTransform, ContinuousColumn } from '../column-transform';
import type { SequenceSpace } from './sequence-space';

/** The transforms of a model of sequences, by what their columns are; each list in the order of the source. */
export interface SequenceTransforms {
  /** All of them; the first numbers the sequences. */
  all: readonly ColumnTransform[];
  space: SequenceSpace;
  attributes: LearnedColumn[];
  features: LearnedColumn[];
}

export type LearnedColumn = ContinuousColumn | CategoricalTransform;

/** @throws RangeError for transforms of a model of single rows */
export function sequenceTransformsOf(all: readonly ColumnTransform[]): SequenceTransforms {
  const [first] = all;
  if (first?.kind !== 'id' || !first.sequences) throw new RangeError('the transforms are not those of sequences');
  const space = first.sequences;
  const named = (names: readonly string[]) =>
    all.filter((each): each is LearnedColumn => isLearned(each) && names.includes(each.column.name));
  return { all, space, attributes: named(space.attributes), features: named(space.features) };
}

function isLearned({ kind }: ColumnTransform): boolean {
  return kind === 'continuous' || kind === 'categorical';
}

export function isNumber(transform: LearnedColumn): transform is ContinuousColumn {
  return transform.kind === 'continuous';
}

/** Slots of a choice: its values, one for the rest, one for missing. */
export function slotCount({ values, rest, missing }: CategoricalTransform): number {
  return values.length + (rest ? 1 : 0) + (missing > 0 ? 1 : 0);
}

/** From the scale of the source to that which is learned. */
export function scaled({ scale }: ContinuousColumn, value: number): number {
  return scale.kind === 'log' ? Math.log(value + scale.shift) : value;
}

/** From the scale that is learned to that of the source. */
export function unscaled({ scale }: ContinuousColumn, value: number): number {
  return scale.kind === 'log' ? Math.exp(value) - scale.shift : value;
}
