/**
 * Visits each of many items once a period, a part of them at each turn: one timer for all, and no burst of work when
 * ten thousand are due.
 */
export class Wheel<Item> {
  private readonly slots: Set<Item>[];
  private timer: NodeJS.Timeout | undefined;
  private turn = 0;
  private added = 0;

  constructor(
    private readonly options: { periodMs: number; slots: number; visit: (items: ReadonlySet<Item>) => void },
  ) {
    this.slots = Array.from({ length: options.slots }, () => new Set<Item>());
  }

  get size(): number {
    return this.slots.reduce((sum, slot) => sum + slot.size, 0);
  }

  start(): void {
    this.timer = setInterval(() => this.advance(), this.options.periodMs / this.slots.length);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** @returns what takes the item off again. */
  add(item: Item): () => void {
    const slot = this.slots[this.added++ % this.slots.length];
    slot?.add(item);
    return () => slot?.delete(item);
  }

  items(): Item[] {
    return this.slots.flatMap((slot) => [...slot]);
  }

  private advance(): void {
    const slot = this.slots[this.turn++ % this.slots.length];
    if (slot && slot.size > 0) this.options.visit(slot);
  }
}
