/** Gives the loss at a point and writes its gradient. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

interface Step {
  move: Float64Array;
  change: Float64Array;
  /** Their scalar product, above 0. */
  curvature: number;
}

const MEMORY = 10;

/**
 * Minimises a smooth function from the origin: L-BFGS (Nocedal 1980) with ten remembered steps and step lengths
 * halved until the loss falls enough (Armijo). Ends after `iterations` or where the gradient is below 1e-4.
 */
export function minimise(objective: Objective, width: number, iterations: number): Float64Array {
  let point = new Float64Array(width);
  let gradient = new Float64Array(width);
  let loss = objective(point, gradient);
  const steps: Step[] = [];
  for (let i = 0; i < iterations; i++) {
    if (gradient.every((slope) => Math.abs(slope) < 1e-4)) break;
    const direction = descent(gradient, steps);
    const slope = dot(direction, gradient);
    // The first step has no scale yet: one of unit length.
    let length = i === 0 ? 1 / Math.sqrt(dot(gradient, gradient)) : 1;
    const nextGradient = new Float64Array(width);
    let next = advance(point, direction, length);
    let nextLoss = objective(next, nextGradient);
    for (let halvings = 0; nextLoss > loss + 1e-4 * length * slope && halvings < 30; halvings++) {
      length /= 2;
      next = advance(point, direction, length);
      nextLoss = objective(next, nextGradient);
    }
    if (!(nextLoss < loss)) break;
    remember(steps, advance(next, point, -1), advance(nextGradient, gradient, -1));
    [point, gradient, loss] = [next, nextGradient, nextLoss];
  }
  return point;
}

/** The two loops of L-BFGS: minus the inverse Hessian's estimate times the gradient. */
function descent(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  let direction = gradient.map((slope) => -slope);
  const shares: number[] = [];
  for (const { move, change, curvature } of [...steps].reverse()) {
    const share = dot(move, direction) / curvature;
    shares.push(share);
    direction = advance(direction, change, -share);
  }
  const last = steps.at(-1);
  if (last) {
    const scale = last.curvature / dot(last.change, last.change);
    direction = direction.map((each) => each * scale);
  }
  for (const { move, change, curvature } of steps) {
    direction = advance(direction, move, (shares.pop() ?? 0) - dot(change, direction) / curvature);
  }
  return direction;
}

function remember(steps: Step[], move: Float64Array, change: Float64Array): void {
  const curvature = dot(move, change);
  if (curvature <= 1e-12) return;
  steps.push({ move, change, curvature });
  if (steps.length > MEMORY) steps.shift();
}

function advance(from: Float64Array, direction: Float64Array, length: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(from, (value, i) => value + length * (direction[i] ?? 0));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
