import { Module } from '@nestjs/common';
import { HistoryCompaction } from './history-compaction';
import { LogCompactor } from './log-compactor';
import { LogStore } from './log-store';
import { MetricCompactor } from './metric-compactor';
import { MetricStore } from './metric-store';
import { QualityStore } from './quality-store';
import { RunMarks } from './run-marks';

/** What runs and workers leave behind: metric series and log lines. The routes are in RunHistoryModule. */
@Module({
  providers: [MetricStore, LogStore, QualityStore, RunMarks, MetricCompactor, LogCompactor, HistoryCompaction],
  exports: [MetricStore, LogStore, QualityStore, RunMarks],
})
export class HistoryModule {}
