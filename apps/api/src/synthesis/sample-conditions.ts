import type {
  Cell,
  ColumnKind,
  ColumnProfile,
  DatasetColumn,
  SampleBalance,
  SampleCondition,
  SampleCreate,
} from '@gan-dashboard/shared-types';

export interface ConditionMistake {
  /** Of the field in the request, such as `conditions.0.equals`. */
  path: string;
  message: string;
}

/** What is known of a column when a sample is asked for. */
interface KnownColumn {
  column: DatasetColumn;
  reads: 'values' | 'number' | 'time';
  profile: ColumnProfile | undefined;
}

type RangeCondition = Extract<SampleCondition, { at_least?: unknown }>;

/** Columns or values that a message lists. */
const mostShown = 20;

/**
 * What cannot be met of the conditions and the balance of a sample; empty where nothing speaks against them. What only
 * the learned model knows (which of many values it has seen) is checked by the trainer.
 *
 * @param columns those that the run has learned with
 * @param profiles of the data set, where it is still there: all values of columns with few of them, ranges of numbers
 */
export function conditionMistakes(
  { conditions = [], balance }: Pick<SampleCreate, 'conditions' | 'balance'>,
  columns: readonly DatasetColumn[],
  profiles: readonly ColumnProfile[],
): ConditionMistake[] {
  const find = (name: string, path: string): KnownColumn | ConditionMistake => {
    const column = columns.find((each) => each.name === name);
    const reads = column && readingOf(column);
    if (column && reads) return { column, reads, profile: profiles.find((each) => each.name === name) };
    return { path, message: whyNoColumn(name, column, columns) };
  };
  const mistakes = conditions.flatMap((condition, index) => {
    const path = `conditions.${index}`;
    const known = find(condition.column, `${path}.column`);
    return 'message' in known ? [known] : mistakesOf(condition, path, known);
  });
  if (!balance) return mistakes;
  const known = find(balance.column, 'balance.column');
  return [...mistakes, ...('message' in known ? [known] : balanceMistakes(balance, known))];
}

/** How conditions may speak of a column; undefined where they cannot. */
export function readingOf(column: DatasetColumn): KnownColumn['reads'] | undefined {
  if (column.role === 'excluded') return undefined;
  const kind: ColumnKind | 'numeric' = column.kind ?? column.role;
  switch (kind) {
    case 'numeric':
    case 'continuous':
    case 'integer':
      return 'number';
    case 'datetime':
      return 'time';
    case 'categorical':
    case 'boolean':
      return 'values';
    case 'id':
    case 'text':
      return undefined;
  }
}

function whyNoColumn(name: string, column: DatasetColumn | undefined, columns: readonly DatasetColumn[]): string {
  const possible = columns.filter((each) => readingOf(each)).map((each) => each.name);
  const reason = !column
    ? 'is not one of this run'
    : column.role === 'excluded'
      ? 'was excluded from this run'
      : 'is made anew in each sample';
  return `Column "${name}" ${reason}. Conditions can be about: ${listed(possible)}.`;
}

function mistakesOf(condition: SampleCondition, path: string, known: KnownColumn): ConditionMistake[] {
  if ('equals' in condition) return valueMistakes([[condition.equals, `${path}.equals`]], known);
  if ('one_of' in condition) {
    const values = condition.one_of.map((value, index): [Cell, string] => [value, `${path}.one_of.${index}`]);
    return valueMistakes(values, known);
  }
  return rangeMistakes(condition, path, known);
}

function balanceMistakes({ shares = [] }: SampleBalance, known: KnownColumn): ConditionMistake[] {
  if (known.reads !== 'values') {
    const message = `Column "${known.column.name}" cannot be balanced: it is learned as a quantity. Choose a categorical column.`;
    return [{ path: 'balance.column', message }];
  }
  const values = shares.map(({ value }, index): [Cell, string] => [value, `balance.shares.${index}.value`]);
  return valueMistakes(values, known);
}

function valueMistakes(values: readonly [Cell, string][], known: KnownColumn): ConditionMistake[] {
  return values.flatMap(([value, path]) => {
    const message = value === null ? whyNotMissing(known) : (whyWrongType(value, known) ?? whyUnseen(value, known));
    return message === undefined ? [] : [{ path, message }];
  });
}

function whyNotMissing({ column }: KnownColumn): string | undefined {
  if (column.missing > 0) return undefined;
  return `Column "${column.name}" has no missing values: no row can be null there. Name a value, or leave the condition out.`;
}

