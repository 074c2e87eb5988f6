import type { HealthAlert, HealthVerdict, QualityUpdate } from '@gan-dashboard/shared-types';
import type { MetricWindows } from './metric-windows';

/** What a rule has seen. */
export interface Finding {
  message: string;
  numbers: Record<string, number>;
}

export interface Signals {
  windows: MetricWindows;
  /** Oldest first. */
  measured: readonly QualityUpdate[];
}

export interface HealthRule {
  verdict: HealthVerdict;
  severity: HealthAlert['severity'];
  /** When the verdict is given, in words. */
  rule: string;
  find(signals: Signals): Finding | undefined;
  advice(config: Readonly<Record<string, unknown>>): string[];
}

export const notFiniteRule: HealthRule = {
  verdict: 'not_finite',
  severity: 'error',
  rule: 'a metric of a step is NaN or infinite',
  find: () => undefined,
  advice: () => [],
};
export const balanced: HealthRule = {
  verdict: 'balanced',
  severity: 'ok',
  rule: 'no other rule applies',
  find: () => ({ message: 'No sign of trouble.', numbers: {} }),
  advice: () => [],
};
export const rules: readonly HealthRule[] = [];
