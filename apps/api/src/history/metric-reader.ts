import type { EntityManager } from 'typeorm';
import type { MetricHistory, MetricQuery, MetricSeries } from '@gan-dashboard/shared-types';
import { bucketedSeries, completeSeries } from './buckets';
import type { ChunkLoader, Detail } from './chunk-loader';
import { queryPrepared } from '../platform/database/prepared-query';
import { inOrder, liesWithin, placesBySeries } from './chunk-places';
import type { ChunkPlace, PlaceRow } from './chunk-places';
import { coarseGroup, fineGroup } from './metric-chunk';
import { pointsOfSegments } from './metric-segments';
import type { SegmentRow } from './metric-segments';
import { mergePoints, pointsWithin } from './points';
import type { Points } from './points';
import { summarise } from './summaries';
import type { Summaries } from './summaries';

/** A series while it is read: points that are there one by one, and chunks whose summaries may do. */
interface SeriesParts {
  key: string;
  points: Points;
  closed: ChunkPlace[];
}

interface SnapshotRow extends PlaceRow {
  keys: string[] | null;
  axis: Buffer;
  values: Buffer;
}

/**
 * What there is of the series of a subject in a range of steps, seen at one moment: in one statement, so that a
 * compaction that ends meanwhile neither hides nor doubles a point.
 */
const snapshotQuery = `
  SELECT id, key, first_step, last_step, count, NULL::text[] AS keys, NULL::bytea AS axis, NULL::bytea AS values
  FROM metric_chunk
  WHERE subject = $1 AND ($2::text[] IS NULL OR key = ANY ($2)) AND last_step >= $3 AND first_step <= $4
  UNION ALL
  SELECT id, NULL, first_step, last_step, count, keys, axis, values
  FROM metric_segment
  WHERE subject = $1 AND ($2::text[] IS NULL OR keys && $2) AND last_step >= $3 AND first_step <= $4`;

/**
 * Reads the series of a subject. The chunks that the snapshot names are fetched after it: a chunk never changes, but
 * compaction may have replaced it by then, and the loader throws `ChunkGoneError`; then the reading is begun anew.
 */
export class MetricReader {
  private readonly from: number;
  private readonly to: number;
  private readonly names: ReadonlySet<string> | null;

  constructor(
    private readonly manager: EntityManager,
    private readonly loader: ChunkLoader,
    private readonly query: MetricQuery,
  ) {
    this.from = query.from_step ?? Number.MIN_SAFE_INTEGER;
    this.to = query.to_step ?? Number.MAX_SAFE_INTEGER;
    const names = query.names?.split(',').filter((name) => name !== '');
    this.names = names ? new Set(names) : null;
  }

  async read(subject: string): Promise<MetricHistory> {
    const { chunks, pending } = await this.snapshot(subject);
    const series = await this.open(chunks, pending);
    const plans = series.map((parts) => ({ parts, ...this.planOf(parts) }));
    await this.loader.load(
      this.manager,
      plans.flatMap(({ parts, detail }) => parts.closed.map(({ id }) => ({ id, detail }))),
    );
    return {
      series: plans
        .filter(({ total }) => total > 0)
        .map(({ parts, total, detail }) => this.build(parts, total, detail)),
    };
  }

  private async snapshot(
    subject: string,
  ): Promise<{ chunks: Map<string, ChunkPlace[]>; pending: Map<string, Points[]> }> {
    const rows = await queryPrepared<SnapshotRow>(this.manager, {
      name: 'metric_snapshot',
      text: snapshotQuery,
      values: [subject, this.names && [...this.names], this.from, this.to],
    });
    const segments = rows
      .filter((row): row is SnapshotRow & SegmentRow => row.keys !== null)
      .sort((a, b) => Number(a.id) - Number(b.id));
    return {
      chunks: placesBySeries(rows.filter(({ keys }) => keys === null)),
      pending: pointsOfSegments(segments, this.names),
    };
  }

  /** Opens the chunks that lie only partly in the range of steps, or in which later writes have overwritten steps. */
  private async open(chunks: Map<string, ChunkPlace[]>, pending: Map<string, Points[]>): Promise<SeriesParts[]> {
    const keys = [...new Set([...chunks.keys(), ...pending.keys()])].sort();
    const series = keys.map((key) => {
      const written = pointsWithin(mergePoints(pending.get(key) ?? []), this.from, this.to);
      const { open = [], closed = [] } = Object.groupBy(chunks.get(key) ?? [], (place) =>
        this.mustOpen(place, written) ? 'open' : 'closed',
      );
      return { key, written, open, closed };
    });
    const opened = await this.loader.load(
      this.manager,
      series.flatMap(({ open }) => open.map(({ id }) => ({ id, detail: 'points' as const }))),
    );
    return series.map(({ key, written, open, closed }) => {
      const older = open.map(({ id }) => pointsWithin(opened.points(id), this.from, this.to));
      return { key, closed, points: mergePoints([...older, written]) };
    });
  }

  private mustOpen(place: ChunkPlace, written: Points): boolean {
    return place.firstStep < this.from || place.lastStep > this.to || liesWithin(place, written);
  }

  /** A summary may have no more points than a bucket: so every bucket gets one, and all stay about equal. */
  private planOf({ points, closed }: SeriesParts): { total: number; detail: Detail } {
    const total = closed.reduce((sum, { count }) => sum + count, points.steps.length);
    const width = total / this.query.points;
    if (width > 1 && width >= coarseGroup) return { total, detail: 'coarse' };
    return { total, detail: width >= fineGroup ? 'fine' : 'points' };
  }

  private build({ key, points, closed }: SeriesParts, total: number, detail: Detail): MetricSeries {
    if (total <= this.query.points) {
      return completeSeries(key, mergePoints([...closed.map(({ id }) => this.loader.points(id)), points]));
    }
    const parts = inOrder(points, closed).map((part) => this.summariesOf(part, detail));
    return bucketedSeries(key, parts, { total, buckets: this.query.points });
  }

  private summariesOf(part: Points | ChunkPlace, detail: Detail): Summaries {
    if ('steps' in part) return summarise(part, 1);
    return detail === 'points' ? summarise(this.loader.points(part.id), 1) : this.loader.summaries(part.id, detail);
  }
}