function whyWrongType(value: Exclude<Cell, null>, { column, reads }: KnownColumn): string | undefined {
  const { name, type } = column;
  const told = `Column "${name}" cannot be ${JSON.stringify(value)}: it holds`;
  switch (type) {
    case 'integer':
      return Number.isInteger(value) ? undefined : `${told} whole numbers. Give one, without quotes.`;
    case 'number':
      return typeof value === 'number' ? undefined : `${told} numbers. Give one, without quotes.`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `${told} true and false. Give one of them, without quotes.`;
    case 'text':
      return typeof value === 'string' ? undefined : `${told} text. Put the value in quotes.`;
    case 'date':
    case 'datetime':
      // A set of times may be known by their numbers, which only the model tells.
      return typeof value === 'string' || reads === 'values' ? undefined : `${told} times. Give one as text.`;
  }
}

function whyUnseen(value: Exclude<Cell, null>, { column, profile }: KnownColumn): string | undefined {
  if (column.type === 'text') {
    const seen = profile?.top_values?.flatMap((each) => each.value ?? []) ?? [];
    // Only where the profile has all values is one that it lacks unknown.
    if (!profile || seen.length !== profile.distinct || seen.includes(value)) return undefined;
    return `Column "${column.name}" has no value ${JSON.stringify(value)}. Its values are: ${listed(seen.map((each) => JSON.stringify(each)))}.`;
  }
  return typeof value === 'number' ? whyOutside(value, value, { column, profile }) : undefined;
}

function rangeMistakes(range: RangeCondition, path: string, known: KnownColumn): ConditionMistake[] {
  const { name, datetime_format: format } = known.column;
  if (known.reads === 'values') {
    return [{ path, message: `Column "${name}" has no range: it is a set of values. Use equals or one_of.` }];
  }
  if (known.reads === 'time' && format !== undefined) {
    const message = `Column "${name}" writes times as ${format}: ranges are possible for times in ISO 8601 only. Use one_of.`;
    return [{ path, message }];
  }
  const wrong = (['at_least', 'at_most'] as const).flatMap((end) => {
    const message = range[end] === undefined ? undefined : whyNoBound(range[end], known);
    return message === undefined ? [] : [{ path: `${path}.${end}`, message }];
  });
  if (wrong.length > 0) return wrong;
  const { at_least: least = Number.NEGATIVE_INFINITY, at_most: most = Number.POSITIVE_INFINITY } = range;
  const message =
    typeof least === 'number' && typeof most === 'number'
      ? whyOutside(least, most, known)
      : whyBackwards(least, most, name);
  return message === undefined ? [] : [{ path, message }];
}

function whyNoBound(bound: number | string, { column: { name }, reads }: KnownColumn): string | undefined {
  const told = `Column "${name}" has no bound ${JSON.stringify(bound)}:`;
  if (reads === 'number')
    return typeof bound === 'number' ? undefined : `${told} it holds numbers. Give one, without quotes.`;
  if (typeof bound === 'string' && !Number.isNaN(Date.parse(bound))) return undefined;
  return `${told} it holds times. Give one as ISO 8601 in quotes, such as "2024-03-01 09:30:00".`;
}

function whyBackwards(least: number | string, most: number | string, name: string): string | undefined {
  if (typeof least !== 'string' || typeof most !== 'string' || Date.parse(least) <= Date.parse(most)) return undefined;
  return `Column "${name}" cannot be at least ${least} and at most ${most}: swap the ends.`;
}

function whyOutside(
  low: number,
  high: number,
  { column: { name }, profile }: Pick<KnownColumn, 'column' | 'profile'>,
): string | undefined {
  if (low > high) return `Column "${name}" cannot be at least ${low} and at most ${high}: swap the ends.`;
  const [smallest, largest] = [profile?.min, profile?.max];
  if (typeof smallest !== 'number' || typeof largest !== 'number' || (low <= largest && high >= smallest))
    return undefined;
  const asked = low === high ? `be ${low}` : Number.isFinite(low) ? `be at least ${low}` : `be at most ${high}`;
  return `Column "${name}" cannot ${asked}: its values lie from ${smallest} to ${largest}. Choose within.`;
}

export function listed(names: readonly string[]): string {
  const more = names.length > mostShown ? `, and ${names.length - mostShown} more` : '';
  return `${names.slice(0, mostShown).join(', ')}${more}`;
}
