import { Module } from '@nestjs/common';
import { HistoryCompaction } from './history-compaction';
import { LogCompactor } from './log-compactor';
import { LogStore } from './log-store';
import { MetricCompactor } from './metric-compactor';
import { MetricStore } from './metric-store';
import { QualityStore } from './quality-store';

/** What runs and workers leave behind: metric series and log lines. The routes are in RunHistoryModule. */
@Module({
  providers: [MetricStore, LogStore, QualityStore, MetricCompactor, LogCompactor, HistoryCompaction],
  exports: [MetricStore, LogStore, QualityStore],
})
export class HistoryModule {}
