import type { Cell, SampleConstraint } from '@gan-dashboard/shared-types';
import type { Random } from '../random/random';
import { CombinationTree, mostCombinations } from './combinations';
import type { ColumnTransform } from './column-transform';
import { DataError } from './errors';
import type { SourceTable } from './parquet';
import { sourceCells } from './source-cells';

/** A constraint that each row meets or not by itself. */
export interface RowTest {
  /** For messages. */
  text: string;
  test: (cells: readonly Cell[]) => boolean;
}

/** Columns that only take combinations of the source. */
export interface FixedCombination extends RowTest {
  /** Makes a row meet it. @returns whether a cell has changed */
  complete: (cells: Cell[], random: Random) => boolean;
}

/** Columns in which no two rows of a sample are equal. */
export interface UniqueKey {
  text: string;
  keyOf: (cells: readonly Cell[]) => string;
}

export interface RowConstraints {
  inequalities: RowTest[];
  combinations: FixedCombination[];
  uniqueKeys: UniqueKey[];
}

export interface ConstraintContext {
  transforms: readonly ColumnTransform[];
  /** Rows of the sample. */
  rows: number;
  /** Columns that conditions are about: a combination keeps these of a row, and changes the others first. */
  conditioned?: ReadonlySet<number>;
  /** Opens the table that was learned; absent: it is not at hand. */
  openSource?: () => Promise<SourceTable>;
}

/**
 * Constraints as they were asked for, checked against what the model has learned.
 *
 * @throws DataError for a column that cannot take part, and for what no sample of so many rows can hold; the message
 *   says what is possible
 */
export async function compileConstraints(
  constraints: readonly SampleConstraint[],
  context: ConstraintContext,
): Promise<RowConstraints> {
  const compiled: RowConstraints = { inequalities: [], combinations: [], uniqueKeys: [] };
  for (const constraint of constraints) {
    if (constraint.kind === 'inequality') compiled.inequalities.push(inequalityOf(constraint, context));
    else if (constraint.kind === 'fixed_combinations') {
      compiled.combinations.push(await combinationOf(constraint.columns, context));
    } else compiled.uniqueKeys.push(...uniqueKeyOf(constraint.columns, context));
  }
  return compiled;
}

function indexOf(name: string, transforms: readonly ColumnTransform[]): number {
  const index = transforms.findIndex(({ column }) => column.name === name);
  if (index >= 0) return index;
  const names = transforms.map(({ column }) => column.name).join(', ');
  throw new DataError(`Column "${name}" is not in the samples of this model. Its columns are: ${names}.`);
}

type Inequality = Extract<SampleConstraint, { kind: 'inequality' }>;

function inequalityOf({ low, high, strict = false }: Inequality, { transforms }: ConstraintContext): RowTest {
  const places = [indexOf(low, transforms), indexOf(high, transforms)] as const;
  const [first, second] = places.map((place) => measureOf(transforms[place] as ColumnTransform));
  if (low === high) throw new DataError(`Column "${low}" cannot be compared with itself. Name two columns.`);
  if (!first || !second || first.kind !== second.kind) {
    throw new DataError(
      `Columns "${low}" and "${high}" cannot be compared: one holds ${first?.kind}, the other ${second?.kind}. Name two of numbers or two of times.`,
    );
  }
  checkOverlap({ low, high, strict }, [first, second]);
  return {
    text: `${low} ${strict ? '<' : '<='} ${high}`,
    test: (cells) => {
      const [a, b] = [first.read(cells[places[0]] ?? null), second.read(cells[places[1]] ?? null)];
      return Number.isNaN(a) || Number.isNaN(b) || (strict ? a < b : a <= b);
    },
  };
}

interface Measure {
  kind: 'numbers' | 'times';
  /** NaN for a missing value. */
  read: (cell: Cell) => number;
  smallest: number;
  largest: number;
  hasMissing: boolean;
}

function measureOf(transform: ColumnTransform): Measure {
  const { name, type, datetime_format: format } = transform.column;
  if (transform.kind === 'id' || transform.kind === 'text') {
    throw new DataError(`Column "${name}" cannot be compared: it is made anew in each sample. Name a learned column.`);
  }
  const isTime = type === 'date' || type === 'datetime';
  if (!isTime && type !== 'integer' && type !== 'number') {
    throw new DataError(`Column "${name}" cannot be compared: it is ${type}. Name a column of numbers or of times.`);
  }
  if (isTime && format !== undefined) {
    throw new DataError(
      `Column "${name}" writes times as ${format}: only times in ISO 8601 can be compared. Leave the constraint out.`,
    );
  }
  const read = isTime ? timeOf : (cell: Cell) => (typeof cell === 'number' ? cell : Number.NaN);
  return { kind: isTime ? 'times' : 'numbers', read, ...rangeOf(transform, read) };
}

/** As UTC, which is how times are written without a zone. */
function timeOf(cell: Cell): number {
  if (typeof cell !== 'string') return Number.NaN;
  return Date.parse(cell.length > 10 ? `${cell.replace(' ', 'T')}Z` : cell);
}

function rangeOf(transform: ColumnTransform, read: Measure['read']): Omit<Measure, 'kind' | 'read'> {
  const anything = { smallest: Number.NEGATIVE_INFINITY, largest: Number.POSITIVE_INFINITY, hasMissing: true };
  switch (transform.kind) {
    case 'continuous':
      return { ...pick(transform), hasMissing: transform.missing > 0 };
    case 'numeric':
      return {
        smallest: transform.map.x[0] ?? 0,
        largest: transform.map.x.at(-1) ?? 0,
        hasMissing: transform.missing > 0,
      };
    case 'constant': {
      const value = read(transform.value);
      return Number.isNaN(value) ? anything : { smallest: value, largest: value, hasMissing: false };
    }
    case 'categorical':
    case 'id':
    case 'text':
      return anything;
  }
}

