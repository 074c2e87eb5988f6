import type { ColumnTransform } from '../column-transform';
import { DataError } from '../errors';
import { fitDelta, gaussianise, heavyTailed, momentsOf } from './lambert-w';
import type { SequenceRows } from './sequence-rows';
import { windowStarts } from './sequence-rows';
import type { ReturnsTransform, SequenceSpace } from './sequence-space';
import { withSpace } from './sequence-table';
import type { NumberSeries, SequenceTable } from './sequence-table';

/** Values that are all above 0 move by ratios, as prices do. */
function kindOf({ transform }: NumberSeries): ReturnsTransform['kind'] {
  return transform.smallest > 0 ? 'log' : 'difference';
}

/** Returns of a table of sequences, encoded (Wiese et al. 2020, section 5.1): standardised, without tails, standardised. */
export class ReturnSource {
  /** The first column of the transforms is the number of the sequence. */
  readonly transforms: ColumnTransform[];
  /** Features whose returns are learned. */
  readonly width: number;
  /** Places of the first return of each window. */
  readonly starts: Uint32Array;
  /** `[places of returns, width]` */
  private readonly encoded: Float32Array;

  /**
   * @param window returns of a window
   * @param length rows of a sequence of a sample that names none
   * @throws DataError for columns that have no returns, or sequences that are too short
   */
  constructor(table: SequenceTable, { window, length }: { window: number; length: number }) {
    const features = table.numbers.filter(({ isAttribute }) => !isAttribute);
    refuseOthers(table, features);
    const { rows } = table;
    const values = features.map((feature) => returnsOf(feature, rows));
    const fitted = features.map((feature, k) => fitReturns(feature, values[k] ?? new Float64Array()));
    this.width = features.length;
    const starts = returnStarts(rows);
    const count = starts.at(-1) ?? 0;
    this.encoded = new Float32Array(count * this.width);
    fitted.forEach((transform, k) => {
      values[k]?.forEach((value, place) => (this.encoded[place * this.width + k] = encodeReturn(transform, value)));
    });
    this.starts = windowStarts({ starts }, window, 1);
    this.transforms = withSpace(table, { kind: 'paths', length, returns: fitted });
  }

  /** Windows of `length` returns by their index, `[indices, length · width]`. */
  read(indices: ArrayLike<number>, length: number): Float32Array {
    const size = length * this.width;
    const target = new Float32Array(indices.length * size);
    for (let i = 0; i < indices.length; i++) {
      const from = (this.starts[indices[i] ?? 0] ?? 0) * this.width;
      target.set(this.encoded.subarray(from, from + size), i * size);
    }
    return target;
  }
}

function refuseOthers(table: SequenceTable, features: readonly NumberSeries[]): void {
  const choice = table.choices.find(({ isAttribute }) => !isAttribute);
  const gap = features.find(({ gaps }) => gaps !== null);
  const attribute = [...table.numbers, ...table.choices].find(({ isAttribute }) => isAttribute);
  const name = (choice ?? gap ?? attribute)?.transform.column.name;
  if (name !== undefined) {
    const why = choice ? 'is a set of values' : gap ? 'has missing values' : 'belongs to the sequences as a whole';
    throw new DataError(
      `Column "${name}" ${why}, and quantgan learns the returns of numbers alone. Exclude it, or use doppelganger.`,
    );
  }
  if (features.length === 0)
    throw new DataError('No column of numbers changes along the table: there are no returns to learn.');
}

/** Where the returns of each sequence begin; a sequence has one return less than rows. */
function returnStarts({ starts }: SequenceRows): Uint32Array {
  return starts.map((start, sequence) => start - sequence);
}

/** The returns of a feature over all sequences, one after the other. */
function returnsOf(feature: NumberSeries, { starts }: SequenceRows): Float64Array {
  const { transform, values } = feature;
  const isLog = kindOf(feature) === 'log';
  const shift = transform.scale.kind === 'log' ? transform.scale.shift : 0;
  const levels = values.map((value) => {
    const plain = transform.scale.kind === 'log' ? Math.exp(value) - shift : value;
    return isLog ? Math.log(plain) : plain;
  });
  const isFirst = new Set(starts);
  const returns: number[] = [];
  for (let place = 1; place < levels.length; place++) {
    if (!isFirst.has(place)) returns.push((levels[place] ?? 0) - (levels[place - 1] ?? 0));
  }
  return Float64Array.from(returns);
}

/** @throws DataError where a column never moves */
export function fitReturns(feature: NumberSeries, returns: Float64Array): ReturnsTransform {
  const { mean, std } = momentsOf(returns);
  const { name } = feature.transform.column;
  if (!(std > 0)) throw new DataError(`Column "${name}" moves by the same amount in every row. Exclude it.`);
  const standard = returns.map((value) => (value - mean) / std);
  const delta = fitDelta(standard);
  const gaussian = momentsOf(standard.map((value) => gaussianise(value, delta)));
  const { scale } = feature.transform;
  const first = feature.values[0] ?? 0;
  const start = scale.kind === 'log' ? Math.exp(first) - scale.shift : first;
  return { kind: kindOf(feature), mean, std, delta, gaussian_mean: gaussian.mean, gaussian_std: gaussian.std, start };
}

/** A return as the model sees it. */
export function encodeReturn(transform: ReturnsTransform, value: number): number {
  const { mean, std, delta, gaussian_mean: centre, gaussian_std: spread } = transform;
  return (gaussianise((value - mean) / std, delta) - centre) / spread;
}

/** The inverse of `encodeReturn`. */
export function decodeReturn(transform: ReturnsTransform, encoded: number): number {
  const { mean, std, delta, gaussian_mean: centre, gaussian_std: spread } = transform;
  return mean + std * heavyTailed(centre + spread * encoded, delta);
}

/**
 * The levels that returns lead to, from the start of the table on.
 *
 * @param encoded returns `[length - 1, width]`
 * @returns levels of a feature, one a row
 */
export function levelsOf(
  transform: ReturnsTransform,
  encodedAt: (step: number) => number,
  length: number,
): Float64Array {
  const levels = new Float64Array(length);
  let level = transform.kind === 'log' ? Math.log(transform.start) : transform.start;
  for (let row = 0; row < length; row++) {
    if (row > 0) level += decodeReturn(transform, encodedAt(row - 1));
    levels[row] = transform.kind === 'log' ? Math.exp(level) : level;
  }
  return levels;
}

/** @throws RangeError where sequences were not learned as paths */
export function pathsOf({ encoding }: SequenceSpace) {
  if (encoding.kind !== 'paths') throw new RangeError('the sequences were not learned as paths');
  return encoding;
}
