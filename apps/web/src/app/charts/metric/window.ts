import { firstAtLeast } from './metric-line';
import type { StepRange } from './metric-line';

/**
 * What a chart shows of a run, in steps whatever its x axis. `tail` moves along with the newest `width` steps; `frozen`
 * never moves, and `seen` is the newest step there was when it was chosen.
 */
export type ChartWindow =
  | { readonly mode: 'all' }
  | { readonly mode: 'tail'; readonly width: number }
  | { readonly mode: 'frozen'; readonly from: number; readonly to: number; readonly seen: number };

export const wholeRun: ChartWindow = { mode: 'all' };
/** Of the steps so far, what the live tail shows. */
const tailShare = 0.1;
const leastTail = 20;

/** The steps in sight. New points move it in `all` and `tail`, never in `frozen`. */
export function stepsInSight(window: ChartWindow, extent: StepRange): StepRange {
  if (window.mode === 'frozen') return { from: window.from, to: window.to };
  if (window.mode === 'all') return extent;
  return { from: Math.max(extent.from, extent.to - window.width), to: extent.to };
}

export function tailOf(extent: StepRange): ChartWindow {
  return { mode: 'tail', width: Math.max(leastTail, Math.round((extent.to - extent.from) * tailShare)) };
}

/** Holds on to a range, in whole steps; what is dragged the wrong way round is turned. */
export function frozenAt(range: StepRange, extent: StepRange): ChartWindow {
  const [low, high] = [Math.min(range.from, range.to), Math.max(range.from, range.to)];
  const from = Math.max(extent.from, Math.floor(low));
  return { mode: 'frozen', from, to: Math.max(from + 1, Math.ceil(high)), seen: extent.to };
}

/** Closer by `factor` (above 1) or further away (below), about the step `center`; the whole run where it fits. */
export function zoomed(window: ChartWindow, extent: StepRange, { factor, center }: { factor: number; center: number }) {
  const sight = stepsInSight(window, extent);
  const from = center - (center - sight.from) / factor;
  const to = center + (sight.to - center) / factor;
  if (from <= extent.from && to >= extent.to) return wholeRun;
  if (to - from < 1) return window;
  return frozenAt({ from, to }, extent);
}

/** Moved by a share of its width, no further than the ends of the run. */
export function panned(window: ChartWindow, extent: StepRange, share: number): ChartWindow {
  if (window.mode === 'all') return window;
  const { from, to } = stepsInSight(window, extent);
  const width = to - from;
  const start = Math.min(Math.max(extent.from, from + share * width), Math.max(extent.from, extent.to - width));
  return frozenAt({ from: start, to: start + width }, extent);
}

/** Points that came since the window was frozen. */
export function newSince(window: ChartWindow, steps: readonly number[]): number {
  return window.mode === 'frozen' ? steps.length - firstAtLeast(steps, window.seen + 1) : 0;
}

/** As it stands in an address: `tail-200`, `40-90`; empty for the whole run. */
export function windowText(window: ChartWindow): string | null {
  if (window.mode === 'all') return null;
  return window.mode === 'tail' ? `tail-${window.width}` : `${window.from}-${window.to}`;
}

/** @param newest the newest step of the run when the address was read */
export function windowFrom(text: string | null, newest: number): ChartWindow {
  const [, from = '', to = ''] = /^(tail|\d+)-(\d+)$/.exec(text ?? '') ?? [];
  if (to === '') return wholeRun;
  if (from === 'tail') return { mode: 'tail', width: Math.max(1, Number(to)) };
  return Number(from) < Number(to)
    ? { mode: 'frozen', from: Number(from), to: Number(to), seen: Math.max(newest, 0) }
    : wholeRun;
}
