import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { ChunkCache } from './chunk-cache';
import { ChunkLoader } from './chunk-loader';
import { findPlaces, inOrder, liesWithin } from './chunk-places';
import type { ChunkPlace } from './chunk-places';
import { chunkPoints } from './metric-chunk';
import { removeChunks, writeChunks } from './metric-chunks';
import type { NewChunk } from './metric-chunks';
import { pointsOfSegments } from './metric-segments';
import type { SegmentRow } from './metric-segments';
import { firstAtLeast, mergePoints, slicePoints } from './points';
import type { Points } from './points';

/** What one transaction takes at most, beside one row: 16 MB of values. */
const valuesPerTransaction = 2_000_000;

/** Turns what was appended to series into chunks. What is read stays the same. */
@Injectable()
export class MetricCompactor {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Compacts all that is pending of a subject; a series that has less than a chunk gets a small one, which grows with
   * the next compaction. Does nothing while another process is at it.
   */
  async compact(subject: string, signal?: AbortSignal): Promise<void> {
    let isMore = true;
    while (isMore && !signal?.aborted) {
      isMore = await this.dataSource.transaction((manager) => compactSome(manager, subject));
    }
  }
}

/** @returns whether there may be more */
async function compactSome(manager: EntityManager, subject: string): Promise<boolean> {
  const [lock] = await manager.query<{ taken: boolean }[]>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended('metrics of ' || $1::text, 0)) AS taken`,
    [subject],
  );
  if (!lock?.taken) return false;
  const segments = await takeSegments(manager, subject);
  if (segments.length === 0) return false;
  const fresh = new Map([...pointsOfSegments(segments, null)].map(([key, parts]) => [key, mergePoints(parts)]));
  await writeChunks(manager, subject, await mergeWithChunks(manager, subject, fresh));
  return true;
}

/** The oldest segments: a later one must not be overtaken, or what it overwrites would come back. */
async function takeSegments(manager: EntityManager, subject: string): Promise<SegmentRow[]> {
  const [rows] = await manager.query<[(SegmentRow & { id: string })[], number]>(
    `DELETE FROM metric_segment WHERE subject = $1 AND id IN (
       SELECT id FROM (
         SELECT id, sum(count * cardinality(keys)) OVER (ORDER BY id) - count * cardinality(keys) AS before
         FROM metric_segment WHERE subject = $1) pending
       WHERE before < $2)
     RETURNING id, keys, count, axis, values`,
    [subject, valuesPerTransaction],
  );
  return rows.sort((a, b) => Number(a.id) - Number(b.id));
}

/** Takes out the chunks that the fresh points change, and puts both together into chunks that take their place. */
async function mergeWithChunks(
  manager: EntityManager,
  subject: string,
  fresh: ReadonlyMap<string, Points>,
): Promise<NewChunk[]> {
  const ranges = Array.from(fresh.values(), ({ steps }) => [steps[0] as number, steps[steps.length - 1] as number]);
  const [from, to] = [Math.min(...ranges.flat()), Math.max(...ranges.flat())];
  const places = await findPlaces(manager, subject, { keys: [...fresh.keys()], from, to });
  const series = Array.from(fresh, ([key, points]) => {
    const chunks = places.get(key) ?? [];
    const isChanged = chunks.map((place, index) => isChangedBy(place, chunks[index + 1], points));
    return {
      key,
      points,
      changed: chunks.filter((_, index) => isChanged[index]),
      others: chunks.filter((_, index) => !isChanged[index]),
    };
  });
  const changed = series.flatMap((one) => one.changed.map(({ id }) => id));
  const loader = new ChunkLoader(new ChunkCache(0));
  await loader.load(
    manager,
    changed.map((id) => ({ id, detail: 'points' })),
  );
  await removeChunks(manager, subject, changed);
  return series.flatMap((one) => {
    const older = one.changed.map(({ id }) => loader.points(id));
    return inOrder(mergePoints([...older, one.points]), one.others)
      .filter((part) => 'steps' in part)
      .flatMap((part) => cut(part).map((points) => ({ key: one.key, points })));
  });
}

/** Points lie within the chunk, or follow on it while it is not full. */
function isChangedBy(place: ChunkPlace, next: ChunkPlace | undefined, points: Points): boolean {
  if (liesWithin(place, points)) return true;
  if (place.count >= chunkPoints) return false;
  const following = points.steps[firstAtLeast(points.steps, place.lastStep)];
  return following !== undefined && following < (next?.firstStep ?? Infinity);
}

function cut(points: Points): Points[] {
  const chunks: Points[] = [];
  for (let start = 0; start < points.steps.length; start += chunkPoints) {
    chunks.push(slicePoints(points, start, Math.min(points.steps.length, start + chunkPoints)));
  }
  return chunks;
}
