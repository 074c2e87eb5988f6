import type { Random } from '../../random/random';
import { sigmoid } from '../utility/classifier';

/**
 * A gated recurrent unit (Cho et al. 2014) with one linear output per step, its parameters in one array:
 * reset, update and candidate gates of [inputs + hidden, hidden] weights and [hidden] biases each, then [hidden]
 * output weights and the output bias. The state before the first step is 0.
 */
export interface RecurrentNetwork {
  inputs: number;
  hidden: number;
  parameters: Float64Array;
}

/** What a pass over one sequence leaves for the way back. All are row after row, one row a step. */
export interface RecurrentPass {
  steps: number;
  sequence: Float64Array;
  /** [steps + 1, hidden] */
  states: Float64Array;
  /** [steps, hidden] */
  reset: Float64Array;
  update: Float64Array;
  candidate: Float64Array;
  /** [steps] */
  outputs: Float64Array;
  /** Of the way back. [hidden] derivative by the state, and [3, hidden] by the gates. */
  toState: Float64Array;
  errors: Float64Array;
}

/**
 * Weights drawn after Glorot and Bengio 2010; the biases of the gates start at 1, the others at 0 (as TensorFlow's
 * GRUCell, which TimeGAN uses).
 */
export function recurrentNetwork(inputs: number, hidden: number, random: Random): RecurrentNetwork {
  const gate = (inputs + hidden) * hidden;
  const parameters = new Float64Array(3 * (gate + hidden) + hidden + 1);
  const draw = (from: number, to: number, bound: number): void => {
    for (let i = from; i < to; i++) parameters[i] = (2 * random.uniform() - 1) * bound;
  };
  // TensorFlow draws reset and update as one matrix of 2 x hidden columns.
  const bounds = [2 * hidden, 2 * hidden, hidden].map((columns) => Math.sqrt(6 / (inputs + hidden + columns)));
  bounds.forEach((bound, g) => {
    const start = g * (gate + hidden);
    draw(start, start + gate, bound);
    parameters.fill(g < 2 ? 1 : 0, start + gate, start + gate + hidden);
  });
  const output = 3 * (gate + hidden);
  draw(output, output + hidden, Math.sqrt(6 / (hidden + 1)));
  return { inputs, hidden, parameters };
}

/** Room for passes over sequences of so many steps: used again and again. */
export function recurrentPass({ inputs, hidden }: RecurrentNetwork, steps: number): RecurrentPass {
  return {
    steps,
    sequence: new Float64Array(steps * inputs),
    states: new Float64Array((steps + 1) * hidden),
    reset: new Float64Array(steps * hidden),
    update: new Float64Array(steps * hidden),
    candidate: new Float64Array(steps * hidden),
    outputs: new Float64Array(steps),
    toState: new Float64Array(hidden),
    errors: new Float64Array(3 * hidden),
  };
}

/** Runs over `pass.sequence` [steps, inputs] and fills the rest of the pass. */
export function runForward({ inputs, hidden, parameters }: RecurrentNetwork, pass: RecurrentPass): void {
  const { sequence, states, reset, update, candidate, outputs, steps } = pass;
  const fed = inputs + hidden;
  const gate = (fed + 1) * hidden;
  const output = 3 * gate;
  for (let t = 0; t < steps; t++) {
    const x = t * inputs;
    const at = t * hidden;
    for (let h = 0; h < hidden; h++) {
      let r = parameters[fed * hidden + h] ?? 0;
      let u = parameters[gate + fed * hidden + h] ?? 0;
      for (let i = 0; i < fed; i++) {
        const value = (i < inputs ? sequence[x + i] : states[at + i - inputs]) ?? 0;
        r += value * (parameters[i * hidden + h] ?? 0);
        u += value * (parameters[gate + i * hidden + h] ?? 0);
      }
      reset[at + h] = sigmoid(r);
      update[at + h] = sigmoid(u);
    }
    let logit = parameters[output + hidden] ?? 0;
    for (let h = 0; h < hidden; h++) {
      let c = parameters[2 * gate + fed * hidden + h] ?? 0;
      for (let i = 0; i < inputs; i++) c += (sequence[x + i] ?? 0) * (parameters[2 * gate + i * hidden + h] ?? 0);
      for (let j = 0; j < hidden; j++) {
        const kept = (reset[at + j] ?? 0) * (states[at + j] ?? 0);
        c += kept * (parameters[2 * gate + (inputs + j) * hidden + h] ?? 0);
      }
      const proposed = Math.tanh(c);
      const u = update[at + h] ?? 0;
      const state = u * (states[at + h] ?? 0) + (1 - u) * proposed;
      candidate[at + h] = proposed;
      states[at + hidden + h] = state;
      logit += state * (parameters[output + h] ?? 0);
    }
    outputs[t] = logit;
  }
}