const pick = ({ smallest, largest }: { smallest: number; largest: number }) => ({ smallest, largest });

function checkOverlap({ low, high, strict }: Required<Omit<Inequality, 'kind'>>, [a, b]: [Measure, Measure]): void {
  const canHold = a.hasMissing || b.hasMissing || (strict ? a.smallest < b.largest : a.smallest <= b.largest);
  if (canHold) return;
  const told = (value: number) => (a.kind === 'times' ? new Date(value).toISOString() : String(value));
  throw new DataError(
    `No row can have ${low} ${strict ? '<' : '<='} ${high}: the model has seen "${low}" from ${told(a.smallest)} and "${high}" up to ${told(b.largest)}. Swap the columns, or leave the constraint out.`,
  );
}

async function combinationOf(names: readonly string[], context: ConstraintContext): Promise<FixedCombination> {
  const { transforms, conditioned = new Set() } = context;
  const given = names.map((name) => indexOf(name, transforms));
  for (const place of given) requireLearned(transforms[place] as ColumnTransform, transforms);
  const places = given.toSorted((a, b) => Number(conditioned.has(b)) - Number(conditioned.has(a)));
  const tree = await treeOf(places, context);
  const of = (cells: readonly Cell[]) => places.map((place) => cells[place] ?? null);
  return {
    text: `${names.join(', ')} as a combination of the table`,
    test: (cells) => tree.has(of(cells)),
    complete: (cells, random) => {
      const own = of(cells);
      const isChanged = tree.complete(own, random);
      if (isChanged) places.forEach((place, level) => (cells[place] = own[level] ?? null));
      return isChanged;
    },
  };
}

function requireLearned({ kind, column }: ColumnTransform, transforms: readonly ColumnTransform[]): void {
  if (kind !== 'id' && kind !== 'text') return;
  const learned = transforms.filter((each) => each.kind !== 'id' && each.kind !== 'text');
  throw new DataError(
    `Column "${column.name}" has no fixed combinations: it is made anew in each sample. Learned columns are: ${learned.map((each) => each.column.name).join(', ')}.`,
  );
}

async function treeOf(
  places: readonly number[],
  { transforms, openSource }: ConstraintContext,
): Promise<CombinationTree> {
  if (!openSource) {
    throw new DataError(
      'Fixed combinations are read from the table that was learned, which is not at hand. Give it, or leave the constraint out.',
    );
  }
  const source = await openSource();
  const columns = [];
  for (const place of places) columns.push(await sourceCells(transforms[place] as ColumnTransform, source));
  const tree = new CombinationTree();
  for (let row = 0; row < source.rowCount; row++) {
    tree.add(columns.map((cell) => cell(row)));
    if (tree.size > mostCombinations) {
      const names = places.map((place) => transforms[place]?.column.name).join(', ');
      throw new DataError(
        `${names} have more than ${mostCombinations.toLocaleString('en')} combinations: nearly every row has its own. Name fewer columns, or such with fewer values.`,
      );
    }
  }
  return tree;
}

/** What a sample without equal rows has drawn is remembered: about 100 bytes a row. */
const mostUniqueRows = 10_000_000;

function uniqueKeyOf(names: readonly string[], { transforms, rows }: ConstraintContext): UniqueKey[] {
  const places = names.map((name) => indexOf(name, transforms));
  // Keys are made anew, each one once: so is every combination with them.
  if (places.some((place) => transforms[place]?.kind === 'id')) return [];
  if (rows > mostUniqueRows) {
    throw new DataError(
      `${rows.toLocaleString('en')} rows that all differ in ${names.join(', ')} are too many to remember: at most ${mostUniqueRows.toLocaleString('en')}. Ask for fewer rows.`,
    );
  }
  const possible = places.reduce((product, place) => product * valuesOf(transforms[place] as ColumnTransform), 1);
  if (possible < rows) {
    throw new DataError(
      `${rows.toLocaleString('en')} rows cannot all differ in ${names.join(', ')}: the model knows ${possible.toLocaleString('en')} ${names.length > 1 ? 'combinations' : 'values'}. Ask for fewer rows, or name further columns.`,
    );
  }
  return [
    {
      text: `${names.join(', ')} different in each row`,
      keyOf: (cells) =>
        places.length === 1 ? keyOf(cells[places[0] ?? 0]) : places.map((place) => keyOf(cells[place])).join(),
    },
  ];
}

function keyOf(cell: Cell | undefined): string {
  return JSON.stringify(cell ?? null);
}

/** How many different cells a column can have; infinite where that is not bounded by much. */
function valuesOf(transform: ColumnTransform): number {
  switch (transform.kind) {
    case 'constant':
      return 1;
    case 'categorical':
      return transform.values.length + (transform.rest?.values.length ?? 0) + (transform.missing > 0 ? 1 : 0);
    case 'continuous': {
      const { grid, smallest, largest, missing } = transform;
      if (!grid) return Number.POSITIVE_INFINITY;
      return Math.floor((largest - smallest) / grid.step) + 1 + (missing > 0 ? 1 : 0);
    }
    case 'numeric':
    case 'text':
    case 'id':
      return Number.POSITIVE_INFINITY;
  }
}
