import { Injectable } from '@nestjs/common';
import type { ManyMetrics, ManyMetricsQuery, MetricSeries, RunExportQuery } from '@gan-dashboard/shared-types';
import { MetricStore } from '../../history/metric-store';
import { toRun } from '../run-mapper';
import { columnValue, csvLine, defaultColumns } from './run-csv';
import { RunSearch } from './run-search';

/** Reads beside each other: more would take the connections that the runs at work need. */
const readers = 4;
const exportLimit = 100_000;
const exportChunk = 500;

/** What many runs hold, in one answer. */
@Injectable()
export class ManyRuns {
  constructor(
    private readonly search: RunSearch,
    private readonly store: MetricStore,
  ) {}

  /** In the order of the ids; unknown and deleted runs are left out. */
  async metrics({ ids, bands, ...query }: ManyMetricsQuery): Promise<ManyMetrics['items']> {
    const known = (await this.search.inOrder(ids)).filter(({ deletedAt }) => deletedAt === null);
    const items: ManyMetrics['items'] = known.map(({ id }) => ({ run_id: id, series: [] }));
    const waiting = items.values();
    const readOn = async () => {
      for (const item of waiting) {
        const { series } = await this.store.read(item.run_id, query);
        item.series = bands ? series : series.map(withoutBands);
      }
    };
    await Promise.all(Array.from({ length: readers }, readOn));
    return items;
  }

  /** @throws ProblemException 400 for a query text that cannot be read, before the first line. */
  async csv(query: RunExportQuery): Promise<AsyncGenerator<string>> {
    return this.lines(await this.search.ids(query, exportLimit), query.columns ?? defaultColumns);
  }

  private async *lines(ids: readonly string[], columns: readonly string[]): AsyncGenerator<string> {
    yield csvLine(columns);
    for (let start = 0; start < ids.length; start += exportChunk) {
      const runs = await this.search.inOrder(ids.slice(start, start + exportChunk));
      yield runs.map((run) => csvLine(columns.map((column) => columnValue(toRun(run), column)))).join('');
    }
  }
}

/** Steps and last values alone: a third of the bytes, and what lines of many runs are drawn from. */
function withoutBands({ name, is_complete, step, last }: MetricSeries): MetricSeries {
  return { name, is_complete, step, last, epoch: [], time: [], min: [], max: [] };
}
