import type { ChartOptions, TooltipItem } from 'chart.js';
import { formatCount, formatMetric } from '../design/format';

export interface LineStyle {
  text: string;
  grid: string;
  surface: string;
  border: string;
  ink: string;
  xTitle: string;
  /** Too many lines for a tooltip over all of them: it says the nearest alone. */
  isCrowded: boolean;
  /** Says an x position in words; absent: the number itself. */
  xLabel: (x: number) => string;
}

const font = { family: "'Inter Variable', system-ui, sans-serif", size: 11 };

/** Options of every line chart of the page: no animation, no parsing, a tooltip over all lines of one x. */
export function lineOptions(style: LineStyle): ChartOptions<'line'> {
  const ticks = { color: style.text, font, maxRotation: 0, autoSkipPadding: 18 };
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    parsing: false,
    normalized: true,
    spanGaps: false,
    interaction: { mode: style.isCrowded ? 'nearest' : 'index', intersect: false },
    layout: { padding: { right: 6 } },
    elements: { line: { borderWidth: 1.7, borderJoinStyle: 'round' } },
    scales: {
      x: {
        type: 'linear',
        bounds: 'data',
        grid: { display: false },
        border: { color: style.grid },
        title: { display: style.xTitle !== '', text: style.xTitle, color: style.text, font, padding: 0 },
        ticks: { ...ticks, precision: 0, includeBounds: false, callback: (value) => style.xLabel(Number(value)) },
      },
      y: {
        grid: { color: style.grid },
        border: { display: false },
        ticks: { ...ticks, maxTicksLimit: 6, callback: (value) => tickText(Number(value)) },
      },
    },
    plugins: { tooltip: tooltip(style) },
  };
}

function tooltip(style: LineStyle) {
  return {
    backgroundColor: style.surface,
    borderColor: style.border,
    borderWidth: 1,
    titleColor: style.ink,
    bodyColor: style.ink,
    titleFont: { ...font, weight: 600 as const },
    bodyFont: font,
    boxWidth: 8,
    boxHeight: 8,
    boxPadding: 4,
    callbacks: {
      title: (items: TooltipItem<'line'>[]) => {
        const x = items[0]?.parsed.x;
        return x === undefined || x === null ? '' : `${style.xTitle} ${style.xLabel(x)}`.trim();
      },
      label: (item: TooltipItem<'line'>) => ` ${item.dataset.label ?? ''}  ${formatMetric(item.parsed.y)}`,
    },
  };
}

/** A value at an axis: short, and with an exponent where it is very small or large. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1);
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(5)));
}
