import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { filter, map, merge } from 'rxjs';
import type { Observable } from 'rxjs';
import { DatabaseSession } from '../platform/database/database-session';

const channel = 'run_event';
/** At most 50 rings a second: a notification takes a lock that all commits of the server share. */
const restMs = 20;

/**
 * Tells the other processes that the log has grown. Rings go out after the commit, on a connection of their own,
 * many events to one ring; they carry no data, and one that is lost costs nothing but the wait for the next poll.
 */
@Injectable()
export class EventDoorbell implements OnApplicationShutdown {
  /** Somebody else has written, or may have while this process could not hear. */
  readonly rung: Observable<void>;
  private readonly me = randomUUID();
  private ringTimer: NodeJS.Timeout | undefined;
  private lastRing = -Infinity;
  private isRinging = false;
  private isAskedAgain = false;
  private isStopped = false;

  constructor(private readonly session: DatabaseSession) {
    session.listen(channel);
    const others = session.notifications.pipe(
      filter((notification) => notification.channel === channel && notification.payload !== this.me),
      map(() => undefined),
    );
    this.rung = merge(others, session.connected);
  }

  onApplicationShutdown(): void {
    this.isStopped = true;
    clearTimeout(this.ringTimer);
  }

  /** To be called when a batch is on disk. */
  announce(): void {
    if (this.ringTimer || this.isStopped) return;
    if (this.isRinging) {
      this.isAskedAgain = true;
      return;
    }
    const wait = Math.max(0, this.lastRing + restMs - performance.now());
    this.ringTimer = setTimeout(() => void this.ring(), wait);
  }

  /** One ring at a time: the session runs one statement after the other. */
  private async ring(): Promise<void> {
    this.ringTimer = undefined;
    this.lastRing = performance.now();
    this.isRinging = true;
    await this.session.notify(channel, this.me);
    this.isRinging = false;
    if (!this.isAskedAgain) return;
    this.isAskedAgain = false;
    this.announce();
  }
}
