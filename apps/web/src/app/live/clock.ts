import { DestroyRef, Injectable, inject, signal } from '@angular/core';

/** The present second, for ages and countdowns. Milliseconds since 1970. */
@Injectable({ providedIn: 'root' })
export class Clock {
  private readonly ticks = signal(Date.now());
  readonly now = this.ticks.asReadonly();

  constructor() {
    const timer = setInterval(() => this.ticks.set(Date.now()), 1_000);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}
