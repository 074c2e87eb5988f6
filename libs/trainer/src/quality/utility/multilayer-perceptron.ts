import { Random } from '../../random/random';
import { adam } from './adam';
import { sigmoid, softplus, sparseInputs } from './classifier';
import type { Classifier, SparseInputs } from './classifier';
import type { Features } from './features';

export interface PerceptronOptions {
  /** Default 50. */
  hidden?: number;
  /** Default 50. */
  epochs?: number;
  /** Seed of the first weights and of the order of the rows. Default 0. */
  seed?: number;
}

const BATCH = 200;
const PENALTY = 1e-4;
/** Ends when the loss fell by less than 1e-4 in each of so many epochs. */
const PATIENCE = 10;

/** The parameters in one array: hidden weights [inputs, hidden], hidden biases, output weights, output bias. */
interface Network {
  hidden: number;
  inputs: number;
  parameters: Float64Array;
}

/**
 * A perceptron with one hidden layer of rectifiers, log loss, Adam (Kingma and Ba 2015; 1e-3) in batches of 200 and
 * weights first drawn after Glorot and Bengio 2010: scikit-learn's `MLPClassifier((50,), max_iter=50)`.
 */
export function trainPerceptron(
  features: Features,
  labels: Uint8Array,
  { hidden = 50, epochs = 50, seed = 0 }: PerceptronOptions = {},
): Classifier {
  const inputs = sparseInputs(features);
  const network = initialNetwork(inputs.width, hidden, Random.of(seed, 'perceptron'));
  const optimiser = adam(network.parameters, { penalty: PENALTY });
  let best = Number.POSITIVE_INFINITY;
  let idle = 0;
  for (let epoch = 0; epoch < epochs && idle < PATIENCE; epoch++) {
    const order = Random.of(seed, 'perceptron order', epoch).permutation(labels.length);
    let loss = 0;
    for (let start = 0; start < order.length; start += BATCH) {
      const gradient = new Float64Array(network.parameters.length);
      const batch = order.subarray(start, start + BATCH);
      for (const row of batch) loss += backPropagate(network, gradient, { inputs, row, label: labels[row] ?? 0 });
      optimiser(gradient, batch.length);
    }
    idle = loss / labels.length > best - 1e-4 ? idle + 1 : 0;
    best = Math.min(best, loss / labels.length);
  }
  const rank = (given: Features): Float64Array => {
    const rows = sparseInputs(given);
    const active = new Float64Array(hidden);
    return Float64Array.from({ length: given.rowCount }, (_, row) => forward(network, rows, row, active));
  };
  return { predict: (given) => Uint8Array.from(rank(given), (logit) => (logit > 0 ? 1 : 0)), rank };
}

function initialNetwork(inputs: number, hidden: number, random: Random): Network {
  const parameters = new Float64Array(inputs * hidden + 2 * hidden + 1);
  const bound = (from: number, to: number): number => Math.sqrt(6 / (from + to));
  const first = bound(inputs, hidden);
  const last = bound(hidden, 1);
  for (let i = 0; i < parameters.length; i++) {
    parameters[i] = (2 * random.uniform() - 1) * (i < (inputs + 1) * hidden ? first : last);
  }
  return { hidden, inputs, parameters };
}

/** The logit of a row; `active` takes what the hidden units give. */
function forward(
  { hidden, inputs, parameters }: Network,
  rows: SparseInputs,
  row: number,
  active: Float64Array,
): number {
  const biases = inputs * hidden;
  for (let h = 0; h < hidden; h++) active[h] = parameters[biases + h] ?? 0;
  for (let place = row * rows.slots; place < (row + 1) * rows.slots; place++) {
    const weights = (rows.index[place] ?? 0) * hidden;
    const value = rows.value[place] ?? 0;
    for (let h = 0; h < hidden; h++) active[h] = (active[h] ?? 0) + value * (parameters[weights + h] ?? 0);
  }
  const output = biases + hidden;
  let logit = parameters[output + hidden] ?? 0;
  for (let h = 0; h < hidden; h++) {
    const activity = Math.max(0, active[h] ?? 0);
    active[h] = activity;
    logit += activity * (parameters[output + h] ?? 0);
  }
  return logit;
}

/** Adds the gradient of a row's log loss and returns that loss. */
function backPropagate(
  network: Network,
  gradient: Float64Array,
  { inputs: rows, row, label }: { inputs: SparseInputs; row: number; label: number },
): number {
  const { hidden, inputs, parameters } = network;
  const active = new Float64Array(hidden);
  const logit = forward(network, rows, row, active);
  const error = sigmoid(logit) - label;
  const biases = inputs * hidden;
  const output = biases + hidden;
  gradient[output + hidden] = (gradient[output + hidden] ?? 0) + error;
  for (let h = 0; h < hidden; h++) {
    const activity = active[h] ?? 0;
    gradient[output + h] = (gradient[output + h] ?? 0) + error * activity;
    // From here on the array holds the error of each hidden unit.
    active[h] = activity > 0 ? error * (parameters[output + h] ?? 0) : 0;
    gradient[biases + h] = (gradient[biases + h] ?? 0) + (active[h] ?? 0);
  }
  for (let place = row * rows.slots; place < (row + 1) * rows.slots; place++) {
    const weights = (rows.index[place] ?? 0) * hidden;
    const value = rows.value[place] ?? 0;
    for (let h = 0; h < hidden; h++) gradient[weights + h] = (gradient[weights + h] ?? 0) + value * (active[h] ?? 0);
  }
  return softplus(logit) - label * logit;
}
