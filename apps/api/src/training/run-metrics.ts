import { Inject, Injectable, Logger } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { RUN_DIRECTORY } from '../events/run-directory';
import type { RunDirectory } from '../events/run-directory';
import { METRICS_REGISTRY } from '../platform/metrics/metrics-registry';
import { activeStatuses } from './run-states';

/** Puts the number of active runs into the metrics; without the database it is absent, and the others are not. */
@Injectable()
export class RunMetrics {
  private readonly logger = new Logger(RunMetrics.name);

  constructor(
    @Inject(METRICS_REGISTRY) registry: Registry,
    @Inject(RUN_DIRECTORY) private readonly directory: RunDirectory,
  ) {
    const gauge: Gauge = new Gauge({
      name: 'gan_dashboard_runs',
      help: 'Runs that wait for a process (queued) or have one, of all processes on this database',
      labelNames: ['status'],
      registers: [registry],
      collect: () => this.collect(gauge),
    });
  }

  private async collect(gauge: Gauge): Promise<void> {
    gauge.reset();
    try {
      const runs = await this.directory.active();
      for (const status of activeStatuses) {
        gauge.set({ status }, runs.filter((run) => run.status === status).length);
      }
    } catch (error) {
      this.logger.warn(`the runs could not be counted: ${String(error)}`);
    }
  }
}
