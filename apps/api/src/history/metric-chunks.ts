import { createHash, randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { insertRows } from './insert-rows';
import { bytesOf } from './integers';
import { encodeAxis, encodeChunk } from './metric-chunk';
import type { Points } from './points';

/** Points of a series in the order of their steps, at most 4,096. */
export interface NewChunk {
  key: string;
  points: Points;
}

const columns = 'subject, key, first_step, last_step, count, axis, coarse, data, non_finite';

/** Writes chunks of a subject; those that were measured at the same steps and times share the row that says so. */
export async function writeChunks(manager: EntityManager, subject: string, chunks: readonly NewChunk[]): Promise<void> {
  const axes = new Map<string, { id: string; row: unknown[] }>();
  const placed = chunks.map((chunk) => {
    const content = contentOf(chunk.points);
    let axis = axes.get(content);
    if (!axis) {
      const { ends, points } = encodeAxis(chunk.points);
      const id = randomUUID();
      axis = { id, row: [id, subject, ends, points] };
      axes.set(content, axis);
    }
    return { ...chunk, axis: axis.id };
  });
  await insertRows(
    manager,
    'metric_axis (id, subject, ends, points)',
    Array.from(axes.values(), ({ row }) => row),
  );
  const rows = placed.map(({ key, points, axis }) => {
    const { count, coarse, data, nonFinite } = encodeChunk(points);
    return [subject, key, points.steps[0], points.steps.at(-1), count, axis, coarse, data, nonFinite];
  });
  await insertRows(manager, `metric_chunk (${columns})`, rows);
}

/** Removes chunks of a subject, and the axes that no other chunk needs. */
export async function removeChunks(manager: EntityManager, subject: string, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await manager.query('DELETE FROM metric_chunk WHERE id = ANY ($1)', [ids]);
  await manager.query(
    `DELETE FROM metric_axis a
     WHERE a.subject = $1 AND NOT EXISTS (SELECT FROM metric_chunk c WHERE c.axis = a.id)`,
    [subject],
  );
}

/** Equal for points that were measured at the same steps and times. */
function contentOf({ steps, times, epochs }: Points): string {
  const hash = createHash('sha256');
  for (const numbers of [steps, times, epochs]) hash.update(bytesOf(numbers));
  return hash.digest('base64');
}
