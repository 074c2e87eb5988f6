import { QualityError, isLearned } from '../table';
import type { QualityTable } from '../table';

/** How the rows of a table make up series. Rows of a sequence follow each other in the order of `time`, or of the table. */
export interface SeriesDescription {
  /** Column that names the sequence or instrument of a row; without it all rows are one sequence. */
  key?: string;
  /** Column to order by, numeric or datetime. Default: the order of the rows. */
  time?: string;
  /** Numeric columns to look at. Default: all numeric ones but key and time. */
  features?: readonly string[];
}

/** Sequences of some features. */
export interface Sequences {
  features: readonly string[];
  /** [sequences][features] Float64Array of the sequence's length. */
  sequences: Float64Array[][];
}

/**
 * Takes the sequences of a table apart.
 *
 * @throws QualityError where a named column is absent or not of the kind that its part takes
 */
export function sequencesOf(table: QualityTable, { key, time, features }: SeriesDescription): Sequences {
  const chosen = features ?? numericNames(table).filter((name) => name !== key && name !== time);
  if (chosen.length === 0) throw new QualityError('The table has no numeric column to take as a series.');
  const values = chosen.map((name) => quantity(table, name));
  const times = time === undefined ? undefined : quantity(table, time);
  const groups = rowsByKey(table, key);
  const sequences = groups.map((rows) => {
    const ordered = times ? rows.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0)) : rows;
    return values.map((column) => Float64Array.from(ordered, (row) => column[row] ?? Number.NaN));
  });
  return { features: chosen, sequences };
}

function numericNames(table: QualityTable): string[] {
  return table.columns.filter((column) => isLearned(column) && column.role === 'numeric').map(({ name }) => name);
}

function quantity(table: QualityTable, name: string): Float64Array {
  const column = table.columns.find((each) => each.name === name);
  if (!column) throw new QualityError(`The table lacks the column "${name}". Compare tables of one data set.`);
  if (column.data.kind !== 'quantity') {
    throw new QualityError(`Column "${name}" is a category where a series takes numbers. Choose another column.`);
  }
  return column.data.values;
}

/**
 * The rows of each value of the key, in the order of its first row; without a key all rows.
 *
 * @throws QualityError where the table lacks the key
 */
export function rowsByKey(table: QualityTable, key: string | undefined): number[][] {
  const all = Array.from({ length: table.rowCount }, (_, row) => row);
  if (key === undefined) return [all];
  const column = table.columns.find(({ name }) => name === key);
  if (!column) throw new QualityError(`The table lacks the key column "${key}". Compare tables of one data set.`);
  const cells = column.data.kind === 'quantity' ? column.data.values : column.data.codes;
  const groups = new Map<number, number[]>();
  for (const row of all) {
    const cell = cells[row] ?? -1;
    const group = groups.get(cell);
    if (group) group.push(row);
    else groups.set(cell, [row]);
  }
  return [...groups.values()];
}

/**
 * The steps of a series: log returns log(x_t / x_{t-1}), or differences x_t - x_{t-1}.
 *
 * @returns one step less than there are values; NaN where a value is missing, or not positive under a logarithm
 */
export function changesOf(values: Float64Array, kind: 'log_returns' | 'differences'): Float64Array {
  return Float64Array.from({ length: Math.max(0, values.length - 1) }, (_, t) => {
    const [from, to] = [values[t] ?? Number.NaN, values[t + 1] ?? Number.NaN];
    if (kind === 'differences') return to - from;
    return from > 0 && to > 0 ? Math.log(to / from) : Number.NaN;
  });
}

/** Sums of `steps` changes that follow each other without overlap; a sum with a missing change is left out. */
export function aggregate(changes: Float64Array, steps: number): Float64Array {
  const sums = Float64Array.from({ length: Math.floor(changes.length / steps) }, (_, block) =>
    changes.subarray(block * steps, (block + 1) * steps).reduce((sum, change) => sum + change, 0),
  );
  return sums.filter((sum) => !Number.isNaN(sum));
}

/** Windows of `length` steps, one from each step on: [windows][length, features] row after row, without missing values. */
export function windowsOf({ features, sequences }: Sequences, length: number): Float64Array[] {
  const windows: Float64Array[] = [];
  for (const sequence of sequences) {
    const steps = sequence[0]?.length ?? 0;
    for (let start = 0; start + length <= steps; start++) {
      const window = new Float64Array(length * features.length);
      for (let t = 0; t < length; t++) {
        for (let f = 0; f < features.length; f++)
          window[t * features.length + f] = sequence[f]?.[start + t] ?? Number.NaN;
      }
      if (!window.some(Number.isNaN)) windows.push(window);
    }
  }
  return windows;
}
