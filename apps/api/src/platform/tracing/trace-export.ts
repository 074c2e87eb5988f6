import { Logger } from '@nestjs/common';
import { DiagLogLevel, context, diag, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TracingConfig } from '../configuration/tracing-config';

/** A collector that is away must not hold up the end of the process. */
const exportTimeoutMs = 3_000;
const repeatMs = 10 * 60_000;

/** Sends the spans of this process to a collector until the returned function has resolved. */
export function exportTraces(config: TracingConfig & { endpoint: string }, role: string): () => Promise<void> {
  tellOfTrouble();
  const exporter = new OTLPTraceExporter({
    url: `${config.endpoint}/v1/traces`,
    headers: { ...config.headers },
    timeoutMillis: exportTimeoutMs,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': config.serviceName, 'gan_dashboard.role': role }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.sampleRatio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: exportTimeoutMs })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return async () => {
    try {
      await provider.shutdown();
    } finally {
      trace.disable();
      context.disable();
      propagation.disable();
      diag.disable();
    }
  };
}

/** What the exporter cannot do goes to the log, the same at most once in ten minutes. */
function tellOfTrouble(): void {
  const logger = new Logger('Tracing');
  const told = new Map<string, number>();
  const tell = (message: string) => {
    const before = told.get(message);
    if (before !== undefined && Date.now() - before < repeatMs) return;
    told.set(message, Date.now());
    logger.warn(`spans were lost: ${message}`);
  };
  const silent = () => undefined;
  diag.setLogger(
    { error: tell, warn: tell, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
