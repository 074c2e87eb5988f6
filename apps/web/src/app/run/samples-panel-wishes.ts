import type { Cell, DatasetColumn, SampleCondition, SampleConstraint, SampleCreate } from '@gan-dashboard/shared-types';

export const conditionTests = {
  equals: 'is',
  at_least: $localize`is at least`,
  at_most: $localize`is at most`,
  missing: $localize`is missing`,
};
export const constraintKinds = {
  at_most: $localize`is at most`,
  below: $localize`is below`,
  fixed_combinations: $localize`combinations of the table only`,
  unique: $localize`different in each row`,
};

/** A condition as it stands in the form: the value as it was typed. */
export interface ConditionDraft {
  column: string;
  test: keyof typeof conditionTests;
  value: string;
}

/** A constraint as it stands in the form: an order uses `low` and `high`, the others `columns`. */
export interface ConstraintDraft {
  kind: keyof typeof constraintKinds;
  low: string;
  high: string;
  columns: string[];
}

export interface WishesDraft {
  conditions: ConditionDraft[];
  /** Column whose values are to come equally often; empty: none. */
  balance: string;
  constraints: ConstraintDraft[];
}

export const noWishes: WishesDraft = { conditions: [], balance: '', constraints: [] };

export type Wishes = Pick<SampleCreate, 'conditions' | 'balance' | 'constraints'>;

/** What the form asks for; what was not asked for is absent. */
export function wishesOf(draft: WishesDraft, columns: readonly DatasetColumn[]): Wishes {
  const conditions = draft.conditions.map((each) => conditionOf(each, columns));
  return {
    ...(conditions.length > 0 ? { conditions } : {}),
    ...(draft.balance === '' ? {} : { balance: { column: draft.balance } }),
    ...(draft.constraints.length > 0 ? { constraints: draft.constraints.map(constraintOf) } : {}),
  };
}

function conditionOf({ column, test, value }: ConditionDraft, columns: readonly DatasetColumn[]): SampleCondition {
  if (test === 'missing') return { column, equals: null };
  const cell = cellOf(value, columns.find(({ name }) => name === column)?.type);
  if (test === 'equals') return { column, equals: cell };
  const bound = typeof cell === 'number' ? cell : value;
  return test === 'at_least' ? { column, at_least: bound } : { column, at_most: bound };
}

/** As the column's type reads it; what is not of its type stays text, which the server then names. */
function cellOf(text: string, type: DatasetColumn['type'] | undefined): Cell {
  const trimmed = text.trim();
  if (type === 'integer' || type === 'number') {
    const number = trimmed === '' ? NaN : Number(trimmed);
    return Number.isFinite(number) ? number : text;
  }
  if (type === 'boolean' && (trimmed === 'true' || trimmed === 'false')) return trimmed === 'true';
  return text;
}

function constraintOf({ kind, low, high, columns }: ConstraintDraft): SampleConstraint {
  switch (kind) {
    case 'at_most':
      return { kind: 'inequality', low, high };
    case 'below':
      return { kind: 'inequality', low, high, strict: true };
    case 'fixed_combinations':
    case 'unique':
      return { kind, columns };
  }
}

/** What is missing before the server can be asked, by the path under which it would name the field. */
export function gapsOf(draft: WishesDraft): { path: string; message: string }[] {
  const conditions = draft.conditions.flatMap(({ test, value }, index) =>
    test !== 'missing' && value.trim() === ''
      ? [{ path: `conditions.${index}`, message: $localize`Give a value.` }]
      : [],
  );
  const constraints = draft.constraints.flatMap(({ kind, columns }, index) => {
    const fewest = kind === 'fixed_combinations' ? 2 : kind === 'unique' ? 1 : 0;
    if (columns.length >= fewest) return [];
    const message = fewest === 2 ? $localize`Choose two columns or more.` : $localize`Choose a column or more.`;
    return [{ path: `constraints.${index}`, message }];
  });
  return [...conditions, ...constraints];
}

/** What is said of a field of the form: of `conditions.1` also what stands below it. */
export function messagesAt(errors: readonly { path: string; message: string }[], field: string): string {
  return errors
    .filter(({ path }) => path === field || path.startsWith(`${field}.`))
    .map(({ message }) => message)
    .join(' ');
}
