const shortestRestMs = 2;

/**
 * Decides how long a feed rests after a write before it writes again. Each write costs a system call for every client,
 * so that waiting pays as soon as it gathers several publications into one; when it gathers none, it only delays. The
 * rest therefore doubles after a write that carried several publications, and halves after one that carried a single
 * one: a quiet feed writes at once, a busy one at most every `longestMs`.
 */
export class FlushPacer {
  private restMs = 0;
  private gathered = 0;
  private newest: number | undefined;

  constructor(private readonly longestMs: number) {}

  /** Least time between two writes, in ms. */
  get rest(): number {
    return this.restMs;
  }

  /** To be told of each frame; frames that were published together bear the same number. */
  arrived(publication: number): void {
    if (publication === this.newest) return;
    this.newest = publication;
    this.gathered++;
  }

  written(): void {
    if (this.gathered > 1) this.restMs = Math.min(this.longestMs, Math.max(shortestRestMs, this.restMs * 2));
    else this.restMs = this.restMs / 2 < shortestRestMs ? 0 : this.restMs / 2;
    this.gathered = 0;
  }
}
