import { businessDayFrom, nextBusinessDay } from './business-days';
import { Random } from './random';

export const orderBookLevelCount = 5;
/** Cash Treasury notes trade in eighths of a 32nd: 1/256 of a point. */
export const tick = 1 / 256;

const snapshotMs = 10_000;
const sessionStartMs = 13 * 3_600_000;
const snapshotsPerSession = (8 * 3_600_000) / snapshotMs;
const firstDay = Date.UTC(2024, 0, 2);

/** GARCH(1,1) of the mid price's step, in ticks: strongly persistent, as intraday volatility is. */
const garch = { constant: 0.02, shock: 0.08, persistence: 0.9 };
const fairPrice = 99.5;
const reversion = 0.002;

/**
 * Snapshots of a US Treasury order book, five levels a side, as CSV lines with a header.
 *
 * The mid price reverts to a slowly moving fair value (Ornstein-Uhlenbeck) with steps of clustering volatility
 * (GARCH(1,1), Bollerslev 1986); spread and gaps widen and sizes shrink when volatility is high; log sizes are
 * autocorrelated and grow with depth. Prices lie on the tick grid, every bid below every ask, levels in order.
 */
export function* treasuryOrderBook(options: { rows: number; seed: number }): Generator<string> {
  yield header();
  const book = new OrderBook(options.seed);
  let day = businessDayFrom(firstDay);
  for (let row = 0; row < options.rows; row++) {
    const inSession = row % snapshotsPerSession;
    if (row > 0 && inSession === 0) day = nextBusinessDay(day);
    const time = new Date(day + sessionStartMs + inSession * snapshotMs).toISOString();
    yield `${time.slice(0, 10)} ${time.slice(11, 19)},${book.next()}\n`;
  }
}

function header(): string {
  const names = ['timestamp'];
  for (let level = 1; level <= orderBookLevelCount; level++) {
    names.push(`bid_price_${level}`, `bid_size_${level}`, `ask_price_${level}`, `ask_size_${level}`);
  }
  return `${names.join(',')}\n`;
}

class OrderBook {
  private readonly prices: Random;
  private readonly gaps: Random;
  private readonly volumes: Random;
  /** In ticks. */
  private fair = fairPrice / tick;
  private mid = fairPrice / tick;
  private variance = garch.constant / (1 - garch.shock - garch.persistence);
  private lastStep = 0;
  private imbalance = 0;
  private depth = 0;

  constructor(seed: number) {
    this.prices = new Random(seed, 0);
    this.gaps = new Random(seed, 1);
    this.volumes = new Random(seed, 2);
  }

  /** The fields of the next snapshot, level by level. */
  next(): string {
    const volatility = this.move();
    const halfSpread = 0.5 * (1 + this.gaps.geometric(0.35 * volatility));
    let bid = Math.floor(this.mid - halfSpread + 0.5);
    let ask = Math.max(bid + 1, Math.ceil(this.mid + halfSpread - 0.5));
    this.depth = 0.97 * this.depth + 0.08 * this.volumes.normal();
    this.imbalance = 0.9 * this.imbalance + 0.2 * this.volumes.normal();
    const fields: (number | string)[] = [];
    for (let level = 0; level < orderBookLevelCount; level++) {
      if (level > 0) {
        bid -= 1 + this.gaps.geometric(0.15 * volatility);
        ask += 1 + this.gaps.geometric(0.15 * volatility);
      }
      fields.push(bid * tick, this.size(level, volatility, 1), ask * tick, this.size(level, volatility, -1));
    }
    return fields.join(',');
  }

  /** Moves the mid price by one step. @returns the step's volatility relative to its long-run level. */
  private move(): number {
    const { constant, shock, persistence } = garch;
    this.variance = constant + shock * this.lastStep ** 2 + persistence * this.variance;
    this.lastStep = Math.sqrt(this.variance) * this.prices.normal();
    // Fair value itself comes back to par over days, so that long tables stay in a realistic range.
    this.fair += 0.8 * this.prices.normal() - 0.0001 * (this.fair - fairPrice / tick);
    this.mid += this.lastStep - reversion * (this.mid - this.fair);
    return Math.sqrt(this.variance * ((1 - shock - persistence) / constant));
  }

  /** Thousands of dollars of face value; `side` is 1 for bids and -1 for asks. */
  private size(level: number, volatility: number, side: 1 | -1): number {
    const mean = Math.log(2_000 * (1 + 0.9 * level)) - 0.5 * (volatility - 1);
    const logSize = mean + this.depth + side * this.imbalance + 0.35 * this.volumes.normal();
    return Math.max(1, Math.round(Math.exp(logSize)));
  }
}
