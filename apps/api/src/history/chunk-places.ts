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

export interface PlaceRow {
  id: string;
  key: string;
  first_step: string;
  last_step: string;
  count: number;
}

/** Places by series, in the order of their steps. */
export function placesBySeries(rows: readonly PlaceRow[]): Map<string, ChunkPlace[]> {
  const places = rows.map(({ id, key, first_step, last_step, count }) => ({
    id: Number(id),
    key,
    firstStep: Number(first_step),
    lastStep: Number(last_step),
    count,
  }));
  return Map.groupBy(
    places.sort((a, b) => a.firstStep - b.firstStep),
    ({ key }) => key,
  );
}

/**
 * Chunks of some series that have a step from one to another, and of each series the last one before them where that is
 * not full.
 */
export async function findPlaces(
  manager: EntityManager,
  subject: string,
  { keys, from, to }: { keys: readonly string[]; from: number; to: number },
): Promise<Map<string, ChunkPlace[]>> {
  const rows = await manager.query<PlaceRow[]>(
    `SELECT id, key, first_step, last_step, count FROM metric_chunk c
     WHERE subject = $1 AND key = ANY ($2)
       AND (last_step >= $3 AND first_step <= $4
         OR count < ${chunkPoints} AND last_step < $3 AND NOT EXISTS (
           SELECT FROM metric_chunk n
           WHERE n.subject = $1 AND n.key = c.key AND n.first_step > c.first_step AND n.first_step < $3))`,
    [subject, keys, from, to],
  );
  return placesBySeries(rows);
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
