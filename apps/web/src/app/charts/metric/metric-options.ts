import type { ChartOptions } from 'chart.js';
import { tickText } from '../line-options';
import { axisTitles } from './axis';
import type { XAxis } from './axis';
import { positionText } from './chart-words';

export interface MetricStyle {
  text: string;
  grid: string;
  axis: XAxis;
  isLog: boolean;
  x: { min: number; max: number };
  y: { min: number; max: number } | null;
}

const font = { family: "'Inter Variable', system-ui, sans-serif", size: 11 };

/** Nothing moves by itself, and neither tooltip nor hover: the crosshair and the legend say the values. */
export function metricOptions({ text, grid, axis, isLog, x, y }: MetricStyle): ChartOptions<'line'> {
  const ticks = { color: text, font, maxRotation: 0, autoSkipPadding: 18 };
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    parsing: false,
    normalized: true,
    spanGaps: false,
    events: [],
    layout: { padding: { right: 6 } },
    elements: { line: { borderJoinStyle: 'round' } },
    scales: {
      x: {
        type: 'linear',
        min: x.min,
        max: x.max,
        grid: { display: false },
        border: { color: grid },
        title: { display: true, text: axisTitles[axis], color: text, font, padding: 0 },
        ticks: { ...ticks, includeBounds: false, callback: (value) => positionText(axis, Number(value)) },
      },
      y: {
        type: isLog ? 'logarithmic' : 'linear',
        ...(y === null ? {} : { min: y.min, max: y.max }),
        grid: { color: grid },
        border: { display: false },
        ticks: { ...ticks, maxTicksLimit: 6, callback: (value) => tickText(Number(value)) },
      },
    },
    plugins: { tooltip: { enabled: false } },
  };
}
