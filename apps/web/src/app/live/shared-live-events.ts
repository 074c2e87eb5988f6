import { DOCUMENT, DestroyRef, Injectable, InjectionToken, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { EventMessage } from '@gan-dashboard/shared-types';
import { Subject, fromEvent } from 'rxjs';
import { browserEnvironment } from './connection-environment';
import { EventConnection } from './event-connection';
import { LeaderLink, leaderEnvironment } from './leader-link';
import { LiveEvents } from './live-events';
import type { ConnectionState, Sharing } from './live-events';
import type { LinkOptions, LinkReport, LiveLink, OpenLink } from './live-link';
import type { Connect, Health, LiveCommand, LiveReport } from './live-report';
import { openOwnLink } from './own-link';
import { SequenceTracker } from './sequence-tracker';
import { openWorkerLink, startSharedWorker } from './worker-link';

const connect: Connect = (start, report) => new EventConnection(start, browserEnvironment, report);

/** The ways to the one connection of this browser, the best one first; the last works everywhere. */
export const LIVE_LINKS = new InjectionToken<readonly OpenLink[]>('ways to the connection', {
  factory: () => [
    (options) => openWorkerLink(options, startSharedWorker),
    async (options) => Promise.resolve(new LeaderLink(options, leaderEnvironment(connect))),
    async (options) => Promise.resolve(openOwnLink(options, connect)),
  ],
});

/**
 * What this page sees of the connection that all pages of the browser share. It proves for itself, by the numbering,
 * that it missed nothing on the whole way from the server's log.
 */
@Injectable()
export class SharedLiveEvents extends LiveEvents {
  private readonly links = inject(LIVE_LINKS);
  private readonly document = inject(DOCUMENT);
  private readonly destroyRef = inject(DestroyRef);

  override readonly state = signal<ConnectionState>({ kind: 'connecting' });
  override readonly lastHeardAt = signal<number | null>(null);
  override readonly delayMs = signal<number | null>(null);
  override readonly missedCount = signal(0);
  override readonly sharing = signal<Sharing | null>(null);
  override readonly messages = new Subject<EventMessage>();
  override readonly resync = new Subject<void>();

  private readonly sequences = new SequenceTracker();
  private cursor: string | null = null;
  private flowingSince: number | null = null;
  private link: LiveLink | null = null;
  /** Rises with each way that is opened: what an earlier one still says is not listened to. */
  private opening = 0;
  private isStarted = false;

  override start(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    this.followDevice();
    this.destroyRef.onDestroy(() => this.leave());
    void this.open(this.links);
  }

  override reconnectNow(): void {
    this.link?.send({ kind: 'reconnect' });
  }

  private async open(ways: readonly OpenLink[]): Promise<void> {
    const opening = ++this.opening;
    for (const way of ways) {
      try {
        const link = await way(this.options(opening, () => void this.open(ways.filter((other) => other !== way))));
        if (opening === this.opening) this.link = link;
        else link.close();
        return;
      } catch (error) {
        if (opening !== this.opening) return;
        console.info('Live events take another way', error);
      }
    }
  }

  private options(opening: number, lost: () => void): LinkOptions {
    return {
      baseUrl: new URL('.', this.document.baseURI).href,
      isVisible: () => this.document.visibilityState === 'visible',
      seen: () => ({ cursor: this.cursor, seen: this.sequences.entries() }),
      report: (report) => {
        if (opening === this.opening) this.receive(report);
      },
      lost: () => {
        if (opening !== this.opening) return;
        this.link?.close();
        this.link = null;
        lost();
      },
    };
  }

  private leave(): void {
    this.opening += 1;
    this.link?.close();
    this.link = null;
  }

  private receive(report: LinkReport): void {
    switch (report.kind) {
      case 'welcome':
        this.flowingSince = null;
        return this.show(report.health);
      case 'health':
        return this.show(report.health);
      case 'sharing':
        return this.sharing.set(report.sharing);
      case 'replay_gap':
        return this.resync.next();
      case 'heard':
        return this.hear(report);
    }
  }

  private show({ state, flowingSince, lastHeardAt, delayMs }: Health): void {
    this.state.set(state);
    this.lastHeardAt.set(lastHeardAt);
    this.delayMs.set(delayMs);
    const hasBroken = flowingSince !== null && flowingSince !== this.flowingSince;
    this.flowingSince = flowingSince;
    // The first time too: the page may have read its history before events began to flow.
    if (hasBroken) this.resync.next();
  }

  private hear(report: Extract<LiveReport, { kind: 'heard' }>): void {
    this.cursor = report.cursor;
    this.lastHeardAt.set(report.at);
    if (report.delayMs !== null) this.delayMs.set(report.delayMs + Math.max(0, Date.now() - report.at));
    if (report.message) this.deliver(report.message);
  }

  private deliver(message: EventMessage): void {
    const place = this.sequences.place(message);
    if (!place.isNew) return;
    this.messages.next(message);
    if (place.missed === 0) return;
    this.missedCount.update((count) => count + place.missed);
    this.resync.next();
  }

  private followDevice(): void {
    const { defaultView: window } = this.document;
    if (!window) return;
    const send = (command: LiveCommand) => this.link?.send(command);
    const ended = () => takeUntilDestroyed<Event>(this.destroyRef);
    fromEvent(window, 'online')
      .pipe(ended())
      .subscribe(() => send({ kind: 'recover' }));
    fromEvent(this.document, 'visibilitychange')
      .pipe(ended())
      .subscribe(() => {
        const isVisible = this.document.visibilityState === 'visible';
        send({ kind: 'visibility', isVisible });
        if (isVisible) send({ kind: 'recover' });
      });
    fromEvent(window, 'pagehide')
      .pipe(ended())
      .subscribe(() => this.leave());
    // Back from the browser's page cache, which keeps pages as they were left.
    fromEvent<PageTransitionEvent>(window, 'pageshow')
      .pipe(takeUntilDestroyed(this.destroyRef))
      .subscribe((event) => {
        if (event.persisted) void this.open(this.links);
      });
  }
}
