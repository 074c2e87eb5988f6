import type { SampleCreate } from '@gan-dashboard/shared-types';
import { sequenceLengthOf } from '@gan-dashboard/trainer';
import { unprocessable } from '../platform/http/problem';
import type { RunEntity } from '../training/run.entity';

const mostRows = 10_000_000;

/**
 * How many rows a sample will have: those of its sequences, where it names their number, else the rows that were asked for.
 *
 * @throws ProblemException 422 where a model of single rows is asked for sequences, a model of sequences for conditions,
 *   or the rows are too many
 */
export function rowsOf({ model, config }: Pick<RunEntity, 'model' | 'config'>, request: SampleCreate): number {
  const { sequences, rows } = request;
  const usual = sequenceLengthOf(model, config);
  if (usual === null) {
    if (sequences === undefined) return rows;
    throw refused('sequences', `sequences: ${model} makes single rows; leave it out, or sample a model of sequences`);
  }
  const picks = (['conditions', 'constraints'] as const).find((name) => request[name]?.length);
  const picked = picks ?? (request.balance ? 'balance' : undefined);
  if (picked !== undefined) {
    const way = 'leave it out, and filter the sequences that were drawn';
    throw refused(picked, `${picked}: rows of a sequence cannot be picked one by one; ${way}`);
  }
  if (sequences?.count === undefined) return rows;
  const { count, length = usual } = sequences;
  if (count * length <= mostRows) return count * length;
  const told = `${count} sequences of ${length} rows are ${(count * length).toLocaleString('en')} rows`;
  throw refused('sequences.count', `sequences: ${told}; ask for at most ${mostRows.toLocaleString('en')}`);
}

function refused(path: string, message: string): Error {
  return unprocessable(message, [{ path, message }]);
}
