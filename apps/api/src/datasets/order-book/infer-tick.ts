import { identifier } from '../table/sql';
import { onTick, priceColumns } from './book-sql';
import type { BookTable } from './book-sql';

/** Prices that the greatest common step is sought among; the others are then checked against it. */
const soughtPrices = 20_000;
const mostDecimals = 9;
/** Share of the prices that must be on a coarser step for it to be the tick, and the others to be off it. */
const tickShare = 0.995;

/** Steps that markets have: cents and their like, and the halves down to an eighth of a 32nd of a 32nd. */
const usualTicks = [
  ...Array.from({ length: 13 }, (_, power) => 2 ** -power),
  ...Array.from({ length: 12 }, (_, place) => [1, 2, 2.5, 5].map((step) => Number(`${step}e${place - 8}`))).flat(),
];

/**
 * The tick of an order book: the greatest step that all of its prices are multiples of, or a coarser usual one that
 * nearly all of them are multiples of. Undefined where there is no price.
 */
export async function inferTick(book: BookTable): Promise<number | undefined> {
  const common = await commonStep(book);
  if (common === undefined) return undefined;
  const coarser = usualTicks.filter((tick) => tick > common * 1.5).sort((a, b) => b - a);
  for (const tick of coarser) if ((await shareOn(book, tick)) >= tickShare) return tick;
  return common;
}

/** The greatest step that all prices are multiples of. */
async function commonStep({ session, table, levels, columns }: BookTable): Promise<number | undefined> {
  const names = priceColumns(levels);
  const decimals = Math.max(...columns.filter(({ name }) => names.includes(name)).map((c) => c.decimals ?? 4));
  const scale = `1e${Math.min(mostDecimals, decimals)}`;
  const prices = names.map((name) => `SELECT round(abs(${identifier(name)}) * ${scale})::HUGEINT AS p FROM ${table}`);
  const all = `(${prices.join(' UNION ALL ')})`;
  const first = await session.rows(`SELECT DISTINCT p::VARCHAR FROM ${all} WHERE p > 0 LIMIT ${soughtPrices}`);
  if (first.length === 0) return undefined;
  let step = first.reduce((common, [price]) => greatestCommonDivisor(common, BigInt(String(price))), 0n);
  for (;;) {
    const [other] = await session.rows(`SELECT p::VARCHAR FROM ${all} WHERE p % ${step} <> 0 LIMIT 1`);
    if (!other) return Number(step) / Number(scale);
    step = greatestCommonDivisor(step, BigInt(String(other[0])));
  }
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** Share of the prices that lie on a step. */
async function shareOn({ session, table, levels, columns }: BookTable, tick: number): Promise<number> {
  const decimals = new Map(columns.map(({ name, decimals: count }) => [name, count]));
  const names = priceColumns(levels);
  const counts = names.flatMap((name) => {
    const price = `${identifier(name)}::DOUBLE`;
    return [`count_if(${onTick(price, tick, decimals.get(name))})::DOUBLE`, `count(${identifier(name)})::DOUBLE`];
  });
  const found = (await session.row(`SELECT ${counts.join(', ')} FROM ${table}`)).map(Number);
  const sum = (offset: number) => found.reduce((total, count, i) => total + (i % 2 === offset ? count : 0), 0);
  return sum(1) === 0 ? 0 : sum(0) / sum(1);
}
