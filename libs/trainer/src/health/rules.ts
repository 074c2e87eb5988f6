import type { HealthAlert, HealthVerdict } from '@gan-dashboard/shared-types';
import { generatorWins, discriminatorWins } from './balance-rules';
import { memorising, modeCollapse } from './row-rules';
import type { Signals } from './signals';
import { diverging, oscillating } from './stability-rules';

/** What a rule has seen. */
export interface Finding {
  message: string;
  numbers: Record<string, number>;
}

export interface HealthRule {
  verdict: HealthVerdict;
  severity: HealthAlert['severity'];
  /** When the verdict is given, in words. */
  rule: string;
  find(signals: Signals): Finding | undefined;
  /** What to try, the most likely first; it names the settings of the run. */
  advice(config: Readonly<Record<string, unknown>>): string[];
}

export const notFinite: HealthRule = {
  verdict: 'not_finite',
  severity: 'error',
  rule: 'A metric of a step is NaN or infinite.',
  find: () => undefined,
  advice: (config) => [
    `Lower ${learningRates(config)}.`,
    'Resume from the last checkpoint with these settings: fork it.',
    'Look for columns with extreme values, and exclude them or read them as categories.',
  ],
};

export const balanced: HealthRule = {
  verdict: 'balanced',
  severity: 'ok',
  rule: 'None of the rules of the other verdicts applies.',
  find: ({ measured }) => {
    const overall = measured.at(-1)?.scores.overall?.value;
    return { message: 'No sign of trouble.', numbers: overall === undefined ? {} : { quality_overall: overall } };
  },
  advice: () => [],
};

/** The first that applies is the verdict: causes before what follows from them. */
export const rules: readonly HealthRule[] = [
  diverging,
  generatorWins,
  modeCollapse,
  discriminatorWins,
  memorising,
  oscillating,
];

/** The learning rates of a run with their values, for advice. */
export function learningRates(config: Readonly<Record<string, unknown>>, part = ''): string {
  const found = Object.entries(config).filter(([name]) => name.endsWith('learning_rate') && name.includes(part));
  return found.map(([name, value]) => `${name} (now ${String(value)})`).join(' and ') || 'the learning rates';
}

/** The name that the model gives to what judges the rows. */
export function judge(config: Readonly<Record<string, unknown>>): 'critic' | 'discriminator' {
  return 'discriminator_learning_rate' in config ? 'discriminator' : 'critic';
}
