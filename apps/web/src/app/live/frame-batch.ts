/** A hidden tab draws no frames; its messages are still taken in, at this pace. */
const hiddenPaceMs = 500;

/** Collects what comes in and hands it over once per animation frame, so that a burst is one redraw. */
export class FrameBatch<Item> {
  private items: Item[] = [];
  private cancel: (() => void) | null = null;

  constructor(private readonly flush: (items: readonly Item[]) => void) {}

  push(item: Item): void {
    this.items.push(item);
    this.cancel ??= schedule(() => this.handOver());
  }

  /** Forgets what was not handed over. */
  clear(): void {
    this.cancel?.();
    this.cancel = null;
    this.items = [];
  }

  private handOver(): void {
    const items = this.items;
    this.cancel = null;
    this.items = [];
    this.flush(items);
  }
}

function schedule(task: () => void): () => void {
  // Both are set: a tab that gets hidden in between would otherwise wait for a frame that never comes.
  const done = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  const run = () => {
    done();
    task();
  };
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, hiddenPaceMs);
  return done;
}
