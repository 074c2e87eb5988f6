import type { Cell } from '@gan-dashboard/shared-types';
import type { EncodedRows } from '../engine/gan-shape';
import type { Random } from '../random/random';
import { categoryWriter, idWriter, quantityWriter } from './cell-writers';
import type { ColumnTransform, ContinuousColumn } from './column-transform';
import { weightDrawer } from './conditions';
import { decodeContinuous, slotCount } from './continuous-transform';
import type { SparseLayout } from './sparse-layout';
import { writePattern } from './text-pattern';

/**
 * Writes the cell of a column. Four parameters side by side, as an object for each cell costs more than its decoding.
 *
 * @param row its number in the whole sample, from 0
 */
type CellDecoder = (number: number, slot: number, row: number, random: Random) => Cell;

/**
 * Turns sparse encoded rows back into rows of the source: its types, spelling, decimals, ranges and categories.
 *
 * @param seed names the sample: text ids of two samples differ
 */
export function sparseRowDecoder(transforms: readonly ColumnTransform[], { columns }: SparseLayout, seed: number) {
  const decoders = transforms.map((transform) => decoderOf(transform, seed));
  const numberSpans = columns.filter(({ number }) => number !== null).length;
  const choiceSpans = columns.filter(({ choice }) => choice !== null).length;
  const numberPlaces = columns.map(({ number }) => number ?? -1);
  const choicePlaces = columns.map(({ choice }) => choice ?? -1);
  /** @param index the row in `rows`; `row` its number in the whole sample */
  return ({ numbers, choices }: EncodedRows, index: number, row: number, random: Random): Cell[] => {
    const cells = new Array<Cell>(decoders.length);
    for (let i = 0; i < decoders.length; i++) {
      const [numberPlace, choicePlace] = [numberPlaces[i] ?? -1, choicePlaces[i] ?? -1];
      const number = numberPlace < 0 ? 0 : (numbers[index * numberSpans + numberPlace] ?? 0);
      const slot = choicePlace < 0 ? 0 : (choices[index * choiceSpans + choicePlace] ?? 0);
      cells[i] = (decoders[i] as CellDecoder)(number, slot, row, random);
    }
    return cells;
  };
}

function decoderOf(transform: ColumnTransform, seed: number): CellDecoder {
  switch (transform.kind) {
    case 'constant':
      return () => transform.value;
    case 'id': {
      const write = idWriter(transform.column, seed);
      return (_number, _slot, row) => write(row);
    }
    case 'categorical': {
      const write = categoryWriter(transform);
      return (_number, slot, _row, random) => write(slot, random);
    }
    case 'text': {
      const draw = weightDrawer(transform.counts);
      return (_number, slot, _row, random) =>
        (slot === 0 ? writePattern(transform.patterns[draw(random)] ?? '', random) : null);
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
  return (number, slot) => (slot >= missingSlot ? null : write(decodeContinuous(transform, slot, number)));
}
