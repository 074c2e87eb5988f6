import type { DatasetColumn, DatasetStructure } from '@gan-dashboard/shared-types';
import { sequenceMistake } from '../../data/series/sequence-columns';

const modelsOfSequences: readonly string[] = ['doppelganger', 'quantgan'];

/** Rows of a sequence that names no length; null for a model of single rows. */
export function sequenceLengthOf(model: string, config: Readonly<Record<string, unknown>>): number | null {
  const length = config['sequence_length'];
  return modelsOfSequences.includes(model) && typeof length === 'number' ? length : null;
}

/** Why a model cannot read a data set, as far as its import can tell; null where nothing speaks against it. */
export function datasetMistake(
  model: string,
  columns: readonly DatasetColumn[],
  structure: DatasetStructure | null,
): string | null {
  return modelsOfSequences.includes(model) ? sequenceMistake(columns, structure) : null;
}
