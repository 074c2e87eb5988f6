import { describe, expect, it } from 'vitest';
import { Random } from '../../random/random';
import { codeWidth, decodeBook, encodeBook } from './book-code';
import type { Book, BookScale } from './book-code';

const levels = 5;
const scale: BookScale = {
  levels,
  startMid: 2 * 25_600,
  hasPositivePrices: true,
  sizes: Array.from({ length: 2 * levels }, () => ({ step: 1, smallest: 1 })),
};

const emptyBook = (): Book => ({ prices: new Float64Array(2 * levels), sizes: new Float64Array(2 * levels) });

/** Distances from one tick to thousands, sizes from one lot to a million. */
function randomBook(random: Random, lot = 1): Book {
  const book = emptyBook();
  const distance = () => 1 + Math.floor(Math.exp(8 * random.uniform()) - 1);
  let price = 1 + random.integer(60_000);
  for (let i = 0; i < 2 * levels; i++) {
    book.prices[i] = price;
    price += distance();
    book.sizes[i] = lot * (1 + Math.floor(Math.exp(13 * random.uniform())));
  }
  return book;
}

function isValid({ prices, sizes }: Book): boolean {
  const isUpwards = prices.every((price, i) => Number.isInteger(price) && (i === 0 || price > (prices[i - 1] ?? 0)));
  return isUpwards && (prices[0] ?? 0) > 0 && sizes.every((size) => Number.isInteger(size) && size > 0);
}

describe('the code of an order book', () => {
  it('gives random valid books back exactly', () => {
    const random = Random.of(1, 'books');
    for (let i = 0; i < 20_000; i++) {
      const book = randomBook(random);
      expect(decodeBook(encodeBook(book, scale), scale, emptyBook())).toEqual(book);
    }
  });

  it('gives sizes in lots back exactly', () => {
    const random = Random.of(2, 'books');
    const inLots: BookScale = { ...scale, sizes: scale.sizes.map(() => ({ step: 100, smallest: 100 })) };
    for (let i = 0; i < 2_000; i++) {
      const book = randomBook(random, 100);
      expect(decodeBook(encodeBook(book, inLots), inLots, emptyBook())).toEqual(book);
    }
  });

  it('never is crossed, out of order or without size, whatever a network says: 100,000 rows', () => {
    const random = Random.of(3, 'outputs');
    const extremes = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1e30, 1e30, 0, -0.4];
    const code = new Float64Array(codeWidth(levels));
    const normal = new Float32Array(codeWidth(levels));
    const book = emptyBook();
    let faulty = 0;
    for (let row = 0; row < 100_000; row++) {
      random.fillNormal(normal);
      const reach = 10 ** (3 * random.uniform());
      for (let i = 0; i < code.length; i++) {
        const isExtreme = random.uniform() < 0.02;
        code[i] = isExtreme ? (extremes[random.integer(extremes.length)] ?? 0) : (normal[i] ?? 0) * reach;
      }
      if (!isValid(decodeBook(code, scale, book))) faulty++;
    }
    expect(faulty).toBe(0);
  });

  it('keeps a book above zero by moving all of it', () => {
    const code = encodeBook(randomBook(Random.of(4)), scale);
    code[0] = -1e9;
    const { prices } = decodeBook(code, scale, emptyBook());
    expect(prices[0]).toBe(1);
    const free = decodeBook(code, { ...scale, hasPositivePrices: false }, emptyBook());
    expect(free.prices[0]).toBeLessThan(0);
    expect(Array.from(prices, (price, i) => price - (free.prices[i] ?? 0))).toEqual(
      Array.from(prices, () => 1 - (free.prices[0] ?? 0)),
    );
  });

  it('measures the mid in half ticks from its start, distances as logarithms of ticks', () => {
    const book: Book = { prices: Float64Array.of(95, 98, 100, 107), sizes: Float64Array.of(4, 3, 1, 2) };
    const two: BookScale = { ...scale, levels: 2, startMid: 196 };
    const logs = [Math.log(2), Math.log(3), Math.log(7), Math.log1p(3), Math.log1p(4), Math.log1p(1), Math.log1p(2)];
    expect(Array.from(encodeBook(book, two))).toEqual([2, ...logs]);
  });
});