/**
 * Adds the gradient of a loss to `gradient`: backpropagation through time over what `runForward` left.
 *
 * @param slopes [steps] derivative of the loss by each output
 */
export function runBackward(
  network: RecurrentNetwork,
  pass: RecurrentPass,
  slopes: Float64Array,
  gradient: Float64Array,
): void {
  const { inputs, hidden, parameters } = network;
  const { states, reset, update, candidate, toState, errors } = pass;
  const gate = (inputs + hidden + 1) * hidden;
  const output = 3 * gate;
  toState.fill(0);
  for (let t = pass.steps - 1; t >= 0; t--) {
    const at = t * hidden;
    const slope = slopes[t] ?? 0;
    gradient[output + hidden] = (gradient[output + hidden] ?? 0) + slope;
    for (let h = 0; h < hidden; h++) {
      gradient[output + h] = (gradient[output + h] ?? 0) + slope * (states[at + hidden + h] ?? 0);
      const error = (toState[h] ?? 0) + slope * (parameters[output + h] ?? 0);
      const u = update[at + h] ?? 0;
      const c = candidate[at + h] ?? 0;
      // Derivatives by the gates before their squashing functions: reset, update, candidate.
      errors[hidden + h] = error * ((states[at + h] ?? 0) - c) * u * (1 - u);
      errors[2 * hidden + h] = error * (1 - u) * (1 - c * c);
      toState[h] = error * u;
    }
    for (let j = 0; j < hidden; j++) {
      const row = 2 * gate + (inputs + j) * hidden;
      let toKept = 0;
      for (let h = 0; h < hidden; h++) toKept += (parameters[row + h] ?? 0) * (errors[2 * hidden + h] ?? 0);
      const r = reset[at + j] ?? 0;
      errors[j] = toKept * (states[at + j] ?? 0) * r * (1 - r);
      toState[j] = (toState[j] ?? 0) + toKept * r;
    }
    addStep(network, pass, t, gradient);
    for (let j = 0; j < hidden; j++) {
      const row = (inputs + j) * hidden;
      let sum = 0;
      for (let h = 0; h < hidden; h++) {
        sum +=
          (parameters[row + h] ?? 0) * (errors[h] ?? 0) + (parameters[gate + row + h] ?? 0) * (errors[hidden + h] ?? 0);
      }
      toState[j] = (toState[j] ?? 0) + sum;
    }
  }
}

/** The gates' gradients of one step: inputs, states (reset ones for the candidate) and biases. */
function addStep({ inputs, hidden }: RecurrentNetwork, pass: RecurrentPass, t: number, gradient: Float64Array): void {
  const { sequence, states, reset, errors } = pass;
  const fed = inputs + hidden;
  const gate = (fed + 1) * hidden;
  for (let i = 0; i <= fed; i++) {
    const j = t * hidden + i - inputs;
    const value = i === fed ? 1 : ((i < inputs ? sequence[t * inputs + i] : states[j]) ?? 0);
    const kept = i < inputs || i === fed ? value : value * (reset[j] ?? 0);
    const row = i * hidden;
    for (let h = 0; h < hidden; h++) {
      gradient[row + h] = (gradient[row + h] ?? 0) + value * (errors[h] ?? 0);
      gradient[gate + row + h] = (gradient[gate + row + h] ?? 0) + value * (errors[hidden + h] ?? 0);
      gradient[2 * gate + row + h] = (gradient[2 * gate + row + h] ?? 0) + kept * (errors[2 * hidden + h] ?? 0);
    }
  }
}
