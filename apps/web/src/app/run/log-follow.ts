import { signal } from '@angular/core';

/** Closer to the end than this counts as being there: about one line. */
const nearEndPx = 24;

/** Whether a log keeps to its end. It lets go when the reader scrolls up and holds on again at the end. */
export class LogFollow {
  private readonly following = signal(true);
  private readonly unseenLines = signal(0);
  readonly isFollowing = this.following.asReadonly();
  /** Lines that came since the reader let go. */
  readonly unseen = this.unseenLines.asReadonly();
  private lastTop = 0;
  private lastLine = 0;

  /**
   * `top` and `distance` (to the end) in pixels. Growing content never moves `top` back, so a smaller one is the
   * reader. The first pixel counts: a wheel scrolls smoothly, and would never get far from an end that is jumped to
   * with each new line.
   */
  scrolled(top: number, distance: number): void {
    if (top < this.lastTop && distance >= 1) this.letGo();
    else if (top > this.lastTop && distance <= nearEndPx) this.hold();
    this.lastTop = top;
  }

  /** The log itself was moved to `top`; the scroll event that follows is not the reader's. */
  moved(top: number): void {
    this.lastTop = top;
  }

  /** The reader has begun to scroll up. */
  letGo(): void {
    this.following.set(false);
  }

  /** `line` is the number of the newest line. */
  appended(line: number): void {
    const added = line - this.lastLine;
    this.lastLine = line;
    if (!this.following() && added > 0) this.unseenLines.update((count) => count + added);
  }

  hold(): void {
    this.following.set(true);
    this.unseenLines.set(0);
  }

  /** Another log. */
  reset(): void {
    this.hold();
    this.lastTop = 0;
    this.lastLine = 0;
  }
}
