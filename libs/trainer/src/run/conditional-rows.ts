import type { Cell, SampleBalance, SampleCondition, SampleConstraint } from '@gan-dashboard/shared-types';
import { idWriter } from '../data/cell-writers';
import type { ColumnTransform } from '../data/column-transform';
import { weightDrawer } from '../data/conditions';
import { DataError } from '../data/errors';
import type { SourceTable } from '../data/parquet';
import { compileBalance, compileConditions } from '../data/row-conditions';
import type { RowCondition } from '../data/row-conditions';
import { compileConstraints } from '../data/row-constraints';
import type { RowConstraints } from '../data/row-constraints';
import type { ConditionHint, RowSampler } from '../models/table-model';
import { Random } from '../random/random';

export interface RowWishes {
  rows: number;
  seed: number;
  conditions?: readonly SampleCondition[] | undefined;
  balance?: SampleBalance | undefined;
  constraints?: readonly SampleConstraint[] | undefined;
}

/** Rows that were drawn in vain, one after the other, until the search ends. */
const patience = 50_000;
/** Rows drawn in all until the search ends: so many in any case, and so many for each row that is asked for. */
const mostDrawn = 2_000_000;
const mostDrawnEach = 100;

/** Some rows of the sample must all meet these conditions. */
interface Group {
  conditions: RowCondition[];
  /** The condition by which such rows are best asked for; null: they are only looked for. */
  hint: ConditionHint | null;
  /** Rows that are still to be found. */
  missing: number;
}

export interface SearchContext {
  sampler: RowSampler;
  transforms: readonly ColumnTransform[];
  /** Opens the table that was learned, which fixed combinations are read from; absent: it is not at hand. */
  openSource?: () => Promise<SourceTable>;
}

/**
 * Finds rows that meet conditions and constraints: asks for the rarest of them where the model can be asked, completes
 * fixed combinations, and drops rows that do not meet all.
 */
export class ConditionalRows {
  private readonly ids: (((row: number) => Cell) | null)[];
  private readonly keys: Set<string>[];
  private drawn = 0;
  private found = 0;
  private completed = 0;
  private inVain = 0;

  private constructor(
    private readonly sampler: RowSampler,
    transforms: readonly ColumnTransform[],
    private readonly wishes: RowWishes,
    private readonly groups: readonly Group[],
    private readonly constraints: RowConstraints,
  ) {
    const { seed } = wishes;
    this.ids = transforms.map((transform) => (transform.kind === 'id' ? idWriter(transform.column, seed) : null));
    this.keys = constraints.uniqueKeys.map(() => new Set());
  }

  /** @throws DataError for wishes that no row can meet */
  static async open(wishes: RowWishes, { sampler, transforms, openSource }: SearchContext): Promise<ConditionalRows> {
    const { conditions = [], balance, rows, constraints = [] } = wishes;
    const general = compileConditions(conditions, transforms);
    const values = balance ? compileBalance(balance, transforms) : [];
    const counts = largestRemainders(balance ? values.map(({ share }) => share) : [1], rows);
    const groups = counts.map((missing, index) => {
      const own = values[index] ? [values[index].condition, ...general] : general;
      return { conditions: own, hint: bestHint(sampler, own), missing };
    });
    const conditioned = new Set(groups.flatMap((group) => group.conditions.map(({ column }) => column)));
    const compiled = await compileConstraints(constraints, {
      ...{ transforms, rows, conditioned },
      ...(openSource ? { openSource } : {}),
    });
    return new ConditionalRows(sampler, transforms, wishes, groups, compiled);
  }

  /** Share of the rows drawn so far that were kept. */
  get hitRate(): number {
    return this.drawn === 0 ? 0 : this.found / this.drawn;
  }

  /** Share of the rows kept whose combinations were completed; undefined where none are fixed. */
  get completedShare(): number | undefined {
    if (this.constraints.combinations.length === 0) return undefined;
    return this.found === 0 ? 0 : this.completed / this.found;
  }

  get isComplete(): boolean {
    return this.found === this.wishes.rows;
  }

  /**
   * Draws `size` rows and gives those that are kept.
   *
   * @throws DataError where 50,000 rows in a row were dropped, or hardly any of very many were kept
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
    const kept = rows.filter((cells, i) => this.keep(cells, ask ? asked.slice(i, i + 1) : this.groups, random));
    if (kept.length === 0 && this.inVain >= patience) throw this.surrender();
    const { rows: wanted } = this.wishes;
    if (!this.isComplete && this.drawn >= Math.max(mostDrawn, mostDrawnEach * wanted)) throw this.surrender();
    return kept;
  }

  /** Keeps a row for the first of the groups that it meets and that is not full. */
  private keep(cells: Cell[], groups: readonly Group[], random: Random): boolean {
    const { combinations } = this.constraints;
    const changes = combinations.filter(({ complete }) => complete(cells, random));
    const group = groups.find(
      ({ missing, conditions }) => missing > 0 && conditions.every(({ column, test }) => test(cells[column] ?? null)),
    );
    if (!group || !this.meetsConstraints(cells)) {
      this.inVain++;
      return false;
    }
    group.missing--;
    this.inVain = 0;
    if (changes.length > 0) this.completed++;
    this.ids.forEach((write, column) => {
      if (write) cells[column] = write(this.found);
    });
    this.found++;
    return true;
  }

  private meetsConstraints(cells: readonly Cell[]): boolean {
    const { inequalities, combinations, uniqueKeys } = this.constraints;
    if (!inequalities.every(({ test }) => test(cells))) return false;
    // To complete one combination may have broken another one that shares a column.
    if (combinations.length > 1 && !combinations.every(({ test }) => test(cells))) return false;
    const keys = uniqueKeys.map(({ keyOf }) => keyOf(cells));
    if (keys.some((key, index) => this.keys[index]?.has(key))) return false;
    keys.forEach((key, index) => this.keys[index]?.add(key));
    return true;
  }

  private surrender(): DataError {
    const open = this.groups.filter(({ missing }) => missing > 0);
    const { inequalities, combinations, uniqueKeys } = this.constraints;
    const general = [...inequalities, ...combinations, ...uniqueKeys].map(({ text }) => text);
    const texts = open.map(({ conditions }) => [...conditions.map(({ text }) => text), ...general].join(' and '));
    const isNone = this.inVain >= patience;
    const rows = (isNone ? patience : this.drawn).toLocaleString('en');
    const wishes = texts.slice(0, 3).join('; or ');
    return new DataError(
      `${isNone ? `The last ${rows} rows drawn did not meet` : `Of ${rows} rows drawn hardly any met`}: ${wishes}. ${this.found} of ${this.wishes.rows} rows were found, ${(100 * this.hitRate).toFixed(2)} % of those drawn. Loosen the conditions${general.length > 0 ? ' and constraints' : ''}, or train longer.`,
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
