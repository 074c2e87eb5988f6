import { Global, Module } from '@nestjs/common';
import type { MiddlewareConsumer, NestModule } from '@nestjs/common';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { HealthController } from '../health/health.controller';
import { Readiness } from '../health/readiness';
import { RequestIdMiddleware } from '../logging/request-id.middleware';
import { HttpMetricsMiddleware } from './http-metrics.middleware';
import { MetricsController } from './metrics.controller';
import { METRICS_REGISTRY } from './metrics-registry';
import { PlatformMetrics } from './platform-metrics';

/** Gives every feature a registry to put its metrics into, serves what stands in it, and answers probes. */
@Global()
@Module({
  controllers: [MetricsController, HealthController],
  providers: [
    {
      provide: METRICS_REGISTRY,
      useFactory: () => {
        const registry = new Registry();
        collectDefaultMetrics({ register: registry });
        return registry;
      },
    },
    Readiness,
    PlatformMetrics,
  ],
  exports: [METRICS_REGISTRY, Readiness],
})
export class MetricsModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(RequestIdMiddleware, HttpMetricsMiddleware).forRoutes('{*path}');
  }
}
