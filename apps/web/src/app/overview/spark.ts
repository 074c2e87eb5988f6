/** Lines in a box of 100 x 30, drawn without axes: only the shape counts. */
export const sparkWidth = 100;
export const sparkHeight = 30;
const margin = 2;
/** More points than the picture has pixels are of no use. */
const mostPoints = 160;

export interface SparkSeries {
  readonly step: readonly number[];
  readonly value: readonly number[];
}

/**
 * SVG paths of series on one common scale. NaN and the infinities are gaps. Where there are more points than can be
 * seen, each bucket of steps shows its lowest and highest one, so that no spike is lost.
 */
export function sparkPaths(series: readonly SparkSeries[]): string[] {
  const finite = series.flatMap(({ value }) => value.filter(Number.isFinite));
  const steps = series.flatMap(({ step }) => [step[0], step.at(-1)].filter((end) => end !== undefined));
  if (finite.length === 0) return series.map(() => '');
  const [low, high] = extent(finite);
  const [first, last] = extent(steps);
  const x = (step: number) => (last === first ? sparkWidth : ((step - first) / (last - first)) * sparkWidth);
  const room = sparkHeight - 2 * margin;
  const y = (value: number) => (high === low ? sparkHeight / 2 : margin + (1 - (value - low) / (high - low)) * room);
  return series.map((one) => pathOf(thinned(one), x, y));
}

function extent(values: readonly number[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function pathOf({ step, value }: SparkSeries, x: (step: number) => number, y: (value: number) => number): string {
  let isDown = false;
  return step
    .map((at, index) => {
      const here = value[index] ?? NaN;
      if (!Number.isFinite(here)) {
        isDown = false;
        return '';
      }
      const command = isDown ? 'L' : 'M';
      isDown = true;
      return `${command}${x(at).toFixed(1)} ${y(here).toFixed(1)}`;
    })
    .join('');
}

function thinned({ step, value }: SparkSeries): SparkSeries {
  if (step.length <= mostPoints) return { step, value };
  const size = Math.ceil(step.length / (mostPoints / 2));
  const kept: number[] = [];
  for (let from = 0; from < step.length; from += size) kept.push(...extremes(value, from, from + size));
  return { step: kept.map((index) => step[index] ?? 0), value: kept.map((index) => value[index] ?? NaN) };
}

/** Places of the lowest and the highest value of a bucket, in their order; one that is not finite stands for all. */
function extremes(value: readonly number[], from: number, to: number): number[] {
  let low = from;
  let high = from;
  for (let index = from; index < Math.min(to, value.length); index += 1) {
    const here = value[index] ?? NaN;
    if (!Number.isFinite(here)) return [index];
    if (here < (value[low] ?? NaN)) low = index;
    if (here > (value[high] ?? NaN)) high = index;
  }
  return low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
}
