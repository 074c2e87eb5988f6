import type { ColumnProfile, DatasetColumn, SampleConstraint, SampleCreate } from '@gan-dashboard/shared-types';
import { listed, readingOf } from './sample-conditions';
import type { ConditionMistake } from './sample-conditions';

type Inequality = Extract<SampleConstraint, { kind: 'inequality' }>;

interface Known {
  columns: readonly DatasetColumn[];
  profiles: readonly ColumnProfile[];
  rows: number;
}

/**
 * What cannot be held of the constraints of a sample; empty where nothing speaks against them. What only the learned
 * model knows is checked by the trainer.
 *
 * @param columns those that the run has learned with
 * @param profiles of the data set, where it is still there
 */
export function constraintMistakes(
  { constraints = [], rows }: Pick<SampleCreate, 'constraints' | 'rows'>,
  columns: readonly DatasetColumn[],
  profiles: readonly ColumnProfile[],
): ConditionMistake[] {
  const known = { columns, profiles, rows };
  return constraints.flatMap((constraint, index) => {
    const path = `constraints.${index}`;
    switch (constraint.kind) {
      case 'inequality':
        return inequalityMistakes(constraint, path, known);
      case 'fixed_combinations':
        return nameMistakes(constraint.columns, path, columns, whyNotFixed);
      case 'unique':
        return uniqueMistakes(constraint.columns, path, known);
    }
  });
}

type Objection = (column: DatasetColumn) => string | undefined;

function nameMistakes(
  names: readonly string[],
  path: string,
  columns: readonly DatasetColumn[],
  objection: Objection,
): ConditionMistake[] {
  return names.flatMap((name, index) => {
    const message = whyNot(name, columns, objection);
    return message === undefined ? [] : [{ path: `${path}.columns.${index}`, message }];
  });
}

function whyNot(name: string, columns: readonly DatasetColumn[], objection: Objection): string | undefined {
  const column = columns.find((each) => each.name === name);
  const isFine = (each: DatasetColumn) => each.role !== 'excluded' && objection(each) === undefined;
  if (column && isFine(column)) return undefined;
  const reason = !column
    ? 'is not one of this run'
    : column.role === 'excluded'
      ? 'was excluded from this run'
      : objection(column);
  return `Column "${name}" ${reason}. Choose from: ${listed(columns.filter(isFine).map((each) => each.name))}.`;
}

const whyNotFixed: Objection = (column) =>
  readingOf(column) === undefined ? 'has no fixed combinations, as it is made anew in each sample' : undefined;

/** Keys and free text are possible here, too: that is what they are for. */
const whyNotUnique: Objection = () => undefined;

const whyNotCompared: Objection = (column) => {
  if (readingOf(column) === undefined) return 'cannot be compared, as it is made anew in each sample';
  if (measureOf(column) === undefined) return `cannot be compared, as it is ${column.type}`;
  const { datetime_format: format } = column;
  return format === undefined ? undefined : `cannot be compared, as it writes times as ${format} and not as ISO 8601`;
};

function measureOf({ type }: DatasetColumn): 'numbers' | 'times' | undefined {
  switch (type) {
    case 'integer':
    case 'number':
      return 'numbers';
    case 'date':
    case 'datetime':
      return 'times';
    case 'boolean':
    case 'text':
      return undefined;
  }
}

function inequalityMistakes({ low, high, strict = false }: Inequality, path: string, known: Known): ConditionMistake[] {
  const ends = [
    ['low', low],
    ['high', high],
  ] as const;
  const wrong = ends.flatMap(([end, name]) => {
    const message = whyNot(name, known.columns, whyNotCompared);
    return message === undefined ? [] : [{ path: `${path}.${end}`, message }];
  });
  if (wrong.length > 0) return wrong;
  if (low === high) {
    return [{ path: `${path}.high`, message: `Column "${low}" cannot be compared with itself. Name another one.` }];
  }
  const [first, second] = [low, high].map((name) => known.columns.find((each) => each.name === name));
  if (first && second && measureOf(first) !== measureOf(second)) {
    const message = `"${low}" holds ${measureOf(first)} and "${high}" ${measureOf(second)}. Name two columns of numbers, or two of times.`;
    return [{ path, message }];
  }
  const message = whyNeverInOrder({ low, high, strict }, known.profiles);
  return message === undefined || first?.missing || second?.missing ? [] : [{ path, message }];
}

function whyNeverInOrder(
  { low, high, strict }: Required<Omit<Inequality, 'kind'>>,
  profiles: readonly ColumnProfile[],
): string | undefined {
  const smallest = profiles.find(({ name }) => name === low)?.min;
  const largest = profiles.find(({ name }) => name === high)?.max;
  if (typeof smallest !== 'number' || typeof largest !== 'number') return undefined;
  if (strict ? smallest < largest : smallest <= largest) return undefined;
  return `No row can have ${low} ${strict ? '<' : '<='} ${high}: "${low}" begins at ${smallest} and "${high}" ends at ${largest}. Swap them, or leave the constraint out.`;
}

function uniqueMistakes(names: readonly string[], path: string, known: Known): ConditionMistake[] {
  const wrong = nameMistakes(names, path, known.columns, whyNotUnique);
  if (wrong.length > 0) return wrong;
  const columns = names.flatMap((name) => known.columns.find((each) => each.name === name) ?? []);
  // Only a column of values has no more of them than the table; numbers, keys and texts are made anew.
  if (columns.some((column) => readingOf(column) !== 'values')) return [];
  const possible = columns.reduce((product, { distinct, missing }) => product * (distinct + (missing > 0 ? 1 : 0)), 1);
  if (possible >= known.rows) return [];
  const message = `${known.rows.toLocaleString('en')} rows cannot all differ in ${names.join(', ')}: there are ${possible.toLocaleString('en')} ${names.length > 1 ? 'combinations' : 'values'}. Ask for fewer rows, or name further columns.`;
  return [{ path: `${path}.columns`, message }];
}
