import type { Signal } from '@angular/core';
import type { EventMessage } from '@gan-dashboard/shared-types';
import type { Observable } from 'rxjs';

/** How the page is joined to the stream of events. Times are milliseconds since 1970, by this device's clock. */
export type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  /** `retryAt` is null while an attempt is under way. */
  | { kind: 'reconnecting'; attempt: number; retryAt: number | null }
  | { kind: 'offline'; retryAt: number | null }
  /**
   * Something between server and browser blocks the stream: what happens is asked for instead. `silent`: the stream
   * opens and nothing comes; `refused`: it can't be opened.
   */
  | { kind: 'polling'; everyMs: number; reason: 'silent' | 'refused' };

/** Who holds the one connection of this browser. `tabs` counts the open pages that share it. */
export type Sharing =
  | { kind: 'worker'; tabs: number }
  /** This tab holds it and relays to the others. */
  | { kind: 'leading' }
  | { kind: 'following' }
  /** Each tab has its own: the browser offers no way to share. */
  | { kind: 'alone' };

/**
 * What is happening on the server, as it happens: every message of every run that the user may see, each
 * once and in order of its run. How many connections carry them, and in which tab, is not visible here.
 */
export abstract class LiveEvents {
  abstract readonly state: Signal<ConnectionState>;
  /** When the last message or heartbeat came; null before the first. */
  abstract readonly lastHeardAt: Signal<number | null>;
  /** This device's clock minus the timestamp of the last message, in milliseconds; null before the first. */
  abstract readonly delayMs: Signal<number | null>;
  /** Messages that the numbering proved missing; each loss is followed by `resync`. */
  abstract readonly missedCount: Signal<number>;
  /** Null until it is settled. */
  abstract readonly sharing: Signal<Sharing | null>;
  abstract readonly messages: Observable<EventMessage>;
  /** Messages may have been lost (a reconnect, a gap): whoever shows history reads it again. */
  abstract readonly resync: Observable<void>;
  /** Opens the connection; further calls do nothing. */
  abstract start(): void;
  /** Drops the connection and opens it at once. */
  abstract reconnectNow(): void;
}
