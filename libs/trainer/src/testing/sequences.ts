import type { DatasetColumn } from '@gan-dashboard/shared-types';
import type { SourceTable } from '../data/parquet';
import { categories, column, memoryTable, quantities } from './tables';

const day = 86_400_000;
export const firstDay = Date.UTC(2024, 0, 1);

/** Columns of `instruments`: days without weekends, an instrument and its currency, two prices, a state, a gap. */
export const instrumentColumns: DatasetColumn[] = [
  column({ name: 'day', type: 'date', role: 'datetime' }),
  column({ name: 'instrument', type: 'text', role: 'categorical', sequence_role: 'key' }),
  column({ name: 'currency', type: 'text', role: 'categorical' }),
  column({ name: 'bid', type: 'number', role: 'numeric', decimals: 2 }),
  column({ name: 'ask', type: 'number', role: 'numeric', decimals: 2 }),
  column({ name: 'state', type: 'text', role: 'categorical' }),
  column({ name: 'volume', type: 'integer', role: 'numeric', missing: 1 }),
];

/** Three instruments of very different level, their rows interleaved and out of order. */
export function instruments(days = 40): SourceTable {
  const calendar = Array.from({ length: days }, (_, i) => firstDay + (i + 2 * Math.floor(i / 5)) * day);
  const rows = calendar.flatMap((time, i) =>
    ['A', 'B', 'C'].map((name, k) => {
      const bid = Math.round(100 * 10 ** k * (1 + 0.1 * Math.sin(i / 4 + k))) / 100;
      const isGap = (i + k) % 9 === 0;
      return {
        time,
        name,
        bid,
        ask: Math.round(100 * (bid * 1.001 + 0.01)) / 100,
        volume: isGap ? null : 100 + i * (k + 1),
      };
    }),
  );
  // A fixed order that is not that of time.
  const mixed = rows.map((_, i) => rows[(i * 7) % rows.length] ?? rows[0]).filter((row) => row !== undefined);
  return memoryTable({
    day: quantities(mixed.map(({ time }) => time)),
    instrument: categories(mixed.map(({ name }) => name)),
    currency: categories(mixed.map(({ name }) => (name === 'A' ? 'USD' : 'EUR'))),
    bid: quantities(mixed.map(({ bid }) => bid)),
    ask: quantities(mixed.map(({ ask }) => ask)),
    state: categories(mixed.map(({ bid }) => (Math.round(bid * 100) % 3 === 0 ? 'open' : 'shut'))),
    volume: quantities(mixed.map(({ volume }) => volume)),
  });
}
