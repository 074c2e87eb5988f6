import { xAxes } from './axis';
import type { XAxis } from './axis';

/** How the charts of a run are drawn: what is chosen once for all of them. */
export interface ChartView {
  readonly axis: XAxis;
  /** Weight of the moving average, 0 to 0.999. */
  readonly smoothing: number;
  readonly isLog: boolean;
  /** Values outside of 5 to 95 % are cut off, and said to be. */
  readonly cutsOutliers: boolean;
  /** Crosshair and zoom of all charts go together. */
  readonly isLinked: boolean;
}

export const plainView: ChartView = {
  axis: 'step',
  smoothing: 0,
  isLog: false,
  cutsOutliers: false,
  isLinked: true,
};
export const strongestSmoothing = 0.999;

interface Query {
  get(name: string): string | null;
}

/** Reads a view out of an address; what it does not say, or says wrongly, is as in `plain`. */
export function viewFrom(query: Query, plain: ChartView = plainView): ChartView {
  const smoothing = Number(query.get('smooth') ?? plain.smoothing);
  return {
    axis: xAxes.find((axis) => axis === query.get('x')) ?? plain.axis,
    smoothing: smoothing >= 0 && smoothing <= strongestSmoothing ? smoothing : plain.smoothing,
    isLog: query.get('log') === '1',
    cutsOutliers: query.get('outliers') === 'cut',
    isLinked: query.get('link') !== 'off',
  };
}

/** The parts of an address that say the view; null takes one away. */
export function queryOf(view: ChartView, plain: ChartView = plainView): Record<string, string | null> {
  return {
    x: view.axis === plain.axis ? null : view.axis,
    smooth: view.smoothing === plain.smoothing ? null : String(view.smoothing),
    log: view.isLog ? '1' : null,
    outliers: view.cutsOutliers ? 'cut' : null,
    link: view.isLinked ? null : 'off',
  };
}
