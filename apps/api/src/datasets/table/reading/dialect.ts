import { ImportError } from '../import-error';
import { parseRecords } from './records';
import type { Dialect } from './records';

const candidates = [',', ';', '\t', '|'] as const;
const recordsToCompare = 500;
/** Share of the lines that must agree before line 1 is called something else than the header. */
const agreement = 0.9;

interface Split {
  delimiter: string;
  /** Fields in the first record. */
  first: number;
  /** The most common number of fields in the records after the first, and the share of them that have it. */
  common: number;
  share: number;
}

/**
 * Proposes the delimiter: the one that splits most of the first lines into the same number of fields as the header.
 *
 * @throws ImportError where the first line is not the header of the lines below it.
 */
export function proposeDelimiter(head: string, isWholeFile: boolean): string {
  const splits = candidates.map((delimiter) => split(head, delimiter, isWholeFile));
  const title = splits.find(({ first, common, share }) => first === 1 && common > 1 && share >= agreement);
  const [best] = splits.filter(({ first }) => first > 1).sort((a, b) => score(b) - score(a) || b.first - a.first);
  if (best) return best.delimiter;
  if (title) {
    throw new ImportError(
      `Line 1 has one field, but most lines below it have ${title.common}. ` +
        'Remove the lines above the header and try again.',
    );
  }
  // One column: any delimiter that does not occur in its values.
  return candidates.find((delimiter) => !head.includes(delimiter)) ?? ',';
}

/** Reads the first records with a dialect. */
export function firstRecords(head: string, dialect: Dialect, isWholeFile: boolean): string[][] {
  return parseRecords(head, dialect, { limit: recordsToCompare, isWholeFile });
}

function split(head: string, delimiter: string, isWholeFile: boolean): Split {
  const [first = [''], ...rest] = firstRecords(head, { delimiter, quote: '"' }, isWholeFile);
  const counts = new Map<number, number>();
  for (const { length } of rest) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [common, lines] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [first.length, 0];
  return { delimiter, first: first.length, common, share: rest.length > 0 ? lines / rest.length : 0 };
}

function score({ first, common, share }: Split): number {
  return share + (first === common ? 1 : 0);
}
