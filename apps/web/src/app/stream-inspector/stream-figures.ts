import type { InspectedMessage } from './inspected-message';

const rateOverMs = 5_000;
const latenciesKept = 1_000;

export interface StreamFigures {
  messages: number;
  bytes: number;
  /** Over the last five seconds. */
  perSecond: number;
  types: readonly { type: string; count: number }[];
  /** Milliseconds; percentiles over the last 1,000 messages that have one. Null before the first. */
  latency: { last: number; p50: number; p95: number } | null;
  /** Places where the numbering of a run jumps. */
  gaps: number;
  /** Messages that came before. */
  repeats: number;
  runs: number;
}

/** Counts what a stream brings. */
export class FigureCounter {
  private messages = 0;
  private bytes = 0;
  private gaps = 0;
  private repeats = 0;
  private readonly types = new Map<string, number>();
  private readonly runs = new Set<string>();
  /** The last place by run and channel. */
  private readonly places = new Map<string, number>();
  private latencies: number[] = [];
  private arrivals: number[] = [];

  add(message: InspectedMessage): void {
    this.messages += 1;
    this.bytes += message.bytes;
    this.types.set(message.type, (this.types.get(message.type) ?? 0) + 1);
    this.arrivals.push(message.at);
    if (message.latencyMs !== null) this.latencies.push(message.latencyMs);
    if (this.latencies.length > 2 * latenciesKept) this.latencies = this.latencies.slice(-latenciesKept);
    if (message.runId !== null) this.runs.add(message.runId);
    this.place(message);
  }

  figures(now: number): StreamFigures {
    this.arrivals = this.arrivals.filter((at) => now - at < rateOverMs);
    return {
      messages: this.messages,
      bytes: this.bytes,
      perSecond: this.arrivals.length / (rateOverMs / 1_000),
      types: [...this.types].map(([type, count]) => ({ type, count })).sort((a, b) => b.count - a.count),
      latency: this.latency(),
      gaps: this.gaps,
      repeats: this.repeats,
      runs: this.runs.size,
    };
  }

  /** Each event names its channel's previous one, so that a gap shows on a stream of one channel too. */
  private place({ runId, seq, prevSeq, channel }: InspectedMessage): void {
    if (runId === null || seq === null || channel === null) return;
    const key = `${runId} ${channel}`;
    const last = this.places.get(key);
    if (last !== undefined && seq <= last) {
      this.repeats += 1;
      return;
    }
    this.places.set(key, seq);
    if (last !== undefined && prevSeq !== null && prevSeq !== last) this.gaps += 1;
  }

  private latency(): StreamFigures['latency'] {
    const recent = this.latencies.slice(-latenciesKept);
    const last = recent.at(-1);
    if (last === undefined) return null;
    const sorted = recent.sort((a, b) => a - b);
    return { last, p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) };
  }
}

/** The nearest rank of sorted values. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
