import { DOCUMENT, DestroyRef, Injectable, InjectionToken, inject, signal } from '@angular/core';
import type { EventMessage } from '@gan-dashboard/shared-types';
import { Subject, fromEvent } from 'rxjs';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { backoffMs } from './backoff';
import { LiveEvents } from './live-events';
import type { ConnectionState } from './live-events';
import { FrameParser } from './parse-frame';
import { SequenceTracker } from './sequence-tracker';

/** The part of EventSource that is used, so that a test can stand in for it. */
export type EventSourceLike = Pick<EventSource, 'onopen' | 'onmessage' | 'onerror' | 'close'>;
export const OPEN_EVENT_SOURCE = new InjectionToken<(url: string) => EventSourceLike>('opens an EventSource', {
  factory: () => (url: string) => new EventSource(url),
});

/** The server speaks at least every 15 s (heartbeat); three missed ones mean that the connection is dead. */
const silenceLimitMs = 45_000;
const watchEveryMs = 5_000;
/** A timer that comes this late was suspended: the device slept and the connection is gone. */
const sleepMs = 30_000;

/** One EventSource over all channels; it reconnects by itself and resumes at its cursor. */
@Injectable()
export class EventSourceLiveEvents extends LiveEvents {
  private readonly open = inject(OPEN_EVENT_SOURCE);
  private readonly document = inject(DOCUMENT);
  private readonly destroyRef = inject(DestroyRef);

  override readonly state = signal<ConnectionState>({ kind: 'connecting' });
  override readonly lastHeardAt = signal<number | null>(null);
  override readonly delayMs = signal<number | null>(null);
  override readonly missedCount = signal(0);
  override readonly messages = new Subject<EventMessage>();
  override readonly resync = new Subject<void>();

  private readonly frames = new FrameParser();
  private readonly sequences = new SequenceTracker();
  private source: EventSourceLike | null = null;
  private cursor: string | null = null;
  private attempt = 0;
  private hasBeenLive = false;
  private aliveAt = 0;
  private watchedAt = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private isStarted = false;

  override start(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    this.watchedAt = Date.now();
    const watchdog = setInterval(() => this.watch(), watchEveryMs);
    this.destroyRef.onDestroy(() => {
      clearInterval(watchdog);
      this.disconnect();
    });
    this.followDevice();
    this.connect();
  }

  override reconnectNow(): void {
    this.attempt = Math.max(this.attempt, 1);
    this.state.set({ kind: 'reconnecting', attempt: this.attempt, retryAt: null });
    this.connect();
  }

  private connect(): void {
    this.disconnect();
    this.aliveAt = Date.now();
    const source = this.open(this.url());
    source.onopen = () => this.opened();
    source.onmessage = (event: MessageEvent<string>) => this.receive(event);
    source.onerror = () => this.failed();
    this.source = source;
  }

  private url(): string {
    const url = new URL('events', this.document.baseURI);
    url.searchParams.set('channels', 'training,progress,logs');
    if (this.cursor !== null) url.searchParams.set('last_event_id', this.cursor);
    return url.href;
  }

  private disconnect(): void {
    clearTimeout(this.retryTimer);
    if (!this.source) return;
    this.source.onopen = this.source.onmessage = this.source.onerror = null;
    this.source.close();
    this.source = null;
  }

  private opened(): void {
    this.aliveAt = Date.now();
    this.state.set({ kind: 'live' });
    if (this.hasBeenLive) this.resync.next();
    this.hasBeenLive = true;
  }

  /** The native retry waits a fixed 3 s and gives up on an error status; this one does neither. */
  private failed(): void {
    this.disconnect();
    const delay = backoffMs(this.attempt, Math.random());
    this.attempt += 1;
    const retryAt = Date.now() + delay;
    const isOnline = this.document.defaultView?.navigator.onLine ?? true;
    this.state.set(isOnline ? { kind: 'reconnecting', attempt: this.attempt, retryAt } : { kind: 'offline', retryAt });
    this.retryTimer = setTimeout(() => this.reconnectNow(), delay);
  }

  private receive(event: MessageEvent<string>): void {
    const now = Date.now();
    this.aliveAt = now;
    this.attempt = 0;
    this.lastHeardAt.set(now);
    if (event.lastEventId !== '') this.cursor = event.lastEventId;
    const frame = this.frames.parse(event.data);
    if (frame.kind === 'replay_gap') this.resync.next();
    if (frame.kind !== 'message') return;
    this.delayMs.set(now - Date.parse(frame.message.timestamp));
    this.deliver(frame.message);
  }

  private deliver(message: EventMessage): void {
    if (message.type === 'heartbeat') {
      this.cursor = message.data.last_event_id ?? this.cursor;
      return;
    }
    const place = this.sequences.place(message);
    if (!place.isNew) return;
    this.messages.next(message);
    if (place.missed === 0) return;
    this.missedCount.update((count) => count + place.missed);
    this.resync.next();
  }

  private watch(): void {
    const now = Date.now();
    const hasSlept = now - this.watchedAt > sleepMs;
    this.watchedAt = now;
    if (this.source && (hasSlept || now - this.aliveAt > silenceLimitMs)) this.reconnectNow();
  }

  /** Back on the network or in sight: no reason to wait for the timer. A healthy connection stays. */
  private followDevice(): void {
    const window = this.document.defaultView;
    if (!window) return;
    const recover = () => {
      const isHealthy = this.state().kind === 'live' && Date.now() - this.aliveAt < silenceLimitMs / 2;
      if (!isHealthy) this.reconnectNow();
    };
    const ended = takeUntilDestroyed<Event>(this.destroyRef);
    fromEvent(window, 'online').pipe(ended).subscribe(recover);
    fromEvent(this.document, 'visibilitychange')
      .pipe(takeUntilDestroyed(this.destroyRef))
      .subscribe(() => {
        if (this.document.visibilityState === 'visible') recover();
      });
  }
}
