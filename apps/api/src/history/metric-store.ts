import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { MetricHistory, MetricQuery } from '@gan-dashboard/shared-types';
import { ChunkCache } from './chunk-cache';
import { ChunkGoneError, ChunkLoader } from './chunk-loader';
import { MetricReader } from './metric-reader';
import { writeSegments } from './metric-segments';
import type { SeriesPoints } from './metric-segments';

const cacheBytes = 32 * 2 ** 20;
const triesWithoutTransaction = 2;

/** The metric series of runs and workers: each is known by its subject (the id of a run or worker) and its key. */
@Injectable()
export class MetricStore {
  private readonly cache = new ChunkCache(cacheBytes);

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Series of a subject in the order of their names. One that has no more than `points` points comes whole; a longer
   * one in buckets of about equal count. Each bucket stands for all points after the one before it up to its `step`,
   * and the buckets together for all points of the range: nothing that stands out is lost.
   */
  async read(subject: string, query: MetricQuery): Promise<MetricHistory> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await this.readAlong(runner.manager, subject, query);
    } finally {
      await runner.release();
    }
  }

  /** A compaction may come in between once or twice; a transaction with a snapshot of its own holds against any. */
  private async readAlong(manager: EntityManager, subject: string, query: MetricQuery): Promise<MetricHistory> {
    for (let tries = 0; tries < triesWithoutTransaction; tries++) {
      try {
        return await this.readOnce(manager, subject, query);
      } catch (error) {
        if (!(error instanceof ChunkGoneError)) throw error;
      }
    }
    return manager.transaction('REPEATABLE READ', (within) => this.readOnce(within, subject, query));
  }

  private readOnce(manager: EntityManager, subject: string, query: MetricQuery): Promise<MetricHistory> {
    return new MetricReader(manager, new ChunkLoader(this.cache), query).read(subject);
  }

  /**
   * Appends points to series of a subject; a step that is there already is overwritten. Calls for one subject must come
   * one after the other. `manager`: of the transaction that it belongs to.
   *
   * @throws RangeError that names the series and the field, before anything is written.
   */
  async append(subject: string, series: readonly SeriesPoints[], manager?: EntityManager): Promise<void> {
    return writeSegments(manager ?? this.dataSource.manager, subject, series);
  }
}
