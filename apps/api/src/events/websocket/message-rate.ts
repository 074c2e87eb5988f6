/** Allows bursts of `burst` messages, and `burst` in each period in the long run. */
export class MessageRate {
  private tokens: number;
  private last: number;

  constructor(
    private readonly limit: { burst: number; periodMs: number },
    now: number,
  ) {
    this.tokens = limit.burst;
    this.last = now;
  }

  /** Counts a message that has arrived at `now`, in ms. @returns whether it is within the rate. */
  allows(now: number): boolean {
    const { burst, periodMs } = this.limit;
    this.tokens = Math.min(burst, this.tokens + ((now - this.last) * burst) / periodMs);
    this.last = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
