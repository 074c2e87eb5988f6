import type { Sharing } from './live-events';
import type { Health, LiveCommand, LiveReport } from './live-report';

/** What a page hears of the one connection, wherever that is. */
export type LinkReport =
  | LiveReport
  /** From here on reports come without a break; what happened before has to be read. */
  | { kind: 'welcome'; health: Health }
  | { kind: 'sharing'; sharing: Sharing };

/** A page's way to the one connection. */
export interface LiveLink {
  send(command: LiveCommand): void;
  /** Leaves: the connection goes on while another page needs it. */
  close(): void;
}

export interface LinkOptions {
  baseUrl: string;
  isVisible(): boolean;
  /** What this page has seen, for the case that it takes the connection over. */
  seen(): { cursor: string | null; seen: [runId: string, seq: number][] };
  report(report: LinkReport): void;
  /** The way broke for good: the page looks for another. */
  lost(error: unknown): void;
}

/** Resolves once the connection is there; rejects where the browser does not offer this way. */
export type OpenLink = (options: LinkOptions) => Promise<LiveLink>;
