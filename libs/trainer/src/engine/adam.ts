export interface AdamSettings {
  learningRate: number;
  beta1: number;
  beta2: number;
  /** L2: this share of each parameter is added to its gradient. Absent: 0. */
  weightDecay?: number;
}

/** Keeps the denominator from zero; the value of Kingma and Ba 2015. */
const epsilon = 1e-8;

/** Adam (Kingma and Ba 2015, algorithm 1) on arrays that stay where they are. */
export class Adam {
  readonly firstMoments: Float32Array[];
  readonly secondMoments: Float32Array[];
  /** Updates so far. */
  steps = 0;

  constructor(
    private readonly parameters: readonly Float32Array[],
    private readonly settings: AdamSettings,
  ) {
    this.firstMoments = parameters.map(({ length }) => new Float32Array(length));
    this.secondMoments = parameters.map(({ length }) => new Float32Array(length));
  }

  /**
   * Moves the parameters one step against `gradients`, which are in the order of the parameters.
   *
   * @param rateFactor scales the learning rate of this step
   */
  update(gradients: readonly Float32Array[], rateFactor = 1): void {
    this.steps++;
    this.parameters.forEach((_, index) => {
      this.updateArray(index, gradients[index], rateFactor * this.settings.learningRate);
    });
  }

  private updateArray(index: number, gradient: Float32Array | undefined, learningRate: number): void {
    const [values, first, second] = [this.parameters[index], this.firstMoments[index], this.secondMoments[index]];
    if (!values || !first || !second || gradient?.length !== values.length) {
      throw new RangeError(`gradient ${index} does not fit its parameters`);
    }
    const { beta1, beta2, weightDecay = 0 } = this.settings;
    const rate = (learningRate * Math.sqrt(1 - beta2 ** this.steps)) / (1 - beta1 ** this.steps);
    const scaledEpsilon = epsilon * Math.sqrt(1 - beta2 ** this.steps);
    for (let i = 0; i < values.length; i++) {
      const slope = (gradient[i] as number) + weightDecay * (values[i] as number);
      const mean = beta1 * (first[i] as number) + (1 - beta1) * slope;
      const square = beta2 * (second[i] as number) + (1 - beta2) * slope * slope;
      first[i] = mean;
      second[i] = square;
      values[i] = (values[i] as number) - (rate * mean) / (Math.sqrt(square) + scaledEpsilon);
    }
  }
}
