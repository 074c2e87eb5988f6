import { toWireNumber } from '@gan-dashboard/shared-types';
import type { HealthAlert, HealthVerdict, QualityUpdate } from '@gan-dashboard/shared-types';
import { MetricWindows } from './metric-windows';
import { balanced, notFinite, rules } from './rules';
import type { Finding, HealthRule } from './rules';
import { Signals } from './signals';

/** Judgements in a row before a verdict is given, and before one is taken back. */
const toGive = 2;
const toTakeBack = 3;
/** Windows of ten steps before anything is said of the players. */
const warmUp = 6;

interface Place {
  epoch: number;
  step: number;
}

/** Watches a training by its metrics and its quality, and gives a verdict: again only when it changes. */
export class HealthMonitor {
  private readonly windows = new MetricWindows();
  private readonly measured: QualityUpdate[] = [];
  private current: HealthRule | undefined;
  private candidate: { rule: HealthRule; times: number } | undefined;

  /** @param config the settings of the run, which the advice names */
  constructor(private readonly config: Readonly<Record<string, unknown>>) {}

  step(metrics: Record<string, number>): void {
    this.windows.add(metrics);
  }

  quality(update: QualityUpdate): void {
    if (update.state === 'measured') this.measured.push(update);
    if (this.measured.length > 200) this.measured.shift();
  }

  /** To be called at the end of an epoch. @returns the verdict where it is another one than before */
  verdict(place: Place): HealthAlert | undefined {
    const signals = new Signals(this.windows, this.measured, this.config);
    if (signals.length < warmUp) return undefined;
    for (const rule of rules) {
      const finding = rule.find(signals);
      if (finding) return this.consider(rule, finding, place);
    }
    return this.consider(balanced, balanced.find(signals), place);
  }

  /** At once: there is no more to come. */
  notFinite(finding: Finding, place: Place): HealthAlert {
    return this.alert(notFinite, finding, place);
  }

  private consider(rule: HealthRule, finding: Finding | undefined, place: Place): HealthAlert | undefined {
    if (!finding || rule === this.current) {
      this.candidate = undefined;
      return undefined;
    }
    const times = this.candidate?.rule === rule ? this.candidate.times + 1 : 1;
    this.candidate = { rule, times };
    const needed = rule === balanced && this.current !== undefined ? toTakeBack : toGive;
    return times < needed ? undefined : this.alert(rule, finding, place);
  }

  private alert(rule: HealthRule, { message, numbers }: Finding, { epoch, step }: Place): HealthAlert {
    const previous: HealthVerdict | undefined = this.current?.verdict;
    this.current = rule;
    this.candidate = undefined;
    return {
      verdict: rule.verdict,
      ...(previous === undefined ? {} : { previous }),
      severity: rule.severity,
      message,
      rule: rule.rule,
      numbers: Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, toWireNumber(value)])),
      advice: rule.advice(this.config),
      epoch,
      step,
    };
  }
}
