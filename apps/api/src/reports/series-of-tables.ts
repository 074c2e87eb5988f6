import type { DatasetColumn, DatasetStructure } from '@gan-dashboard/shared-types';
import type { ReportTask } from './process/report-protocol';

type SeriesTask = NonNullable<ReportTask['series']>;

/** The column in which a sample of a model of sequences numbers them. */
const numbered = /^sequence(_\d+)?$/;

/**
 * What makes the rows of two tables series: the columns that name the sequence of a row, and the one that orders it. A
 * sample of a model of sequences numbers its sequences in a column that the real table has not.
 *
 * @param structure of the real data set
 * @returns null where the rows are no series, or several stand under one time and no key tells them apart
 */
export function seriesOf(
  real: readonly DatasetColumn[],
  synthetic: readonly DatasetColumn[],
  structure: Pick<DatasetStructure, 'kind' | 'time_column' | 'repeated_timestamps'> | null,
): SeriesTask | null {
  const key = real.find(({ sequence_role: role }) => role === 'key')?.name ?? null;
  const time = real.find(({ sequence_role: role }) => role === 'time')?.name ?? structure?.time_column ?? null;
  if (!key && (structure?.repeated_timestamps ?? 0) > 0) return null;
  const isKnown = new Set(real.map(({ name }) => name));
  const number = synthetic.find(({ name }) => numbered.test(name) && !isKnown.has(name))?.name;
  // A table without times may be series all the same, where a model of sequences has drawn the other one.
  if (!key && number === undefined && (structure?.kind ?? 'table') === 'table') return null;
  const ownKey = synthetic.some(({ name }) => name === key) ? key : null;
  const isFeature = ({ role, sequence_role: place, name }: DatasetColumn) =>
    role === 'numeric' && name !== time && name !== key && place !== 'attribute';
  const features = real.filter(isFeature).map(({ name }) => name);
  if (features.length === 0) return null;
  return { time, real_key: key, synthetic_key: number ?? ownKey, features };
}
