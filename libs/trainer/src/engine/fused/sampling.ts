import { Parameter } from '../../../assembly/layout';
import type { EncodedRows, GanShape, RowLayout } from '../gan-shape';
import type { GeneratorBuffers } from './generator-forward';
import type { GeneratorNetwork } from './generator-network';
import { isNumber } from './hyperparameters';
import type { Runtime } from './runtime';

/** The number of no training update: sampling draws from streams that training never touches. */
const samplingUpdate = 0xffff;

/** What rows are drawn with. */
export interface SampleSource {
  readonly shape: GanShape;
  readonly runtime: Runtime;
  readonly generatorNetwork: GeneratorNetwork;
  readonly generatorBuffers: GeneratorBuffers;
  /** Address of `[rows of the buffers, rowWidth]`: what one chunk gives. */
  readonly sampled: number;
  runSample(): void;
}

export interface SampleOptions {
  /** Names the stream of the noise. */
  seed: number;
  /** Number of the first row in the stream, so that chunks continue each other. Default: 0. */
  first?: number;
  /** For each row the place of the condition vector that is 1, or -1 for none; absent: none. */
  conditions?: Int32Array;
}

/**
 * Encoded rows: numbers in [-1, 1], choices as shares of which the greatest is the chosen one. Works in chunks of one
 * batch; a row depends on its number in the stream and its condition alone.
 *
 * @returns `[rows, layout.width]`
 * @throws RangeError where a condition is not in the condition vector
 */
export function sampleRows(source: SampleSource, rows: number, options: SampleOptions): Float32Array {
  const { width } = source.shape.layout;
  const result = new Float32Array(rows * width);
  forEachSampled(source, rows, options, (row, values) => result.set(values, row * width));
  return result;
}

/** The same rows as they are kept in memory: of each choice the greatest share. */
export function sampleEncodedRows(source: SampleSource, rowCount: number, options: SampleOptions): EncodedRows {
  const { layout } = source.shape;
  const numberSpans = layout.spans.filter(isNumber).length;
  const choiceSpans = layout.spans.length - numberSpans;
  const numbers = new Float32Array(rowCount * numberSpans);
  const choices = new Uint16Array(rowCount * choiceSpans);
  forEachSampled(source, rowCount, options, (row, values) => {
    pickRow(layout, values, {
      numbers: numbers.subarray(row * numberSpans),
      choices: choices.subarray(row * choiceSpans),
    });
  });
  return { rowCount, numbers, choices };
}

function pickRow(
  { spans }: RowLayout,
  values: Float32Array,
  { numbers, choices }: { numbers: Float32Array; choices: Uint16Array },
): void {
  let number = 0;
  let choice = 0;
  for (const span of spans) {
    if (span.kind === 'number') numbers[number++] = values[span.start] as number;
    else choices[choice++] = greatest(values, span.start, span.width);
  }
}

function greatest(values: Float32Array, start: number, width: number): number {
  let best = 0;
  for (let k = 1; k < width; k++) {
    if ((values[start + k] as number) > (values[start + best] as number)) best = k;
  }
  return best;
}

function forEachSampled(
  source: SampleSource,
  rows: number,
  { seed, first = 0, conditions }: SampleOptions,
  visit: (row: number, values: Float32Array) => void,
): void {
  const { runtime, generatorNetwork, generatorBuffers } = source;
  if (conditions && conditions.length !== rows) {
    throw new RangeError(`${conditions.length} conditions were given for ${rows} rows`);
  }
  const { categories, rowWidth } = generatorNetwork;
  if (conditions?.some((category) => category < -1 || category >= categories)) {
    throw new RangeError(`a condition is none of -1 to ${categories - 1}, the places of the condition vector`);
  }
  runtime.setParameter(Parameter.Seed, seed);
  runtime.setParameter(Parameter.Step, 0);
  runtime.setParameter(Parameter.Update, samplingUpdate);
  for (let start = 0; start < rows; start += generatorBuffers.rows) {
    const count = Math.min(generatorBuffers.rows, rows - start);
    runtime.setParameter(Parameter.FirstRow, first + start);
    const given = runtime.integersAt(generatorBuffers.conditions, generatorBuffers.rows).fill(-1);
    if (conditions) given.set(conditions.subarray(start, start + count));
    source.runSample();
    for (let i = 0; i < count; i++) {
      visit(start + i, runtime.floatsAt(source.sampled + 4 * i * rowWidth, source.shape.layout.width));
    }
  }
}
