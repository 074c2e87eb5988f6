import { Injectable } from '@nestjs/common';
import type { NestMiddleware } from '@nestjs/common';
import { SpanKind, SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import type { NextFunction, Request, Response } from 'express';
import { logContext, withLogContext } from '../logging/request-context';
import { routeOf, streamPath } from '../http/route-of';

/**
 * A span for each request, below that of a caller that sends `traceparent` (W3C Trace Context); its log lines carry the
 * trace's id. Streams are left out: they last as long as their clients.
 */
@Injectable()
export class TracingMiddleware implements NestMiddleware {
  use(request: Request, response: Response, next: NextFunction): void {
    // Nest mounts middleware on the whole path.
    if (streamPath.test(request.baseUrl + request.path)) return next();
    const parent = propagation.extract(context.active(), request.headers);
    const span = trace.getTracer('gan-dashboard').startSpan(request.method, { kind: SpanKind.SERVER }, parent);
    if (!span.isRecording()) return next();
    const { request_id: requestId, run_id: runId } = logContext();
    span.setAttributes({
      ...(requestId === undefined ? {} : { 'gan_dashboard.request_id': requestId }),
      ...(runId === undefined ? {} : { 'gan_dashboard.run_id': runId }),
    });
    response.once('close', () => finish(span, request, response));
    const work = () => context.with(trace.setSpan(parent, span), next);
    withLogContext({ trace_id: span.spanContext().traceId }, work);
  }
}

/** Names of the attributes: OpenTelemetry's semantic conventions for HTTP spans. */
function finish(span: Span, request: Request, response: Response): void {
  const route = routeOf(request);
  span.updateName(`${request.method} ${route}`);
  span.setAttributes({
    'http.request.method': request.method,
    'http.route': route,
    'http.response.status_code': response.statusCode,
  });
  if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
