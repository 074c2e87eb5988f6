import type { Cell, SampleBalance, SampleCondition } from '@gan-dashboard/shared-types';
import { idWriter } from '../data/cell-writers';
import type { ColumnTransform } from '../data/column-transform';
import { weightDrawer } from '../data/conditions';
import { DataError } from '../data/errors';
import { compileBalance, compileConditions } from '../data/row-conditions';
import type { RowCondition } from '../data/row-conditions';
import type { ConditionHint, RowSampler } from '../models/table-model';
import { Random } from '../random/random';

export interface RowWishes {
  rows: number;
  seed: number;
  conditions?: readonly SampleCondition[] | undefined;
  balance?: SampleBalance | undefined;
}

/** Rows that were drawn in vain, one after the other, until the search ends. */
const patience = 50_000;

/** Some rows of the sample must all meet these conditions. */
interface Group {
  conditions: RowCondition[];
  /** The condition by which such rows are best asked for; null: they are only looked for. */
  hint: ConditionHint | null;
  /** Rows that are still to be found. */
  missing: number;
}

/**
 * Finds rows that meet conditions: asks for the rarest of them where the model can be asked, and drops rows that do
 * not meet all.
 */
export class ConditionalRows {
  private readonly groups: Group[];
  private readonly ids: (((row: number) => Cell) | null)[];
  private drawn = 0;
  private found = 0;
  private inVain = 0;

  constructor(
    private readonly sampler: RowSampler,
    transforms: readonly ColumnTransform[],
    private readonly wishes: RowWishes,
  ) {
    const { conditions = [], balance, rows, seed } = wishes;
    const general = compileConditions(conditions, transforms);
    const values = balance ? compileBalance(balance, transforms) : [];
    const counts = largestRemainders(balance ? values.map(({ share }) => share) : [1], rows);
    this.groups = counts.map((missing, index) => {
      const own = values[index] ? [values[index].condition, ...general] : general;
      return { conditions: own, hint: bestHint(sampler, own), missing };
    });
    this.ids = transforms.map((transform) => (transform.kind === 'id' ? idWriter(transform.column, seed) : null));
  }

  /** Share of the rows drawn so far that were kept. */
  get hitRate(): number {
    return this.drawn === 0 ? 0 : this.found / this.drawn;
  }

  get isComplete(): boolean {
    return this.found === this.wishes.rows;
  }

  /**
   * Draws `size` rows and gives those that are kept.
   *
   * @throws DataError where 50,000 rows in a row met no condition
   */
  next(size: number): Cell[][] {
    const { seed } = this.wishes;
    const random = Random.of(seed, 'conditions', this.drawn);
    const draw = weightDrawer(this.groups.map(({ missing }) => missing));
    const asked = Array.from({ length: size }, () => this.groups[draw(random)] as Group);
    const places = Int32Array.from(asked, ({ hint }) => (hint ? hint.draw(random) : -1));
    const ask = asked.every(({ hint }) => hint) ? places : undefined;
    const rows = this.sampler.draw({ from: this.drawn, rows: size }, seed, ask);
    this.drawn += size;
    const kept = rows.filter((cells, i) => this.keep(cells, ask ? asked.slice(i, i + 1) : this.groups));
    if (kept.length === 0 && this.inVain >= patience) throw this.surrender();
    return kept;
  }

  /** Keeps a row for the first of the groups that it meets and that is not full. */
  private keep(cells: Cell[], groups: readonly Group[]): boolean {
    const group = groups.find(
      ({ missing, conditions }) => missing > 0 && conditions.every(({ column, test }) => test(cells[column] ?? null)),
    );
    if (!group) {
      this.inVain++;
      return false;
    }
    group.missing--;
    this.inVain = 0;
    this.ids.forEach((write, column) => {
      if (write) cells[column] = write(this.found);
    });
    this.found++;
    return true;
  }

  private surrender(): DataError {
    const open = this.groups.filter(({ missing }) => missing > 0);
    const texts = open.map(({ conditions }) => conditions.map(({ text }) => text).join(' and '));
    return new DataError(
      `The last ${patience.toLocaleString('en')} rows drawn did not meet: ${texts.slice(0, 3).join('; or ')}. ${this.found} of ${this.wishes.rows} rows were found, ${(100 * this.hitRate).toFixed(2)} % of those drawn. Loosen the conditions, or train longer.`,
    );
  }
}

function bestHint(sampler: RowSampler, conditions: readonly RowCondition[]): ConditionHint | null {
  const hints = conditions.flatMap((condition) => sampler.hintFor?.(condition) ?? []);
  return hints.reduce<ConditionHint | null>((best, hint) => (best && best.share <= hint.share ? best : hint), null);
}

/** Whole numbers in the proportions of the shares that sum to `total`. */
export function largestRemainders(shares: readonly number[], total: number): number[] {
  const counts = shares.map((share) => Math.floor(share * total));
  const order = shares.map((share, index) => ({ index, remainder: share * total - (counts[index] ?? 0) }));
  order.sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  let left = total - counts.reduce((sum, count) => sum + count, 0);
  for (const { index } of order) {
    if (left-- <= 0) break;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}
