import { Injectable, effect, inject, untracked } from '@angular/core';
import { LiveEvents } from '../live/live-events';
import { Session } from './session';

/** Opens the stream once somebody may read it, and asks who is signed in whenever it breaks. */
@Injectable({ providedIn: 'root' })
export class SessionWatch {
  private readonly session = inject(Session);
  private readonly live = inject(LiveEvents);
  private hasStarted = false;

  constructor() {
    effect(() => {
      const signOn = this.session.signOn();
      untracked(() => {
        if (signOn === 'signed-out' || signOn === 'expired' || signOn === 'unknown') return;
        if (this.hasStarted) this.live.reconnectNow();
        else this.live.start();
        this.hasStarted = true;
      });
    });
    effect(() => {
      const { kind } = this.live.state();
      // A session that ends takes its stream along: that is how a page that only watches gets to know.
      if (kind === 'live' || untracked(this.session.signOn) !== 'signed-in') return;
      this.session.look().catch(() => undefined); // Offline: the connection says so.
    });
  }

  /** Asks who is signed in. Where the server does not say, everything goes on as far as it lets. */
  async begin(): Promise<void> {
    try {
      await this.session.look();
    } catch {
      this.hasStarted = true;
      this.live.start();
    }
  }
}
