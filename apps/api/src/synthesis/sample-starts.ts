import type { DatasetColumn, SampleCreate } from '@gan-dashboard/shared-types';
import { sequenceColumnsOf, startTimeMistake } from '@gan-dashboard/trainer';
import type { ConditionMistake } from './sample-conditions';

/**
 * Why sequences cannot begin where a sample asks for it; empty where nothing speaks against it. What only the learned
 * model knows (a column that never changes along a sequence, values that are all above 0) is checked by the trainer.
 *
 * @param columns those that the run has learned with
 */
export function startMistakes(
  { sequences }: Pick<SampleCreate, 'sequences'>,
  columns: readonly DatasetColumn[],
): ConditionMistake[] {
  const { time: asked, values = {} } = sequences?.start ?? {};
  const { time, features } = sequenceColumnsOf(columns);
  const mistakes: ConditionMistake[] = [];
  if (asked !== undefined) {
    const reason = time
      ? startTimeMistake(time, asked)
      : 'the data has no column of times. Leave it out, or give a column the sequence role time and train again.';
    if (reason !== null) mistakes.push(mistakeAt('sequences.start.time', JSON.stringify(asked), reason));
  }
  const numbers = features.filter(({ role, type }) => role === 'numeric' && (type === 'integer' || type === 'number'));
  const names = numbers.map(({ name }) => name);
  for (const name of Object.keys(values)) {
    if (names.includes(name)) continue;
    const reason = `no number that changes along a sequence. There are: ${names.join(', ') || 'none'}.`;
    mistakes.push(mistakeAt('sequences.start.values', JSON.stringify(name), reason));
  }
  return mistakes;
}

function mistakeAt(path: string, value: string, reason: string): ConditionMistake {
  return { path, message: `${path}: ${value} cannot be; ${reason}` };
}
