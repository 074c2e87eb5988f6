import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { ExternalRuns } from './external-runs.service';

const longestIntervalMs = 10_000;

/** Looks for external runs whose program has gone silent. */
@Injectable()
export class SilentRuns implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(SilentRuns.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly runs: ExternalRuns,
  ) {}

  onApplicationBootstrap(): void {
    const { externalRunSilenceMs: silenceMs } = this.config;
    // A server that was away hears nobody: programs get as long as ever to report after its start.
    this.timer = setInterval(() => this.look(silenceMs), Math.min(longestIntervalMs, silenceMs));
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private look(silenceMs: number): void {
    this.looking = this.looking
      .then(() => this.runs.interruptSilent(silenceMs))
      .catch((error: unknown) => this.logger.debug(`silent runs were not looked for: ${String(error)}`));
  }
}
