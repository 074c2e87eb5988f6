import type { Cell } from '@gan-dashboard/shared-types';
import type { EncodedRows } from '../engine/gan-shape';
import type { Random } from '../random/random';
import { categoryWriter, idWriter, quantityWriter } from './cell-writers';
import type { ColumnTransform, ContinuousColumn } from './column-transform';
import { weightDrawer } from './conditions';
import { decodeContinuous, slotCount } from './continuous-transform';
import type { ColumnPlaces, SparseLayout } from './sparse-layout';
import { writePattern } from './text-pattern';

/** What one column reads of an encoded row. */
interface EncodedCell {
  number: number;
  slot: number;
  /** Number of the row in the whole sample, from 0. */
  row: number;
}

type CellDecoder = (cell: EncodedCell, random: Random) => Cell;

/**
 * Turns sparse encoded rows back into rows of the source: its types, spelling, decimals, ranges and categories.
 *
 * @param seed names the sample: text ids of two samples differ
 */
export function sparseRowDecoder(transforms: readonly ColumnTransform[], { columns }: SparseLayout, seed: number) {
  const decoders = transforms.map((transform) => decoderOf(transform, seed));
  const numberSpans = columns.filter(({ number }) => number !== null).length;
  const choiceSpans = columns.filter(({ choice }) => choice !== null).length;
  const cellOf = (rows: EncodedRows, index: number, { number, choice }: ColumnPlaces) => ({
    number: number === null ? 0 : (rows.numbers[index * numberSpans + number] ?? 0),
    slot: choice === null ? 0 : (rows.choices[index * choiceSpans + choice] ?? 0),
  });
  /** @param index the row in `rows`; `row` its number in the whole sample */
  return (rows: EncodedRows, index: number, row: number, random: Random): Cell[] =>
    decoders.map((decode, column) =>
      decode({ ...cellOf(rows, index, columns[column] ?? { number: null, choice: null }), row }, random),
    );
}

function decoderOf(transform: ColumnTransform, seed: number): CellDecoder {
  switch (transform.kind) {
    case 'constant':
      return () => transform.value;
    case 'id': {
      const write = idWriter(transform.column, seed);
      return ({ row }) => write(row);
    }
    case 'categorical': {
      const write = categoryWriter(transform);
      return ({ slot }, random) => write(slot, random);
    }
    case 'text': {
      const draw = weightDrawer(transform.counts);
      return ({ slot }, random) => (slot === 0 ? writePattern(transform.patterns[draw(random)] ?? '', random) : null);
    }
    case 'continuous':
      return continuousDecoder(transform);
    case 'numeric':
      throw new Error(`column "${transform.column.name}" was encoded by its quantiles, which has no sparse place`);
  }
}

function continuousDecoder(transform: ContinuousColumn): CellDecoder {
  const write = quantityWriter(transform);
  const missingSlot = slotCount(transform);
  return ({ number, slot }) => (slot >= missingSlot ? null : write(decodeContinuous(transform, slot, number)));
}
