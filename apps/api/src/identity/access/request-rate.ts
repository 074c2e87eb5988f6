import { ProblemException } from '../../platform/http/problem';

interface Allowance {
  left: number;
  at: number;
}

const minuteMs = 60_000;
const mostKnown = 10_000;

/**
 * How many requests somebody may send: a bucket of a minute's worth that fills again all the time, so that a page which
 * loads much at once is no offence. Kept in memory: each process counts what it serves.
 */
export class RequestRate {
  private readonly allowances = new Map<string, Allowance>();

  /** @param perMinute 0: there is no limit */
  constructor(private readonly perMinute: number) {}

  /**
   * @param now in ms
   * @throws ProblemException 429 with the seconds to wait
   */
  count(who: string, now: number): void {
    if (this.perMinute === 0) return;
    const known = this.allowances.get(who) ?? { left: this.perMinute, at: now };
    const left = Math.min(this.perMinute, known.left + ((now - known.at) / minuteMs) * this.perMinute);
    if (this.allowances.size >= mostKnown) this.forgetIdle(now);
    this.allowances.set(who, { left: Math.max(0, left - 1), at: now });
    if (left >= 1) return;
    const seconds = Math.max(1, Math.ceil(((1 - left) / this.perMinute) * 60));
    throw new ProblemException(
      429,
      `More than ${this.perMinute} requests in a minute (RATE_LIMIT_PER_MINUTE). Try again in ${seconds} s.`,
    );
  }

  private forgetIdle(now: number): void {
    for (const [who, { at }] of this.allowances) if (now - at >= minuteMs) this.allowances.delete(who);
    if (this.allowances.size >= mostKnown) this.allowances.clear();
  }
}
