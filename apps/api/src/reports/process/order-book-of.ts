import type { FullReportOptions } from '@gan-dashboard/trainer';
import type { BookPlace, DatasetColumn } from '@gan-dashboard/shared-types';

/** The order book that columns make up by their places; undefined where no level is whole. */
export function bookOf(columns: readonly DatasetColumn[]): FullReportOptions['orderBook'] {
  const at = (side: BookPlace['side'], quantity: BookPlace['quantity'], level: number) =>
    columns.find(
      ({ order_book: place }) => place?.side === side && place.quantity === quantity && place.level === level,
    );
  const levels: NonNullable<FullReportOptions['orderBook']>['levels'][number][] = [];
  for (let level = 1; ; level++) {
    const [bidPrice, bidSize] = [at('bid', 'price', level)?.name, at('bid', 'size', level)?.name];
    const [askPrice, askSize] = [at('ask', 'price', level)?.name, at('ask', 'size', level)?.name];
    if (!bidPrice || !bidSize || !askPrice || !askSize) break;
    levels.push({ bidPrice, bidSize, askPrice, askSize });
  }
  if (levels.length === 0) return undefined;
  const tick = at('bid', 'price', 1)?.order_book?.tick_size;
  const key = columns.find(({ sequence_role: role }) => role === 'key')?.name;
  return { levels, ...(tick === undefined ? {} : { tick }), ...(key === undefined ? {} : { key }) };
}
