import type { OrderBookValidity, QualityScore } from '@gan-dashboard/shared-types';
import { ksComplement } from '../column-shapes';
import { meanOf } from '../mean';
import { bookLevelsOf } from '../order-book/book-columns';
import type { BookDescription } from '../order-book/book-columns';
import { bookLawScores, bookLawValues } from '../order-book/book-laws';
import type { BookLawScore, BookLawValues } from '../order-book/book-laws';
import { bookValidity } from '../order-book/book-validity';
import type { BookValidity } from '../order-book/book-validity';
import { Random } from '../../random/random';
import type { ReportContext, SectionResult } from './options';
import { scored } from './scores';

/** Whether the rows are order books, and how far the laws of real ones hold in them. */
export function orderBookSection({ tables, seed, options }: ReportContext): SectionResult {
  const { real, synthetic } = tables;
  const book = options.orderBook ?? detected(real.columns.map(({ name }) => name));
  if (!book) return { skipped: 'The columns name no level of an order book, such as bid_price_1 and bid_size_1.' };
  const validity = { real: bookValidity(real, book), synthetic: bookValidity(synthetic, book) };
  const laws = bookLawScores(real, synthetic, book);
  const ceilings = bookLawValues(real, book).map((law) => ceilingOf(law, seed));
  return {
    part: {
      order_book: {
        levels: book.levels.length,
        tick: book.tick ?? null,
        validity: { real: wireValidity(validity.real), synthetic: wireValidity(validity.synthetic) },
        laws: laws.map(({ law, level, score, real: ofReal, synthetic: ofSynthetic }, i) => ({
          law,
          ...(level === undefined ? {} : { level }),
          score: score ?? null,
          ceiling: ceilings[i] ?? null,
          mean: { real: ofReal.mean ?? null, synthetic: ofSynthetic.mean ?? null },
        })),
      },
    },
    scores: [...validityScores(validity.synthetic), ...lawScores(laws, ceilings)],
    bounds: [],
  };
}

function detected(names: readonly string[]): BookDescription | undefined {
  const levels = bookLevelsOf(names);
  return levels && { levels };
}

/** Values of a random half of the real rows beside the other half. */
function ceilingOf({ values }: BookLawValues, seed: number): number | undefined {
  const order = Random.of(seed, 'order book halves').permutation(values.length);
  const half = values.length >> 1;
  const at = (rows: Uint32Array) => Float64Array.from(rows, (row) => values[row] ?? Number.NaN);
  return ksComplement(at(order.subarray(0, half)), at(order.subarray(half, 2 * half)));
}

function validityScores({ crossed, misordered, nonPositiveSizes }: BookValidity): QualityScore[] {
  const score = (name: string, value: number) => scored({ name, section: 'order_book', better: 'lower' }, value);
  return [
    score('crossed_rows', crossed),
    score('misordered_rows', misordered),
    score('non_positive_sizes', nonPositiveSizes),
  ];
}

/** One score for each law; depths are the mean over levels and sides. */
function lawScores(laws: readonly BookLawScore[], ceilings: readonly (number | undefined)[]): QualityScore[] {
  const groups = {
    spread: ['spread'],
    mid_return: ['mid_return'],
    imbalance: ['imbalance'],
    depth: ['bid_depth', 'ask_depth'],
  };
  return Object.entries(groups).map(([group, members]): QualityScore => {
    const isMember = (_: unknown, i: number): boolean => members.some((each) => each === laws[i]?.law);
    const name = { name: `order_book_${group}`, section: 'order_book', better: 'higher' } as const;
    const ceiling = meanOf(ceilings.filter(isMember));
    const score = scored(name, meanOf(laws.filter(isMember).map(({ score: each }) => each)));
    // The halves have half the rows: all of them may come closer without a copy.
    return ceiling === undefined ? score : { ...score, ceiling };
  });
}

function wireValidity({ rows, crossed, misordered, nonPositiveSizes, offTick }: BookValidity): OrderBookValidity {
  return {
    rows,
    crossed,
    misordered,
    non_positive_sizes: nonPositiveSizes,
    ...(offTick === undefined ? {} : { off_tick: offTick }),
  };
}
