import type { GanShape } from '../gan-shape';
import { padded } from './arena';
import { Parameters } from './parameters';
import { lastOf } from './last-of';

/** One hidden layer. Offsets are floats from the start of the network's parameters. */
export interface HiddenLayer {
  units: number;
  width: number;
  /** First column of its output in the matrix of all inputs. */
  column: number;
  /** First column of its input, and how many columns that is. */
  inputColumn: number;
  inputWidth: number;
  weight: number;
  /** Weights of the conditions; undefined where this layer does not see them. */
  conditionWeight: number | undefined;
  /** Gamma, followed by beta, or the bias. */
  scale: number;
  /** Floats from the start of the running statistics. */
  running: number;
}

/**
 * The generator's parameters and the way a batch goes through it.
 *
 * Outputs of all layers and the noise stand side by side in one matrix, `[rows, last layer … first layer, noise]`:
 * what a residual layer sees (its predecessor's output concatenated with its predecessor's input) is a run of adjacent
 * columns. Conditions are one-hot, so their part of a product is a row of the weights. A linear layer before a batch
 * norm has no bias: the norm would take it out again.
 */
export class GeneratorNetwork {
  readonly parameters = new Parameters();
  readonly layers: HiddenLayer[] = [];
  /** Names of the running statistics, with their places and lengths. */
  readonly running: { name: string; offset: number; length: number }[] = [];
  readonly rowWidth: number;
  readonly noiseColumn: number;
  readonly inputStride: number;
  readonly categories: number;
  readonly output: { weight: number; conditionWeight: number | undefined; bias: number; inputWidth: number };
  runningSize = 0;

  constructor(
    readonly shape: GanShape,
    categories: number,
  ) {
    const { layers } = shape.generator;
    this.categories = categories;
    this.rowWidth = padded(shape.layout.width);
    this.noiseColumn = layers.reduce((sum, units) => sum + padded(units), 0);
    this.inputStride = this.noiseColumn + padded(shape.latentDim);
    let column = this.noiseColumn;
    layers.forEach((units, index) => {
      column -= padded(units);
      this.addLayer(units, index, column);
    });
    this.output = this.addOutput();
  }

  get lastLayer(): HiddenLayer {
    return lastOf(this.layers);
  }

  get isResidual(): boolean {
    return this.shape.generator.kind === 'residual';
  }

  /** Rows of each segment of the weights of layer `index`: what it sees, the conditions last. */
  private segments(index: number): { rows: number[]; hasConditions: boolean } {
    const { layers } = this.shape.generator;
    const hasConditions = this.categories > 0 && (this.isResidual || index === 0);
    const inputs = this.isResidual
      ? [...layers.slice(0, index).reverse(), this.shape.latentDim]
      : [layers[index - 1] ?? this.shape.latentDim];
    return { rows: hasConditions ? [...inputs, this.categories] : inputs, hasConditions };
  }

  private input(index: number): { inputColumn: number; inputWidth: number } {
    const before = this.layers[index - 1];
    if (!before) return { inputColumn: this.noiseColumn, inputWidth: padded(this.shape.latentDim) };
    const inputWidth = this.isResidual ? this.inputStride - before.column : before.width;
    return { inputColumn: before.column, inputWidth };
  }

  private addLayer(units: number, index: number, column: number): void {
    const { rows, hasConditions } = this.segments(index);
    const name = `hidden.${index}`;
    const offsets = this.parameters.matrix(`${name}.weight`, rows, units);
    const width = padded(units);
    const scale = this.isResidual
      ? this.parameters.vector(`${name}.gamma`, units)
      : this.parameters.vector(`${name}.bias`, units);
    const running = this.runningSize;
    if (this.isResidual) {
      this.parameters.vector(`${name}.beta`, units);
      this.running.push({ name: `${name}.mean`, offset: running, length: units });
      this.running.push({ name: `${name}.variance`, offset: running + width, length: units });
      this.runningSize += 2 * width;
    }
    this.layers.push({
      ...{ units, width, column, scale, running },
      ...this.input(index),
      weight: offsets[0] as number,
      conditionWeight: hasConditions ? lastOf(offsets) : undefined,
    });
  }

  private addOutput(): GeneratorNetwork['output'] {
    const count = this.shape.generator.layers.length;
    const { rows, hasConditions } = this.segments(count);
    const offsets = this.parameters.matrix('output.weight', rows, this.shape.layout.width);
    return {
      weight: offsets[0] as number,
      conditionWeight: hasConditions ? lastOf(offsets) : undefined,
      bias: this.parameters.vector('output.bias', this.shape.layout.width),
      inputWidth: this.input(count).inputWidth,
    };
  }
}
