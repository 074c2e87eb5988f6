import { Inject, Injectable } from '@nestjs/common';
import type { NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { routeOf, streamPath } from '../http/route-of';
import { METRICS_REGISTRY } from './metrics-registry';

/** How many requests of each route there were, how they ended and how long they took. */
@Injectable()
export class HttpMetricsMiddleware implements NestMiddleware {
  private readonly duration: Histogram;
  private readonly open: Gauge;

  constructor(@Inject(METRICS_REGISTRY) registry: Registry) {
    this.duration = new Histogram({
      name: 'gan_dashboard_http_request_duration_seconds',
      help: 'Time from the arrival of a request to the end of its answer, streams left out',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers: [registry],
    });
    this.open = new Gauge({
      name: 'gan_dashboard_http_requests_open',
      help: 'Requests that are being answered, streams among them',
      registers: [registry],
    });
  }

  use(request: Request, response: Response, next: NextFunction): void {
    const start = process.hrtime.bigint();
    this.open.inc();
    response.once('close', () => {
      this.open.dec();
      const route = routeOf(request);
      if (streamPath.test(route)) return;
      const labels = { method: request.method, route, status: String(response.statusCode) };
      this.duration.observe(labels, Number(process.hrtime.bigint() - start) / 1e9);
    });
    next();
  }
}
