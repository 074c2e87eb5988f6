import type { BookPicture } from '@gan-dashboard/shared-types';
import { jsonCell } from '../table/profile';
import { identifier } from '../table/sql';
import { countFaults, faultConditions } from './book-sql';
import type { BookTable } from './book-sql';

const pathPoints = 400;
const shares = Array.from({ length: 41 }, (_, index) => index / 40);

/**
 * What charts of an order book show: sizes by level, spread and mid along the rows, and the law of the spread. Only of
 * rows that are valid books.
 */
export async function bookPicture(book: BookTable, tick: number): Promise<BookPicture> {
  const conditions = Object.values(faultConditions(book, tick)).map((condition) => `(${condition})`);
  const valid = `(SELECT *, row_number() OVER (ORDER BY file_row_number) - 1 AS place FROM ${book.table}
    WHERE NOT (${conditions.join(' OR ')}))`;
  const rows = await book.session.number(`SELECT count(*)::DOUBLE FROM ${book.table}`);
  const faults = await countFaults(book, tick);
  return {
    rows,
    faults,
    tick_size: tick,
    depth: await depthOf(book, valid),
    path: await pathOf(book, valid, { tick, rows: rows - faults.faulty }),
    spreads: await spreadsOf(book, valid, tick),
  };
}

async function depthOf({ session, levels }: BookTable, valid: string): Promise<BookPicture['depth']> {
  const quantiles = (name: string) =>
    ['0.25', '0.5', '0.75'].map((share) => `quantile_disc(${identifier(name)}, ${share})::DOUBLE`);
  const columns = levels.flatMap(({ bid_size, ask_size }) => [...quantiles(bid_size), ...quantiles(ask_size)]);
  const found = (await session.row(`SELECT ${columns.join(', ')} FROM ${valid}`)).map((value) => Number(value ?? 0));
  const at = (level: number, side: number) => {
    const [p25 = 0, median = 0, p75 = 0] = found.slice(6 * level + 3 * side, 6 * level + 3 * side + 3);
    return { p25, median, p75 };
  };
  return { bid: levels.map((_, level) => at(level, 0)), ask: levels.map((_, level) => at(level, 1)) };
}

async function pathOf(
  { session, levels, columns }: BookTable,
  valid: string,
  { tick, rows }: { tick: number; rows: number },
): Promise<BookPicture['path']> {
  const { bid, ask } = bestOf(levels);
  const time = columns.find(({ type }) => type === 'date' || type === 'datetime');
  const x = time ? jsonCell(identifier(time.name), time.type) : '(file_row_number + 1)::DOUBLE';
  const stride = Math.max(1, Math.ceil(rows / pathPoints));
  const points = await session.rows(
    `SELECT ${x}, round((${bid} + ${ask}) / 2, 12), round((${ask} - ${bid}) / ${tick}) FROM ${valid} ` +
      `WHERE place % ${stride} = 0 ORDER BY place`,
  );
  return {
    x_name: time?.name ?? 'row',
    x: points.map(([value]) => (typeof value === 'number' ? value : String(value ?? ''))),
    mid: points.map((point) => Number(point[1])),
    spread: points.map((point) => Number(point[2])),
  };
}

async function spreadsOf({ session, levels }: BookTable, valid: string, tick: number): Promise<BookPicture['spreads']> {
  const { bid, ask } = bestOf(levels);
  const spread = `round((${ask} - ${bid}) / ${tick})`;
  const found = await session.row(
    `SELECT ${shares.map((share) => `quantile_disc(${spread}, ${share})::DOUBLE`).join(', ')} FROM ${valid}`,
  );
  return shares.flatMap((share, index) => {
    const ticks = found[index];
    return typeof ticks === 'number' ? [{ share, ticks }] : [];
  });
}

function bestOf(levels: BookTable['levels']): { bid: string; ask: string } {
  const [best] = levels;
  if (!best) throw new RangeError('an order book has at least one level');
  return { bid: `${identifier(best.bid_price)}::DOUBLE`, ask: `${identifier(best.ask_price)}::DOUBLE` };
}
