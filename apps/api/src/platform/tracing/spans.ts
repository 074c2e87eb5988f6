import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import { withoutSecrets } from '../logging/app-logger';

/** Costs next to nothing while no collector is set: the spans are then empty objects. */
function tracer() {
  return trace.getTracer('gan-dashboard');
}

/** A span around `work`, below the one that is under way; an error is told and goes on. */
export function traced<Result>(name: string, attributes: Attributes, work: () => Promise<Result>): Promise<Result> {
  return tracer().startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      markFailed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A span of a trace of its own, for work that outlives what asked for it. The caller ends it. */
export function beginTrace(name: string, attributes: Attributes): Span {
  return tracer().startSpan(name, { attributes, root: true });
}

/** `Error` as the status of a span, with the message of what went wrong. */
export function markFailed(span: Span, error: unknown): void {
  const message = withoutSecrets(error instanceof Error ? error.message : String(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
