import { balancedWeights, sigmoid, softplus, sparseInputs } from './classifier';
import type { Classifier, SparseInputs } from './classifier';
import type { Features } from './features';
import { minimise } from './l-bfgs';

/**
 * Logistic regression with balanced classes: the weighted log loss plus ½ |w|², the intercept unpenalised
 * (scikit-learn's C = 1), in at most `iterations` steps of L-BFGS.
 */
export function trainLogisticRegression(features: Features, labels: Uint8Array, iterations = 50): Classifier {
  const inputs = sparseInputs(features);
  const rowWeights = balancedWeights(labels);
  const loss = (parameters: Float64Array, gradient: Float64Array): number => {
    gradient.set(parameters);
    gradient[inputs.width] = 0;
    let sum = 0;
    for (let i = 0; i < inputs.width; i++) sum += (parameters[i] ?? 0) ** 2 / 2;
    for (let row = 0; row < labels.length; row++) {
      const logit = logitOf(inputs, parameters, row);
      const [label, weight] = [labels[row] ?? 0, rowWeights[row] ?? 0];
      sum += weight * (softplus(logit) - label * logit);
      addRow(inputs, gradient, { row, scale: weight * (sigmoid(logit) - label) });
    }
    return sum;
  };
  const parameters = minimise(loss, inputs.width + 1, iterations);
  const rank = (given: Features): Float64Array => {
    const rows = sparseInputs(given);
    return Float64Array.from({ length: given.rowCount }, (_, row) => logitOf(rows, parameters, row));
  };
  return { predict: (given) => Uint8Array.from(rank(given), (logit) => (logit > 0 ? 1 : 0)), rank };
}

function logitOf({ width, slots, index, value }: SparseInputs, parameters: Float64Array, row: number): number {
  let logit = parameters[width] ?? 0;
  for (let place = row * slots; place < (row + 1) * slots; place++) {
    logit += (parameters[index[place] ?? 0] ?? 0) * (value[place] ?? 0);
  }
  return logit;
}

function addRow(
  { width, slots, index, value }: SparseInputs,
  gradient: Float64Array,
  { row, scale }: { row: number; scale: number },
): void {
  gradient[width] = (gradient[width] ?? 0) + scale;
  for (let place = row * slots; place < (row + 1) * slots; place++) {
    const input = index[place] ?? 0;
    gradient[input] = (gradient[input] ?? 0) + scale * (value[place] ?? 0);
  }
}
