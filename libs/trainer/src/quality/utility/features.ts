import type { SourceColumn } from '../../data/parquet';
import { extremes } from '../coverage';
import { QualityError, alignCategories, isLearned } from '../table';
import type { QualityColumn, QualityTable } from '../table';

/** A feature column: quantities on the protocol's scale, or codes of `size` categories, the last one for missing. */
export type Feature =
  { kind: 'quantity'; values: Float64Array } | { kind: 'category'; codes: Int32Array; size: number };

export interface Features {
  rowCount: number;
  columns: readonly Feature[];
}

/** What is predicted: a categorical column and the value that counts as positive, all others being negative. */
export interface Target {
  column: string;
  positive: string | number | boolean;
}

/** Features and labels (1 is positive) of a table. @throws QualityError where a column is absent or read otherwise */
export type Encoder = (table: QualityTable) => { features: Features; labels: Uint8Array };

/**
 * The features of protocol A (SDGym 0.2), fitted on the real training rows alone: the logarithm of quantities that
 * are never negative and reach 1,000, all others between 0 and 5; categories one by one. A missing quantity takes
 * the mean; a missing category, and one that the training rows do not have, is a category of its own.
 *
 * @throws QualityError where the target is no categorical column, lacks the positive value or is missing in a row
 */
export function fitFeatures(training: QualityTable, target: Target): Encoder {
  const learned = training.columns.filter(isLearned);
  const wanted = learned.find(({ name }) => name === target.column);
  if (wanted?.data.kind !== 'category') {
    throw new QualityError(`The target "${target.column}" is no categorical column of the table. Choose one that is.`);
  }
  if (!wanted.data.values.includes(target.positive)) {
    throw new QualityError(
      `The target "${target.column}" has no value ${JSON.stringify(target.positive)} in the real training rows. Choose one of its values as positive.`,
    );
  }
  const encode = fitPredictors(training, target.column);
  return (table) => ({ features: encode(table), labels: labelsOf(columnOf(table, target.column), target) });
}

/** The features alone: every learned column but the target's. @throws QualityError, when used, as {@link Encoder} does */
export function fitPredictors(training: QualityTable, target: string): (table: QualityTable) => Features {
  const encoders = training.columns
    .filter((column) => isLearned(column) && column.name !== target)
    .map((column) => fitFeature(column));
  return (table) => ({ rowCount: table.rowCount, columns: encoders.map((encode) => encode(table)) });
}

function fitFeature({ name, data }: QualityColumn): (table: QualityTable) => Feature {
  if (data.kind === 'category') {
    const known = data.values.length;
    return (table) => {
      const { synthetic } = alignCategories(name, data, categoryOf(columnOf(table, name), name));
      return {
        kind: 'category',
        codes: synthetic.map((code) => (code < 0 || code >= known ? known : code)),
        size: known + 1,
      };
    };
  }
  const scale = scaleOf(data.values);
  const scaled = data.values.map(scale).filter((value) => !Number.isNaN(value));
  const mean = scaled.length === 0 ? 0 : scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  return (table) => {
    const other = columnOf(table, name);
    if (other.kind !== 'quantity') throw new QualityError(`Column "${name}" is a quantity in one table only.`);
    return { kind: 'quantity', values: other.values.map((value) => (Number.isNaN(value) ? mean : scale(value))) };
  };
}

function scaleOf(values: Float64Array): (value: number) => number {
  const { low, high } = extremes(values) ?? { low: 0, high: 0 };
  if (low >= 0 && high >= 1000) return (value) => Math.log(Math.max(value, 0.01));
  if (low === high) return (value) => value - low;
  return (value) => ((value - low) / (high - low)) * 5;
}

function labelsOf(data: SourceColumn, { column, positive }: Target): Uint8Array {
  const { codes, values } = categoryOf(data, column);
  const code = values.indexOf(positive);
  if (codes.includes(-1)) {
    throw new QualityError(`The target "${column}" is missing in row ${codes.indexOf(-1) + 1}. Leave such rows out.`);
  }
  return Uint8Array.from(codes, (each) => (each === code ? 1 : 0));
}

export function columnOf(table: QualityTable, name: string): SourceColumn {
  const column = table.columns.find((each) => each.name === name);
  if (!column) throw new QualityError(`The table lacks the column "${name}". Compare tables of one data set.`);
  return column.data;
}

function categoryOf(data: SourceColumn, name: string): Extract<SourceColumn, { kind: 'category' }> {
  if (data.kind !== 'category') throw new QualityError(`Column "${name}" is a category in one table only.`);
  return data;
}
