import { Inject, Injectable, Module } from '@nestjs/common';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { APP_CONFIG } from '../configuration/app-config';
import type { AppConfig } from '../configuration/app-config';

/** Traces go to a collector while the server runs, where one is set. */
@Injectable()
export class Tracing implements OnModuleInit, OnApplicationShutdown {
  private stop: () => Promise<void> = () => Promise.resolve();

  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  async onModuleInit(): Promise<void> {
    const { tracing, role } = this.config;
    const { endpoint } = tracing;
    if (endpoint === undefined) return;
    // Not loaded where it is not asked for.
    const { exportTraces } = await import('./trace-export');
    this.stop = exportTraces({ ...tracing, endpoint }, role);
  }

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }
}

@Module({ providers: [Tracing] })
export class TracingModule {}
