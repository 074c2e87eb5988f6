import type { BookLevel, BookQuantity, BookSide, DatasetColumn } from '@gan-dashboard/shared-types';

const side = 'bids?|asks?|offers?|ofr';
const price = 'price|prices|px|prc|p';
const size = 'size|sizes|sz|qty|quantity|volume|vol|amount|amt|s|v|q';
const level = '(?:l|lvl|level)?(?<level>\\d{1,4})';
const quantity = `(?<quantity>${price}|${size})`;
const named = `(?<side>${side})`;

/** Spellings of a column's place, without separators and in lower case: bid_price_1, bid1_price, l1-bid-px, bp1. */
const spellings = [
  `${named}${quantity}${level}`,
  `${named}${level}${quantity}`,
  `${level}${named}${quantity}`,
  `${quantity}${named}${level}`,
  `${named}${quantity}`,
  `(?<side>[ab])(?<quantity>[pqsv])${level}`,
  `(?<side>[ab])${level}(?<quantity>[pqsv])`,
].map((pattern) => new RegExp(`^${pattern}$`));

const isPrice = new RegExp(`^(?:${price})$`);

/** What the name of a column says of its place; levels as they are counted there, null where it names none. */
export function placeOfName(name: string): { side: BookSide; quantity: BookQuantity; level: number | null } | null {
  const squeezed = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  for (const spelling of spellings) {
    const found = spelling.exec(squeezed)?.groups;
    if (!found) continue;
    return {
      side: found['side']?.startsWith('b') ? 'bid' : 'ask',
      quantity: isPrice.test(found['quantity'] ?? '') ? 'price' : 'size',
      level: found['level'] === undefined ? null : Number(found['level']),
    };
  }
  return null;
}

type Found = Partial<Record<keyof BookLevel, string>>;

/**
 * The columns of an order book's levels, best first; undefined where the table is none. Levels count from 0 or from 1
 * and end at the first that is not whole; without numbers there is one level.
 */
export function orderBookLevels(columns: readonly DatasetColumn[]): BookLevel[] | undefined {
  const found = new Map<number | null, Found>();
  for (const { name, type } of columns) {
    const place = type === 'number' || type === 'integer' ? placeOfName(name) : null;
    if (!place) continue;
    const levelFound = found.get(place.level) ?? {};
    levelFound[`${place.side}_${place.quantity}`] ??= name;
    found.set(place.level, levelFound);
  }
  const levels: BookLevel[] = [];
  for (let number = wholeLevel(found.get(0)) ? 0 : 1; ; number++) {
    const whole = wholeLevel(found.get(number));
    if (!whole) break;
    levels.push(whole);
  }
  const only = wholeLevel(found.get(null));
  if (levels.length === 0 && only) levels.push(only);
  return levels.length > 0 ? levels : undefined;
}

function wholeLevel(found: Found | undefined): BookLevel | null {
  const { bid_price, bid_size, ask_price, ask_size } = found ?? {};
  if (!bid_price || !bid_size || !ask_price || !ask_size) return null;
  return { bid_price, bid_size, ask_price, ask_size };
}

/** Prices of LOBSTER are in dollars x 10,000 (https://lobsterdata.com, output structure). */
export const lobsterPriceUnit = 0.0001;

/**
 * The levels of a LOBSTER order book: ask price, ask size, bid price and bid size of each level, in this order and
 * without a header; null where the columns do not come in fours of numbers.
 */
export function lobsterLevels(columns: readonly DatasetColumn[]): BookLevel[] | null {
  const areNumbers = columns.every(({ type }) => type === 'integer' || type === 'number');
  if (!areNumbers || columns.length === 0 || columns.length % 4 !== 0) return null;
  const name = (index: number) => columns[index]?.name ?? '';
  return Array.from({ length: columns.length / 4 }, (_, level) => ({
    ask_price: name(4 * level),
    ask_size: name(4 * level + 1),
    bid_price: name(4 * level + 2),
    bid_size: name(4 * level + 3),
  }));
}
