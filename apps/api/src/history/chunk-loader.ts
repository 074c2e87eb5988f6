import type { EntityManager } from 'typeorm';
import type { ChunkCache } from './chunk-cache';
import { decodeAxis, decodeCoarse, decodeFine, decodePoints, fineBytes, fineGroup } from './metric-chunk';
import type { Axis, StoredAxis, StoredChunk } from './metric-chunk';
import type { Points } from './points';
import type { Summaries } from './summaries';

/** How much of a chunk is read: all of its points, or its summaries of every 16 or every 256. */
export type Detail = 'points' | 'fine' | 'coarse';

export interface ChunkRequest {
  id: number;
  detail: Detail;
}

interface Row extends StoredChunk {
  id: string;
  axis: string;
}
type CoarseRow = Pick<Row, 'id' | 'count' | 'coarse' | 'nonFinite'> & Pick<StoredAxis, 'ends'>;
type FineRow = Pick<Row, 'id' | 'axis' | 'count' | 'data' | 'nonFinite'>;
type PointsRow = Pick<Row, 'id' | 'axis' | 'count' | 'data'>;

/** Compaction has replaced a chunk after its place was read. */
export class ChunkGoneError extends Error {}

/** Loads chunks for one reading, from the cache where it has them. */
export class ChunkLoader {
  private readonly loaded = new Map<string, Points | Summaries>();
  private readonly axes = new Map<string, Axis>();

  constructor(private readonly cache: ChunkCache) {}

  /** @throws ChunkGoneError when one of them is no longer there. */
  async load(manager: EntityManager, requests: readonly ChunkRequest[]): Promise<this> {
    const missing: Record<Detail, number[]> = { points: [], fine: [], coarse: [] };
    for (const { id, detail } of requests) {
      const key = keyOf(id, detail);
      const known = this.loaded.get(key) ?? this.cache.get<Points | Summaries>(key);
      if (known) this.loaded.set(key, known);
      else missing[detail].push(id);
    }
    if (missing.coarse.length > 0) await this.loadCoarse(manager, missing.coarse);
    if (missing.fine.length > 0) await this.loadFine(manager, missing.fine);
    if (missing.points.length > 0) await this.loadPoints(manager, missing.points);
    return this;
  }

  /** @throws Error when the chunk was not loaded. */
  points(id: number): Points {
    return this.get(id, 'points') as Points;
  }

  /** @throws Error when the chunk was not loaded. */
  summaries(id: number, detail: Exclude<Detail, 'points'>): Summaries {
    return this.get(id, detail) as Summaries;
  }

  private async loadCoarse(manager: EntityManager, ids: readonly number[]): Promise<void> {
    const rows = await manager.query<CoarseRow[]>(
      `SELECT c.id, c.count, c.coarse, c.non_finite AS "nonFinite", a.ends
       FROM metric_chunk c JOIN metric_axis a ON a.id = c.axis WHERE c.id = ANY ($1)`,
      [ids],
    );
    checkAllThere(rows, ids);
    for (const row of rows) this.keep(row.id, 'coarse', decodeCoarse(row, row));
  }

  private async loadFine(manager: EntityManager, ids: readonly number[]): Promise<void> {
    const rows = await manager.query<FineRow[]>(
      // The bytes are not compressed, so that the database fetches no more of them than these.
      `SELECT id, axis, count, substring(data FROM 1 FOR ${fineBytes(fineGroup)} * ((count + ${fineGroup - 1}) / ${fineGroup})) AS data,
         non_finite AS "nonFinite"
       FROM metric_chunk WHERE id = ANY ($1)`,
      [ids],
    );
    checkAllThere(rows, ids);
    await this.loadAxes(manager, rows);
    for (const row of rows) this.keep(row.id, 'fine', decodeFine(row, this.axisOf(row)));
  }

  private async loadPoints(manager: EntityManager, ids: readonly number[]): Promise<void> {
    const rows = await manager.query<PointsRow[]>(
      'SELECT id, axis, count, data FROM metric_chunk WHERE id = ANY ($1)',
      [ids],
    );
    checkAllThere(rows, ids);
    await this.loadAxes(manager, rows);
    for (const row of rows) this.keep(row.id, 'points', decodePoints(row, this.axisOf(row)));
  }

  /** Series that were measured together share an axis: it is read and decoded once. */
  private async loadAxes(manager: EntityManager, chunks: readonly { axis: string; count: number }[]): Promise<void> {
    const counts = new Map(chunks.filter(({ axis }) => !this.axes.has(axis)).map(({ axis, count }) => [axis, count]));
    if (counts.size === 0) return;
    const rows = await manager.query<{ id: string; points: Buffer }[]>(
      'SELECT id, points FROM metric_axis WHERE id = ANY ($1)',
      [[...counts.keys()]],
    );
    checkAllThere(rows, [...counts.keys()]);
    for (const row of rows) this.axes.set(row.id, decodeAxis(row, counts.get(row.id) ?? 0));
  }

  private axisOf({ id, axis: axisId }: { id: string; axis: string }): Axis {
    const axis = this.axes.get(axisId);
    if (!axis) throw new Error(`metric chunk ${id} has no axis ${axisId}`);
    return axis;
  }

  private keep(id: string, detail: Detail, value: Points | Summaries): void {
    const key = keyOf(Number(id), detail);
    this.loaded.set(key, value);
    const bytes = Object.values<Float64Array>({ ...value }).reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.cache.put(key, value, bytes);
  }

  private get(id: number, detail: Detail): Points | Summaries {
    const value = this.loaded.get(keyOf(id, detail));
    if (!value) throw new Error(`metric chunk ${id} was not loaded in the detail ${detail}`);
    return value;
  }
}

function checkAllThere(rows: readonly unknown[], ids: readonly unknown[]): void {
  if (rows.length < ids.length)
    throw new ChunkGoneError(`${ids.length - rows.length} metric chunks are no longer there`);
}

function keyOf(id: number, detail: Detail): string {
  return `${detail} ${id}`;
}
