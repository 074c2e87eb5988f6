import { Inject, Injectable, Logger } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { APP_CONFIG } from '../configuration/app-config';
import type { AppConfig } from '../configuration/app-config';
import { freeDiskBytes, Readiness, readinessChecks } from '../health/readiness';
import { METRICS_REGISTRY } from './metrics-registry';

/** What the process stands on: queue, disk, readiness. Measured when asked; what cannot be measured is absent. */
@Injectable()
export class PlatformMetrics {
  private readonly logger = new Logger(PlatformMetrics.name);

  constructor(
    @Inject(METRICS_REGISTRY) registry: Registry,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'dataDir'>,
    private readonly dataSource: DataSource,
    private readonly readiness: Readiness,
  ) {
    const gauge = (name: string, help: string, labelNames: string[], measure: (gauge: Gauge) => Promise<void>) => {
      const made: Gauge = new Gauge({
        name,
        help,
        labelNames,
        registers: [registry],
        collect: () => this.collect(made, measure),
      });
    };
    gauge('gan_dashboard_ready', '1 where the check of /readyz succeeds, else 0', ['check'], (made) =>
      this.ready(made),
    );
    gauge('gan_dashboard_disk_free_bytes', 'Room in the data folder', [], async (made) =>
      made.set(await freeDiskBytes(this.config.dataDir)),
    );
    gauge('gan_dashboard_queue_jobs', 'Jobs of each queue that wait, are at work or have failed', jobLabels, (made) =>
      this.jobs(made),
    );
  }

  private async collect(gauge: Gauge, measure: (gauge: Gauge) => Promise<void>): Promise<void> {
    gauge.reset();
    try {
      await measure(gauge);
    } catch (error) {
      // A gauge without labels is 0 after a reset, which would be a value that nobody measured.
      gauge.remove();
      this.logger.warn(`a metric could not be measured: ${String(error)}`);
    }
  }

  private async ready(gauge: Gauge): Promise<void> {
    const problems = await this.readiness.problems();
    for (const check of readinessChecks) gauge.set({ check }, problems[check] === undefined ? 1 : 0);
  }

  private async jobs(gauge: Gauge): Promise<void> {
    const rows = await this.dataSource.query<{ name: string; state: string; jobs: string }[]>(
      `SELECT name, state::text AS state, count(*) AS jobs FROM pgboss.job
       WHERE state IN ('created', 'retry', 'active', 'failed') GROUP BY name, state`,
    );
    for (const { name, state, jobs } of rows) gauge.set({ queue: name, state }, Number(jobs));
  }
}

const jobLabels = ['queue', 'state'];
