/** Injection token of the process's `Registry` of prom-client; names begin with `gan_dashboard_`. */
export const METRICS_REGISTRY = Symbol('METRICS_REGISTRY');
