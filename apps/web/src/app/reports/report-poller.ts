import { DestroyRef, inject } from '@angular/core';

/** Reports are not on the stream: what is not done is looked at this often. */
const pollMs = 1_500;

/** Calls `load` again while it says that something is under way, until the component is gone. */
export class ReportPoller {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isGone = false;

  /** In an injection context. @param load true: look again */
  constructor(private readonly load: () => Promise<boolean>) {
    inject(DestroyRef).onDestroy(() => {
      this.isGone = true;
      clearTimeout(this.timer);
    });
  }

  async now(): Promise<void> {
    clearTimeout(this.timer);
    const isUnderWay = await this.load();
    if (isUnderWay && !this.isGone) this.timer = setTimeout(() => void this.now(), pollMs);
  }
}
