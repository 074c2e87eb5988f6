import type { EntityManager } from 'typeorm';
import { chunkPoints } from './metric-chunk';
import { firstAtLeast, slicePoints } from './points';
import type { Points } from './points';

/** What is known of a chunk without its values. Chunks of one series have no steps in common. */
export interface ChunkPlace {
  id: number;
  key: string;
  firstStep: number;
  lastStep: number;
  count: number;
}

interface PlaceRow {
  id: string;
  key: string;
  first_step: string;
  last_step: string;
  count: number;
}

export interface PlaceQuery {
  /** null: all series of the subject. */
  names: readonly string[] | null;
  from: number;
  to: number;
  /** Also the last one before them, where it is not full. */
  withPartialBefore?: boolean;
}

/** Chunks of a subject that have a step from one to another, by series, in the order of their steps. */
export async function findPlaces(
  manager: EntityManager,
  subject: string,
  { names, from, to, withPartialBefore = false }: PlaceQuery,
): Promise<Map<string, ChunkPlace[]>> {
  const rows = await manager.query<PlaceRow[]>(
    `SELECT id, key, first_step, last_step, count FROM metric_chunk c
     WHERE subject = $1 AND ($2::text[] IS NULL OR key = ANY ($2))
       AND (last_step >= $3 AND first_step <= $4
         OR $5 AND count < ${chunkPoints} AND last_step < $3 AND NOT EXISTS (
           SELECT FROM metric_chunk n
           WHERE n.subject = $1 AND n.key = c.key AND n.first_step > c.first_step AND n.first_step < $3))
     ORDER BY key, first_step`,
    [subject, names, from, to, withPartialBefore],
  );
  const places = rows.map(({ id, key, first_step, last_step, count }) => ({
    id: Number(id),
    key,
    firstStep: Number(first_step),
    lastStep: Number(last_step),
    count,
  }));
  return Map.groupBy(places, ({ key }) => key);
}

/** One of the points lies among the steps of the chunk: it has to be put in, or to overwrite one. */
export function liesWithin({ firstStep, lastStep }: ChunkPlace, { steps }: Points): boolean {
  const next = steps[firstAtLeast(steps, firstStep)];
  return next !== undefined && next <= lastStep;
}

/** The points before, between and behind chunks that they do not lie within, and those chunks, in the order of steps. */
export function inOrder(points: Points, chunks: readonly ChunkPlace[]): (Points | ChunkPlace)[] {
  const parts: (Points | ChunkPlace)[] = [];
  let taken = 0;
  const takeBelow = (step: number) => {
    const end = firstAtLeast(points.steps, step);
    if (end > taken) parts.push(slicePoints(points, taken, end));
    taken = end;
  };
  for (const chunk of chunks) {
    takeBelow(chunk.firstStep);
    parts.push(chunk);
  }
  takeBelow(Infinity);
  return parts;
}
