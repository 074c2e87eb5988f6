import type { EventMessage } from '@gan-dashboard/shared-types';
import type { ConnectionState } from './live-events';

/** What a page that joins late has to know of the connection. Times are milliseconds since 1970. */
export interface Health {
  state: ConnectionState;
  /** When events began to flow without a break; null while they don't. Another value: history has to be read again. */
  flowingSince: number | null;
  lastHeardAt: number | null;
  delayMs: number | null;
}

/** What the holder of the connection tells the pages. Plain objects: they travel between threads and tabs. */
export type LiveReport =
  | { kind: 'health'; health: Health }
  | {
      kind: 'heard';
      at: number;
      /** Null where the message is older than the connection and says nothing about its speed. */
      delayMs: number | null;
      /** Where a new connection goes on; null until the server gave one. */
      cursor: string | null;
      /** Null for a heartbeat. */
      message: EventMessage | null;
    }
  /** The server can't prove that nothing is missing. */
  | { kind: 'replay_gap' };

/** What a page may ask of the holder of the connection. */
export type LiveCommand =
  | { kind: 'reconnect' }
  /** The device is back on the network or the page in sight: an unhealthy connection is not waited for. */
  | { kind: 'recover' }
  | { kind: 'visibility'; isVisible: boolean };

/** From where a connection goes on. */
export interface ConnectionStart {
  /** Base of `events`, `healthz` and `api`, with the slash at its end. */
  baseUrl: string;
  cursor: string | null;
  /** The last place by run that was seen. */
  seen: Iterable<readonly [runId: string, seq: number]>;
}

/** The part of EventConnection that its holders use. */
export interface Connection {
  readonly health: Health;
  start(): void;
  stop(): void;
  obey(command: LiveCommand): void;
}
export type Connect = (start: ConnectionStart, report: (report: LiveReport) => void) => Connection;
