import { Random } from '../random/random';
import type { EncodedTable } from './encoded-table';

/**
 * Batches of a table, each row once a pass. A pass's order is named by the seed and the pass's number, so a batch
 * follows from its own number alone. Rows that do not fill a batch are left out of that pass.
 */
export class BatchSource {
  /** Rows of a batch: as asked for, or the whole table where it is smaller. */
  readonly batchSize: number;
  private pass = -1;
  private order = new Uint32Array();

  constructor(
    readonly table: EncodedTable,
    readonly seed: number,
    batchSize: number,
  ) {
    this.batchSize = Math.min(batchSize, table.rowCount);
  }

  get batchesPerPass(): number {
    return Math.floor(this.table.rowCount / this.batchSize);
  }

  /** Encoded rows of batch `batch`, `[batchSize, width]`. */
  read(batch: number, random: Random): Float32Array {
    const pass = Math.floor(batch / this.batchesPerPass);
    if (pass !== this.pass) {
      this.order = Uint32Array.from(Random.of(this.seed, 'pass', pass).permutation(this.table.rowCount));
      this.pass = pass;
    }
    const from = (batch % this.batchesPerPass) * this.batchSize;
    const target = new Float32Array(this.batchSize * this.table.layout.width);
    return this.table.fillBatch(this.order.subarray(from, from + this.batchSize), target, random);
  }
}
