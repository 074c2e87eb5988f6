import type { Random } from '../random/random';
import type { CategoricalTransform, ColumnTransform, NumericTransform } from './column-transform';
import type { Layout, Span } from './layout';
import { intervalOf } from './numeric-transform';
import type { CategoryColumn, QuantityColumn, SourceColumn } from './parquet';

/** Encoded columns that are not in memory. */
export interface StoredColumns {
  /** @returns the columns with these rows alone, in this order */
  take(rows: ArrayLike<number>): readonly (EncodedColumn | null)[];
  close(): void;
}

/** One column as it is kept in memory: 4 to 8 bytes a row, whatever the width of its span. */
export type EncodedColumn =
  { kind: 'number'; low: Float32Array; extent: Float32Array } | { kind: 'category'; slots: Uint32Array };

/** Encodes a column. Missing numbers have a NaN as `low`. */
export function encodeColumn(transform: ColumnTransform, source: SourceColumn): EncodedColumn | null {
  if (transform.kind === 'numeric' && source.kind === 'quantity') return encodeQuantity(transform, source);
  if (transform.kind !== 'categorical') return null;
  return { kind: 'category', slots: source.kind === 'category' ? slotsOf(transform, source) : presence(source) };
}

function encodeQuantity(transform: NumericTransform, source: QuantityColumn): EncodedColumn {
  const low = new Float32Array(source.values.length);
  const extent = new Float32Array(source.values.length);
  source.values.forEach((value, row) => {
    const interval = Number.isNaN(value) ? { low: Number.NaN, high: 0 } : intervalOf(transform.map, value);
    low[row] = 2 * interval.low - 1;
    extent[row] = 2 * (interval.high - interval.low);
  });
  return { kind: 'number', low, extent };
}

/** The slot of each row: a value, the shared slot of the rest, or a missing value. */
export function slotsOf(transform: CategoricalTransform, source: CategoryColumn): Uint32Array {
  const slotOfValue = new Map(transform.values.map((value, slot) => [value, slot]));
  const other = transform.values.length;
  const missing = other + (transform.rest ? 1 : 0);
  const slotOfCode = source.values.map((value) => slotOfValue.get(value) ?? other);
  return Uint32Array.from(source.codes, (code) => (code < 0 ? missing : (slotOfCode[code] ?? other)));
}

/** A quantity with a single value is learned as present (slot 0) or missing (slot 1). */
function presence(source: QuantityColumn): Uint32Array {
  return Uint32Array.from(source.values, (value) => (Number.isNaN(value) ? 1 : 0));
}

/** The rows of a table, encoded; batches are written out in full only when they are asked for. */
export class EncodedTable {
  constructor(
    readonly rowCount: number,
    readonly layout: Layout,
    private readonly columns: readonly (EncodedColumn | null)[] | StoredColumns,
  ) {}

  /** Whether the rows are on disk; `close` lets go of them. */
  get isStored(): boolean {
    return 'take' in this.columns;
  }

  close(): void {
    if ('take' in this.columns) this.columns.close();
  }

  /**
   * Writes rows as the networks read them. Values of mass points are spread afresh each time.
   *
   * @param wanted row numbers
   * @param target `[wanted.length, layout.width]`, overwritten
   */
  fillBatch(wanted: ArrayLike<number>, target: Float32Array, random: Random): Float32Array {
    target.fill(0);
    const isStored = 'take' in this.columns;
    const columns = 'take' in this.columns ? this.columns.take(wanted) : this.columns;
    const rows = isStored ? Uint32Array.from({ length: wanted.length }, (_, row) => row) : wanted;
    columns.forEach((column, index) => {
      const span = this.layout.spans[index];
      if (column && span) this.fillColumn({ column, span }, rows, target, random);
    });
    return target;
  }

  private fillColumn(
    { column, span }: { column: EncodedColumn; span: Span },
    rows: ArrayLike<number>,
    target: Float32Array,
    random: Random,
  ): void {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? 0;
      const place = i * this.layout.width + span.start;
      if (column.kind === 'category') {
        target[place + (column.slots[row] ?? 0)] = 1;
        continue;
      }
      const low = column.low[row] ?? 0;
      const extent = column.extent[row] ?? 0;
      const isMissing = Number.isNaN(low);
      if (!isMissing) target[place] = extent > 0 ? low + extent * random.uniform() : low;
      if (span.kind === 'optional_number') target[place + (isMissing ? 2 : 1)] = 1;
    }
  }
}
