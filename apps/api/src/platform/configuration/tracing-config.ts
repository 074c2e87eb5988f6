import { z } from 'zod';

/** Names and meanings are those of the OpenTelemetry specification, "Environment Variable Specification". */
export interface TracingConfig {
  /** Base URL of a collector that takes OTLP over HTTP; undefined: nothing is traced. */
  readonly endpoint: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** Share of the traces that begin here and are kept, 0 to 1; a caller that traces decides for its own. */
  readonly sampleRatio: number;
}

const header = '[A-Za-z0-9-]+=[^,]*';

export const tracingShape = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .string()
    .regex(/^https?:\/\/\S+$/, 'must look like http://collector.example.com:4318')
    .optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .regex(new RegExp(`^${header}(,${header})*$`), 'must look like name=value,name=value')
    .optional(),
  OTEL_SERVICE_NAME: z.string().min(1).max(200).default('gan-dashboard'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
};
type TracingValues = z.infer<z.ZodObject<typeof tracingShape>>;

export function tracingOf(values: TracingValues): TracingConfig {
  const pairs = values.OTEL_EXPORTER_OTLP_HEADERS?.split(',').map((pair) => pair.split(/=(.*)/s)) ?? [];
  return {
    endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/+$/, ''),
    headers: Object.fromEntries(pairs.map(([name = '', value = '']) => [name, decodeURIComponent(value)])),
    serviceName: values.OTEL_SERVICE_NAME,
    sampleRatio: values.OTEL_TRACES_SAMPLER_ARG,
  };
}
