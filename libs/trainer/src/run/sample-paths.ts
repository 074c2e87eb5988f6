import { mostPathMeasures, mostPathPoints, mostPaths } from '@gan-dashboard/shared-types';
import type { Cell, SamplePaths } from '@gan-dashboard/shared-types';
import type { ColumnTransform, ContinuousColumn } from '../data/column-transform';
import type { QuantityColumn, SourceTable } from '../data/parquet';
import { sequenceColumnsOf } from '../data/series/sequence-columns';
import { asQuantity, orderRows, windowStarts } from '../data/series/sequence-rows';
import { isNumber, sequenceTransformsOf } from '../data/series/sequence-transforms';
import type { RowSampler } from '../models/table-model';
import { Random } from '../random/random';

/** Digits of a value, so that an event stays small: a chart shows no more. */
const digits = 5;

type Path = SamplePaths['measures'][number]['real'][number];

/** What is drawn at each measurement: the same real paths, and the same noise. */
export interface PathPlan {
  /** Rows of each path. */
  length: number;
  measures: { name: string; /** Place in a row of the sampler. */ place: number; real: Path[] }[];
  /** Of the sampler, for these paths alone. */
  seed: number;
}

export interface PathsGiven {
  transforms: readonly ColumnTransform[];
  /** The rows that train. */
  source: SourceTable;
  seed: number;
  /** Rows of a sequence of the model; undefined for models of single rows. */
  sequenceLength: number | undefined;
}

/**
 * Chooses real paths to stand beside those of a model of sequences: windows of the training rows, none over the end of a
 * sequence, of the first numbers that change along them.
 *
 * @returns null for a model of single rows, and where no number changes along a sequence
 */
export async function planPaths({ transforms, source, seed, sequenceLength }: PathsGiven): Promise<PathPlan | null> {
  const [first] = transforms;
  if (sequenceLength === undefined || first?.kind !== 'id' || !first.sequences) return null;
  const measured = sequenceTransformsOf(transforms)
    .features.filter(isNumber)
    .filter(({ column }) => column.role !== 'datetime')
    .slice(0, mostPathMeasures);
  if (measured.length === 0) return null;
  const columns = transforms.slice(1).map(({ column }) => column);
  const rows = await orderRows(source, sequenceColumnsOf(columns), columns);
  const longest = rows.starts.reduce((most, start, index) => Math.max(most, start - (rows.starts[index - 1] ?? 0)), 0);
  const length = Math.min(sequenceLength, mostPathPoints, longest);
  const starts = windowStarts(rows, length, 1);
  const chosen = Random.of(seed, 'quality', 'real paths').permutation(starts.length).subarray(0, mostPaths);
  const measures: PathPlan['measures'] = [];
  for (const transform of measured) {
    const values = await valuesOf(transform, source);
    const pathFrom = (place: number) =>
      Array.from({ length }, (_, row) => shortened(values[rows.order[place + row] ?? 0] ?? Number.NaN));
    const real = Array.from(chosen, (index) => pathFrom(starts[index] ?? 0));
    measures.push({ name: transform.column.name, place: transforms.indexOf(transform), real });
  }
  return { length, measures, seed: Random.of(seed, 'quality', 'paths').nextUint32() >>> 1 };
}

/** @param sampler of sequences that are as long as the plan says */
export function drawnPaths({ length, measures, seed }: PathPlan, sampler: RowSampler): SamplePaths {
  const rows = sampler.draw({ from: 0, rows: mostPaths * length }, seed);
  const path = (index: number, place: number) =>
    rows.slice(index * length, (index + 1) * length).map((row) => numberOf(row[place] ?? null));
  return {
    length,
    measures: measures.map(({ name, place, real }) => ({
      ...{ name, real },
      synthetic: Array.from({ length: mostPaths }, (_, index) => path(index, place)),
    })),
  };
}

async function valuesOf({ column }: ContinuousColumn, source: SourceTable): Promise<Float64Array> {
  return ((await source.read(asQuantity(column))) as QuantityColumn).values;
}

function numberOf(cell: Cell): number | null {
  return cell === null ? null : shortened(Number(cell));
}

function shortened(value: number): number | null {
  // Adding 0 turns -0 into 0.
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) + 0 : null;
}
