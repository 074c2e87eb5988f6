import { Constant, Control } from '../../../assembly/layout';
import type { RowLayout, StoredRows } from '../gan-shape';
import { conditionSpans } from './conditions';
import type { Runtime } from './runtime';

/**
 * Brings the real rows of a batch into the module's memory where the table is not there. What was drawn are row numbers,
 * or, with conditions, places in the lists of rows: the same that would be looked up in memory.
 */
export class StagedRows {
  /** Which choice each condition is. */
  private readonly listed: number[];

  constructor(
    private readonly rows: StoredRows,
    private readonly layout: RowLayout,
  ) {
    this.listed = conditionSpans(layout).map(({ choice }) => choice);
  }

  /** @param drawn address of what was drawn, `[batch]`; afterwards these are numbers of rows of the stage */
  fetch(runtime: Runtime, drawn: number, batch: number): void {
    const places = runtime.integersAt(drawn, batch);
    const { numbers, choices } = this.rows.take(Uint32Array.from(places, (place) => this.rowAt(place >>> 0)));
    const addressOf = (constant: Constant) => runtime.words[(Control.Constants + constant) >> 2] ?? 0;
    const { buffer } = runtime.memory;
    new Float32Array(buffer, addressOf(Constant.Numbers), numbers.length).set(numbers);
    new Uint16Array(buffer, addressOf(Constant.Choices), choices.length).set(choices);
    places.forEach((_, row) => (places[row] = row));
  }

  private rowAt(place: number): number {
    if (this.layout.conditions.length === 0) return place;
    const { rowCount } = this.rows;
    return this.rows.listed(this.listed[Math.floor(place / rowCount)] ?? -1, place % rowCount);
  }
}
