import type { Span } from '../../data/layout';
import type { Random } from '../../random/random';

/**
 * The output heads of the generator, from its last linear layer to an encoded row:
 * tanh for a number; Gumbel-softmax (Jang et al. 2017) with a temperature for categories; for a number that may be
 * missing, tanh times the soft presence, so that a missing value is 0 in generated rows as it is in real ones.
 *
 * They run on typed arrays: many short groups of unequal width cost less in one loop than as tensor operations.
 */
export interface HeadInput {
  /** `[rows, width]`: what the last layer gave. */
  logits: Float32Array;
  width: number;
  spans: readonly Span[];
  temperature: number;
}

export interface HeadOutput {
  /** `[rows, width]`: encoded rows. */
  rows: Float32Array;
  /** `[rows, width]`: tanh of each number before it was multiplied by its presence; elsewhere 0. */
  numbers: Float32Array;
}

/** @param random gives the Gumbel noise: `argmax` of a group draws from the softmax of its logits */
export function applyHeads(input: HeadInput, random: Random): HeadOutput {
  const { logits, width, spans, temperature } = input;
  const rows = new Float32Array(logits.length);
  const numbers = new Float32Array(logits.length);
  for (let offset = 0; offset < logits.length; offset += width) {
    for (const { kind, start, width: places } of spans) {
      const first = offset + start;
      if (kind === 'category') {
        gumbelSoftmax(logits, rows, { first, places, temperature }, random);
        continue;
      }
      const number = Math.tanh(logits[first] as number);
      numbers[first] = number;
      rows[first] = number;
      if (kind === 'number') continue;
      gumbelSoftmax(logits, rows, { first: first + 1, places: 2, temperature }, random);
      rows[first] = number * (rows[first + 1] as number);
    }
  }
  return { rows, numbers };
}

interface Group {
  first: number;
  places: number;
  temperature: number;
}

function gumbelSoftmax(logits: Float32Array, rows: Float32Array, group: Group, random: Random): void {
  const { first, places, temperature } = group;
  const end = first + places;
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = first; i < end; i++) {
    const noisy = ((logits[i] as number) + random.gumbel()) / temperature;
    rows[i] = noisy;
    if (noisy > largest) largest = noisy;
  }
  let sum = 0;
  for (let i = first; i < end; i++) {
    const weight = Math.exp((rows[i] as number) - largest);
    rows[i] = weight;
    sum += weight;
  }
  for (let i = first; i < end; i++) rows[i] = (rows[i] as number) / sum;
}

/**
 * The gradient of a loss for the logits, from its gradient for the rows.
 *
 * @param gradient `[rows, width]`: of the loss for the encoded rows
 */
export function headGradient(input: HeadInput, output: HeadOutput, gradient: Float32Array): Float32Array {
  const { width, spans, temperature } = input;
  const { rows, numbers } = output;
  const result = new Float32Array(gradient.length);
  for (let offset = 0; offset < gradient.length; offset += width) {
    for (const { kind, start, width: places } of spans) {
      const first = offset + start;
      if (kind === 'category') {
        softmaxGradient(rows, gradient, result, { first, places, temperature });
        continue;
      }
      const number = numbers[first] as number;
      const slope = gradient[first] as number;
      const presence = kind === 'number' ? 1 : (rows[first + 1] as number);
      result[first] = slope * presence * (1 - number * number);
      if (kind === 'number') continue;
      // The presence also scales the number: its own gradient gains slope · number.
      const present = gradient[first + 1] as number;
      gradient[first + 1] = present + slope * number;
      softmaxGradient(rows, gradient, result, { first: first + 1, places: 2, temperature });
      gradient[first + 1] = present;
    }
  }
  return result;
}

function softmaxGradient(rows: Float32Array, gradient: Float32Array, result: Float32Array, group: Group): void {
  const { first, places, temperature } = group;
  const end = first + places;
  let mean = 0;
  for (let i = first; i < end; i++) mean += (rows[i] as number) * (gradient[i] as number);
  for (let i = first; i < end; i++) {
    result[i] = ((rows[i] as number) * ((gradient[i] as number) - mean)) / temperature;
  }
}
