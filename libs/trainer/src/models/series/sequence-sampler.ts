import type { Cell } from '@gan-dashboard/shared-types';
import { sequenceWriter } from '../../data/series/sequence-decoder';
import type { DrawnSequence, SequenceStart } from '../../data/series/sequence-decoder';
import type { ColumnTransform } from '../../data/column-transform';
import { DataError } from '../../data/errors';
import type { SequenceTransforms } from '../../data/series/sequence-transforms';
import { Random } from '../../random/random';
import type { RowSampler } from '../table-model';

/** What the sequences of a sample are to be like. */
export interface SequenceWishes {
  /** Rows of each; absent: as the model was trained. */
  length?: number | undefined;
  start?: SequenceStart | undefined;
}

/** Sequences drawn at once: always a whole block, so that each is the same whatever else is drawn. */
const blockSequences = 32;

export interface SequenceSource {
  length: number;
  /** Whether numbers stay within the range that was seen. */
  isBounded: boolean;
  /** Draws sequences, each as it will be written. */
  draw: (sequences: number, random: Random) => DrawnSequence[];
}

/** Rows of sequences, one sequence after the other: row `i` belongs to sequence `i / length`. */
export function sequenceSampler(
  transforms: SequenceTransforms,
  source: SequenceSource,
  start: SequenceStart | undefined,
): RowSampler {
  const { length, isBounded } = source;
  let kept: { seed: number; block: number; rows: Cell[][] } | undefined;
  const rowsOf = (block: number, seed: number): Cell[][] => {
    if (kept?.seed === seed && kept.block === block) return kept.rows;
    const random = Random.of(seed, 'sequences', block);
    const write = sequenceWriter(transforms, { start, seed, isBounded });
    const first = block * blockSequences;
    const rows = source
      .draw(blockSequences, random)
      .flatMap((drawn, i) => write(drawn, { sequence: first + i, row: (first + i) * length }, random));
    kept = { seed, block, rows };
    return rows;
  };
  return {
    draw: ({ from, rows }, seed) => {
      const blockRows = blockSequences * length;
      const drawn: Cell[][] = [];
      for (let row = from; row < from + rows;) {
        const block = Math.floor(row / blockRows);
        const place = row - block * blockRows;
        const taken = rowsOf(block, seed).slice(place, place + from + rows - row);
        // Whoever keeps the rows may change them.
        drawn.push(...taken.map((cells) => [...cells]));
        row += taken.length;
      }
      return drawn;
    },
  };
}

/**
 * Rows of a sequence cannot be picked one by one, and rows of other models are no sequences.
 *
 * @throws DataError where a sample asks for either
 */
export function refuseForSequences(
  [first]: readonly ColumnTransform[],
  wishes: {
    conditions?: readonly unknown[] | undefined;
    constraints?: readonly unknown[] | undefined;
    balance?: unknown;
    sequences?: unknown;
  },
): void {
  const isOfSequences = first?.kind === 'id' && first.sequences !== undefined;
  if (!isOfSequences && wishes.sequences !== undefined) {
    throw new DataError('sequences was asked for, but the model makes single rows. Leave it out.');
  }
  const asked = wishes.conditions?.length ? 'conditions' : wishes.constraints?.length ? 'constraints' : 'balance';
  if (isOfSequences && (asked !== 'balance' || wishes.balance !== undefined)) {
    throw new DataError(
      `${asked} was asked for, but rows of a sequence cannot be picked one by one. Leave it out, and filter the sequences that were drawn.`,
    );
  }
}
