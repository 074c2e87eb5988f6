/** One metric over steps: arrays of one length. Times in milliseconds since 1970; epoch 0 where none is counted. */
export interface Points {
  steps: Float64Array;
  times: Float64Array;
  epochs: Float64Array;
  values: Float64Array;
}

export function emptyPoints(count = 0): Points {
  return {
    steps: new Float64Array(count),
    times: new Float64Array(count),
    epochs: new Float64Array(count),
    values: new Float64Array(count),
  };
}

/** The points between two positions; `end` is not included. The arrays are shared, not copied. */
export function slicePoints(points: Points, start: number, end: number): Points {
  return {
    steps: points.steps.subarray(start, end),
    times: points.times.subarray(start, end),
    epochs: points.epochs.subarray(start, end),
    values: points.values.subarray(start, end),
  };
}

/** Points in the order of their steps. Of several at one step the one that was written last counts. */
export function mergePoints(written: readonly Points[]): Points {
  const all = joinPoints(written);
  if (rises(all.steps)) return all;
  const order = Uint32Array.from(all.steps.keys());
  order.sort((a, b) => (all.steps[a] as number) - (all.steps[b] as number) || a - b);
  const isLast = (position: number) =>
    position + 1 === order.length || all.steps[order[position] as number] !== all.steps[order[position + 1] as number];
  const kept = order.filter((_, position) => isLast(position));
  const merged = emptyPoints(kept.length);
  for (const [to, from] of kept.entries()) {
    merged.steps[to] = all.steps[from] as number;
    merged.times[to] = all.times[from] as number;
    merged.epochs[to] = all.epochs[from] as number;
    merged.values[to] = all.values[from] as number;
  }
  return merged;
}

function joinPoints(parts: readonly Points[]): Points {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const all = emptyPoints(parts.reduce((count, { steps }) => count + steps.length, 0));
  let at = 0;
  for (const part of parts) {
    all.steps.set(part.steps, at);
    all.times.set(part.times, at);
    all.epochs.set(part.epochs, at);
    all.values.set(part.values, at);
    at += part.steps.length;
  }
  return all;
}

function rises(steps: Float64Array): boolean {
  for (let index = 1; index < steps.length; index++) {
    if ((steps[index] as number) <= (steps[index - 1] as number)) return false;
  }
  return true;
}

/** Of points in the order of their steps: those from one step to another, both included. */
export function pointsWithin(points: Points, from: number, to: number): Points {
  return slicePoints(points, firstAtLeast(points.steps, from), firstAtLeast(points.steps, to + 1));
}

/** Position of the first step that is not below `step`. */
export function firstAtLeast(steps: Float64Array, step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle] as number) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}
