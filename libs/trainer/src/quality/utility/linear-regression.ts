import { sparseInputs } from './classifier';
import type { SparseInputs } from './classifier';
import type { Features } from './features';
import { minimise } from './l-bfgs';

/**
 * Ridge regression: ½ Σ residual² + ½ |w|² of a target scaled to deviation 1, the intercept unpenalised, in at most
 * `iterations` steps of L-BFGS.
 *
 * @param targets [rows]
 * @returns predictions of rows
 */
export function trainLinearRegression(
  features: Features,
  targets: Float64Array,
  iterations = 100,
): (features: Features) => Float64Array {
  const inputs = sparseInputs(features);
  const { mean, deviation } = momentsOf(targets);
  const loss = (parameters: Float64Array, gradient: Float64Array): number => {
    gradient.set(parameters);
    gradient[inputs.width] = 0;
    let sum = 0;
    for (let i = 0; i < inputs.width; i++) sum += (parameters[i] ?? 0) ** 2 / 2;
    for (let row = 0; row < targets.length; row++) {
      const residual = answerOf(inputs, parameters, row) - ((targets[row] ?? 0) - mean) / deviation;
      sum += residual ** 2 / 2;
      gradient[inputs.width] = (gradient[inputs.width] ?? 0) + residual;
      for (let place = row * inputs.slots; place < (row + 1) * inputs.slots; place++) {
        const input = inputs.index[place] ?? 0;
        gradient[input] = (gradient[input] ?? 0) + residual * (inputs.value[place] ?? 0);
      }
    }
    return sum;
  };
  const parameters = minimise(loss, inputs.width + 1, iterations);
  return (given) => {
    const rows = sparseInputs(given);
    return Float64Array.from(
      { length: given.rowCount },
      (_, row) => mean + deviation * answerOf(rows, parameters, row),
    );
  };
}

function answerOf({ width, slots, index, value }: SparseInputs, parameters: Float64Array, row: number): number {
  let answer = parameters[width] ?? 0;
  for (let place = row * slots; place < (row + 1) * slots; place++) {
    answer += (parameters[index[place] ?? 0] ?? 0) * (value[place] ?? 0);
  }
  return answer;
}

function momentsOf(values: Float64Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}
