import { formatClock, formatCount, formatDuration, formatMetric } from '../../design/format';
import type { XAxis } from './axis';
import type { MetricLine, StepRange } from './metric-line';

/** What happened at a step: drawn as a vertical line. */
export interface ChartMark {
  readonly kind: 'checkpoint' | 'alert' | 'pause' | 'sample';
  readonly step: number;
  readonly label: string;
}

export function sameMarks(a: readonly ChartMark[], b: readonly ChartMark[]): boolean {
  return a.length === b.length && a.every(({ kind, step }, at) => kind === b[at]?.kind && step === b[at].step);
}

/** A position of the x axis in words. */
export function positionText(axis: XAxis, x: number): string {
  if (axis === 'wall') return Number.isFinite(x) ? formatClock(new Date(x).toISOString()) : '–';
  return axis === 'relative' ? formatDuration(Math.max(0, x)) : formatCount(Math.round(x));
}

/** A chart in a few sentences, for who can't see it: each line's way, what is missing, and what happened. */
export function chartWords(
  title: string,
  lines: readonly MetricLine[],
  { sight, marks, note }: { sight: StepRange; marks: readonly ChartMark[]; note: string },
): string {
  const ways = lines.flatMap((line) => wayOf(line, sight));
  if (ways.length === 0) return [$localize`${title}\: no value in sight.`, note].join(' ').trim();
  const counted = [...new Set(marks.map(({ kind }) => kind))].map((kind) => {
    const count = marks.filter((mark) => mark.kind === kind).length;
    return `${count} ${kind}${count === 1 ? '' : 's'}`;
  });
  const range = $localize`steps ${formatCount(sight.from)} to ${formatCount(sight.to)}`;
  const happened = counted.length === 0 ? '' : `Marked: ${counted.join(', ')}.`;
  return [`${title}, ${range}. ${ways.join(' ')}`, happened, note].filter((part) => part !== '').join(' ');
}

function wayOf({ label, step, value }: MetricLine, { from, to }: StepRange): string[] {
  const seen = value.filter((_, index) => (step[index] as number) >= from && (step[index] as number) <= to);
  const finite = seen.filter(Number.isFinite);
  const [first, last] = [finite[0], finite.at(-1)];
  if (first === undefined || last === undefined) return [];
  const low = finite.reduce((least, each) => Math.min(least, each), Infinity);
  const high = finite.reduce((most, each) => Math.max(most, each), -Infinity);
  const missing = seen.length - finite.length;
  const gap = missing === 0 ? '' : $localize`, ${missing} not finite`;
  return [
    $localize`${label} went from ${formatMetric(first)} to ${formatMetric(last)}, between ${formatMetric(low)} and ${formatMetric(high)}${gap}.`,
  ];
}

/** The points of a chart as CSV: one row a point, metrics by their names, what is not finite as JSON has it not. */
export function chartCsv(lines: readonly MetricLine[]): string {
  const rows = lines.flatMap((line) =>
    line.step.map((step, index) =>
      [
        quoted(line.label),
        step,
        line.epoch[index],
        new Date(line.time[index] ?? NaN).toISOString(),
        line.value[index],
        line.low[index],
        line.high[index],
      ].join(','),
    ),
  );
  return `${['metric,step,epoch,time,value,min,max', ...rows].join('\r\n')}\r\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
