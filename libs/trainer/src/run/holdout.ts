import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { seedSchema } from '@gan-dashboard/shared-types';
import { z } from 'zod';
import type { CategoryColumn, SourceColumn, SourceTable } from '../data/parquet';
import { takeCells } from '../quality/table';
import { Random } from '../random/random';

/**
 * Rows that training never sees, named by what they were drawn with: a resumed run and a fork leave out the same ones.
 * Of sequences they are blocks that no draw gives, so their places are listed.
 */
export const holdoutSchema = z.object({
  seed: seedSchema,
  rows: z.int().min(1),
  /** Rows of the table, from the first number up to but not including the second. */
  ranges: z.array(z.tuple([z.int().min(0), z.int().min(1)])).optional(),
});
export type Holdout = z.infer<typeof holdoutSchema>;

/** Rows of a table that train, and rows that do not, both rising. */
export function splitByHoldout(
  rowCount: number,
  { seed, rows, ranges }: Holdout,
): { training: Uint32Array; heldOut: Uint32Array } {
  if (!ranges) {
    const order = Random.of(seed, 'holdout').permutation(rowCount);
    return { training: order.slice(rows).sort(), heldOut: order.slice(0, rows).sort() };
  }
  const isHeldOut = new Uint8Array(rowCount);
  for (const [from, to] of ranges) isHeldOut.fill(1, from, to);
  const all = Uint32Array.from({ length: rowCount }, (_, row) => row);
  return { training: all.filter((row) => isHeldOut[row] === 0), heldOut: all.filter((row) => isHeldOut[row] === 1) };
}

const mostHeldOut = 5_000;
/** With fewer, medians of distances say nothing, and the table can spare none. */
const fewestHeldOut = 10;
/** Training rows that are kept to measure with. */
const mostKept = 10_000;

/** @returns the rows to hold out; 0 for a table whose share is below 10 rows, all of which then train */
export function holdoutRows(rowCount: number, share: number): number {
  const rows = Math.min(mostHeldOut, Math.floor(rowCount * share));
  return rows < fewestHeldOut ? 0 : rows;
}

/** What is kept of a column while it is read, to measure with: a sample of the training rows, and the rows held out. */
export interface KeptCells {
  training: SourceColumn;
  heldOut: SourceColumn;
}

/**
 * A table without the rows held out. Whoever reads a column of it gets what a table of the other rows alone would give,
 * and a sample is kept: at most 10,000 training rows in random order, the same rows of every column.
 */
export class HoldoutTable implements SourceTable {
  readonly rowCount: number;
  readonly kept = new Map<string, KeptCells>();
  private readonly heldOut: Uint32Array;
  /** Undefined where all rows train. */
  private readonly training: Uint32Array | undefined;
  private readonly sample: Uint32Array;

  constructor(
    private readonly source: SourceTable,
    holdout: Holdout | null,
    seed: number,
  ) {
    const { rowCount } = source;
    const split = holdout ? splitByHoldout(rowCount, holdout) : undefined;
    this.heldOut = split?.heldOut ?? new Uint32Array();
    this.training = split?.training;
    this.rowCount = rowCount - this.heldOut.length;
    this.sample = Random.of(seed, 'quality', 'training rows').permutation(this.rowCount).slice(0, mostKept);
  }

  get heldOutRows(): number {
    return this.heldOut.length;
  }

  get keptRows(): number {
    return this.sample.length;
  }

  async read(column: DatasetColumn): Promise<SourceColumn> {
    const all = await this.source.read(column);
    const cells = this.training ? withoutAbsent(takeCells(all, this.training)) : all;
    this.kept.set(column.name, {
      training: takeCells(cells, this.sample),
      heldOut: takeCells(all, this.heldOut),
    });
    return cells;
  }
}

/** Categories in the order in which they come first, those that no row has left out: as if nothing else had been read. */
function withoutAbsent(data: SourceColumn): SourceColumn {
  if (data.kind === 'quantity') return data;
  const values: CategoryColumn['values'] = [];
  const newCodes = new Int32Array(data.values.length).fill(-1);
  const codes = data.codes.map((code) => {
    if (code < 0) return -1;
    const value = data.values[code];
    if (newCodes[code] === -1 && value !== undefined) newCodes[code] = values.push(value) - 1;
    return newCodes[code] ?? -1;
  });
  return { kind: 'category', codes, values };
}
