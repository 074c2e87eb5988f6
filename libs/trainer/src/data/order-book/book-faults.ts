import type { BookFaults } from '@gan-dashboard/shared-types';
import type { QuantityColumn, SourceTable } from '../parquet';
import type { BookLayout } from './book-layout';
import { pricesUpwards, sizesUpwards } from './book-layout';
import { priceGrid } from './price-grid';

/** What can be wrong with a row, as bits. */
export const fault = { crossed: 1, misordered: 2, nonPositiveSize: 4, offTick: 8, missing: 16 } as const;

/**
 * Looks at every row of a book, one column at a time.
 *
 * @returns the faults of each row as bits; 0 is a valid book
 */
export async function findFaults(source: SourceTable, { levels, tick }: BookLayout): Promise<Uint8Array> {
  const faults = new Uint8Array(source.rowCount);
  let below: Float64Array | null = null;
  for (const [index, column] of pricesUpwards(levels).entries()) {
    const { values } = (await source.read(column)) as QuantityColumn;
    const { isOnTick } = priceGrid(tick, column);
    const outOfOrder = index === levels.length ? fault.crossed : fault.misordered;
    for (let row = 0; row < values.length; row++) {
      const price = values[row] ?? Number.NaN;
      if (Number.isNaN(price)) mark(faults, row, fault.missing);
      else if (!isOnTick(price)) mark(faults, row, fault.offTick);
      if (below && price <= (below[row] ?? Number.NaN)) mark(faults, row, outOfOrder);
    }
    below = values;
  }
  for (const column of sizesUpwards(levels)) {
    const { values } = (await source.read(column)) as QuantityColumn;
    values.forEach((size, row) => {
      if (Number.isNaN(size)) mark(faults, row, fault.missing);
      else if (size <= 0) mark(faults, row, fault.nonPositiveSize);
    });
  }
  return faults;
}

function mark(faults: Uint8Array, row: number, bit: number): void {
  faults[row] = (faults[row] ?? 0) | bit;
}

export function countFaults(faults: Uint8Array): BookFaults {
  const count = (bits: number) => faults.reduce((sum, found) => sum + ((found & bits) !== 0 ? 1 : 0), 0);
  return {
    faulty: count(0xff),
    crossed: count(fault.crossed),
    misordered: count(fault.misordered),
    non_positive_size: count(fault.nonPositiveSize),
    off_tick: count(fault.offTick),
    missing: count(fault.missing),
  };
}
