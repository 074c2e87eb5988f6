import { Global, Module } from '@nestjs/common';
import type { MiddlewareConsumer, NestModule } from '@nestjs/common';
import { RequestIdMiddleware } from '../logging/request-id.middleware';
import { HttpMetricsMiddleware } from '../metrics/http-metrics.middleware';
import { PlatformMetrics } from '../metrics/platform-metrics';
import { TracingMiddleware } from '../tracing/tracing.middleware';
import { HealthController } from './health.controller';
import { Readiness } from './readiness';

/** Answers probes, measures what the process stands on and each request, and gives each request its id and span. */
@Global()
@Module({
  controllers: [HealthController],
  providers: [Readiness, PlatformMetrics],
  exports: [Readiness],
})
export class HealthModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(RequestIdMiddleware, TracingMiddleware, HttpMetricsMiddleware).forRoutes('{*path}');
  }
}
