import type { MetricLine } from '../../charts/metric/metric-line';
import { noPoints } from '../metric-points';
import type { MetricPoints } from '../metric-points';

export interface ChartPlan {
  readonly id: string;
  readonly title: string;
  readonly names: readonly string[];
}

const colors: Readonly<Record<string, string>> = {
  generator_loss: 'generator',
  discriminator_loss: 'discriminator',
  real_scores: 'real',
  fake_scores: 'fake',
};
const labels: Readonly<Record<string, string>> = {
  generator_loss: $localize`Generator`,
  discriminator_loss: $localize`Discriminator`,
  real_scores: $localize`Real`,
  fake_scores: $localize`Fake`,
};
/** What the machine did has a tab of its own; scores of the quality are drawn between floor and ceiling. */
const elsewhere = /^(quality_|cpu_|memory_|worker_|gpu\d|disk_|read_|written_)/;

/** The charts of a run: losses and scores first, then every other metric that was reported, by its name. */
export function chartPlans(names: readonly string[]): ChartPlan[] {
  const others = names.filter((name) => !(name in colors) && !elsewhere.test(name)).toSorted();
  return [
    { id: 'losses', title: $localize`Losses`, names: ['generator_loss', 'discriminator_loss'] },
    { id: 'scores', title: $localize`Scores`, names: ['real_scores', 'fake_scores'] },
    ...others.map((name) => ({ id: name, title: sentence(name), names: [name] })),
  ];
}

export function lineOf(name: string, points: MetricPoints = noPoints(name)): MetricLine {
  const color = `var(--gd-${colors[name] ?? 'series-1'})`;
  return { ...points, label: labels[name] ?? sentence(name), color };
}

function sentence(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
