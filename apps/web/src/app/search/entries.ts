import type { IconName } from '../design/icon';

export const kinds = [$localize`Page`, $localize`Action`, $localize`Run`, $localize`Data set`] as const;
export type EntryKind = (typeof kinds)[number];

/** Something that can be found and chosen. */
export interface Entry {
  readonly id: string;
  readonly kind: EntryKind;
  readonly label: string;
  readonly detail?: string;
  /** What else people call it. */
  readonly words?: string;
  readonly icon: IconName;
  readonly choose: () => void | Promise<void>;
}

export interface Group {
  readonly kind: EntryKind;
  readonly entries: readonly Entry[];
}

const mostPerKind = 7;

/**
 * What fits a query, in groups, the best first: every word of the query must stand in the label, the detail or the
 * other words of an entry. Nothing typed: the first of each kind.
 */
export function found(entries: readonly Entry[], query: string): Group[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = entries
    .map((entry) => ({ entry, score: scoreOf(entry, words) }))
    .filter(({ score }) => score > 0)
    // Stable: among equals the given order stays.
    .toSorted((a, b) => b.score - a.score);
  const groups = kinds.map((kind) => {
    const own = scored.filter(({ entry }) => entry.kind === kind);
    return { kind, best: own[0]?.score ?? 0, entries: own.slice(0, mostPerKind).map(({ entry }) => entry) };
  });
  const filled = groups.filter(({ entries: own }) => own.length > 0);
  return words.length === 0 ? filled : filled.toSorted((a, b) => b.best - a.best);
}

/** 0 where a word does not fit; a label that begins with the query counts most. */
function scoreOf({ label, detail = '', words: others = '' }: Entry, words: readonly string[]): number {
  if (words.length === 0) return 1;
  const name = label.toLowerCase();
  const rest = `${detail} ${others}`.toLowerCase();
  let sum = 0;
  for (const word of words) {
    const score = wordScore(name, word) * 2 || wordScore(rest, word);
    if (score === 0) return 0;
    sum += score;
  }
  return sum / words.length;
}

function wordScore(text: string, word: string): number {
  const at = text.indexOf(word);
  if (at === -1) return 0;
  if (at === 0) return text === word ? 4 : 3;
  return /[\p{L}\p{N}]/u.test(text[at - 1] ?? '') ? 1 : 2;
}
