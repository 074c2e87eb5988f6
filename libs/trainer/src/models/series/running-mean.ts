/** A running mean of parameters that forgets its beginning: while few steps are done, it keeps less of the past. */
export class RunningMean {
  readonly values: Float32Array[];

  /** @param keep share that each step keeps, in [0, 1) */
  constructor(
    private readonly parameters: readonly Float32Array[],
    private readonly keep: number,
  ) {
    this.values = parameters.map((array) => array.slice());
  }

  /** @param done updates of the parameters so far */
  add(done: number): void {
    const kept = Math.min(this.keep, done / (done + 10));
    this.parameters.forEach((current, index) => {
      const mean = this.values[index];
      if (!mean) return;
      for (let i = 0; i < current.length; i++) {
        mean[i] = kept * (mean[i] as number) + (1 - kept) * (current[i] as number);
      }
    });
  }
}
