import { idSchema, timestampSchema } from '@gan-dashboard/shared-types';
import { ProblemException } from '../platform/http/problem';
import type { DatasetPosition } from './datasets.repository';

export function encodeCursor({ createdAt, id }: DatasetPosition): string {
  return Buffer.from(`${createdAt.toISOString()} ${id}`).toString('base64url');
}

/** @throws ProblemException 400 for a cursor that no page gave. */
export function decodeCursor(cursor: string): DatasetPosition {
  const [time, id] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const createdAt = timestampSchema.safeParse(time);
  const position = idSchema.safeParse(id);
  if (!createdAt.success || !position.success) {
    const message = 'is not a cursor of this list; use next_cursor of the page before, or leave it out';
    throw new ProblemException(400, `cursor: ${message}`, [{ path: 'cursor', message }]);
  }
  return { createdAt: new Date(createdAt.data), id: position.data };
}
