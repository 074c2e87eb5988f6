/**
 * A seeded stream of random numbers, the same on every machine: Mulberry32 (Tommy Ettinger, 2017), 32 bits of state.
 * Enough for sample data; for nothing that must not be guessed.
 */
export class Random {
  private state: number;
  private spare: number | undefined;

  /** @param stream tells apart streams of one seed, so that adding draws to one leaves the others as they are. */
  constructor(seed: number, stream = 0) {
    this.state = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) >>> 0;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** Standard normal, by Box and Muller (1958). */
  normal(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Number of failures before the first success; `mean` of them on average. */
  geometric(mean: number): number {
    const success = 1 / (1 + mean);
    return Math.floor(Math.log(1 - this.uniform()) / Math.log(1 - success));
  }
}
