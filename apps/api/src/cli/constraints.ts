import { sampleConstraintSchema } from '@gan-dashboard/shared-types';
import type { DatasetColumn, SampleConstraint } from '@gan-dashboard/shared-types';
import { UsageError } from './failures';

const forms = 'low<=high, low<high, unique:column,column or combination:column,column';

/**
 * Reads what rows of a sample must hold between columns or each other: `low<=high`, `low<high`, `unique:a,b`,
 * `combination:a,b`. Whether rows can hold it is for the model to say.
 *
 * @throws UsageError for what is no constraint, or a column that there is not
 */
export function constraintOf(text: string, columns: readonly DatasetColumn[]): SampleConstraint {
  const names = columns.map(({ name }) => name);
  const list = /^(unique|combination):(.*)$/s.exec(text);
  if (list) {
    const named = namesIn(list[2] ?? '', names, text);
    const kind = list[1] === 'unique' ? 'unique' : 'fixed_combinations';
    const parsed = sampleConstraintSchema.safeParse({ kind, columns: named });
    if (parsed.success) return parsed.data;
    const fewest = kind === 'unique' ? 'one to ten columns' : 'two to ten columns';
    throw new UsageError(`--constraint is "${text}"; it takes ${fewest}, each of them once.`);
  }
  // A name may hold a sign itself: both sides must be names of columns.
  for (const low of names) {
    const rest = text.startsWith(low) ? text.slice(low.length) : '';
    const sign = /^<=?/.exec(rest)?.[0];
    const high = sign === undefined ? undefined : names.find((name) => name === rest.slice(sign.length));
    if (high !== undefined) return { kind: 'inequality', low, high, strict: sign === '<' };
  }
  throw new UsageError(`--constraint is "${text}"; it takes ${forms}. Columns are: ${names.join(', ')}.`);
}

function namesIn(list: string, known: readonly string[], text: string): string[] {
  return list.split(',').map((part) => {
    const name = known.find((each) => each === part) ?? known.find((each) => each === part.trim());
    if (name !== undefined) return name;
    throw new UsageError(
      `--constraint is "${text}", which names "${part}", a column that there is not. Columns are: ${known.join(', ')}.`,
    );
  });
}
