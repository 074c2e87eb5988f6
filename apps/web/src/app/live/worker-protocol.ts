import type { Health, LiveCommand, LiveReport } from './live-report';

/** What a page says to the shared worker. `join` is also the way back in for a page that was given up for dead. */
export type PageMessage =
  { kind: 'join'; baseUrl: string; isVisible: boolean } | { kind: 'leave' } | { kind: 'pong' } | LiveCommand;

/** What the shared worker says to its pages. */
export type HostMessage =
  | { kind: 'welcome'; health: Health; tabs: number }
  | { kind: 'tabs'; tabs: number }
  | { kind: 'ping' }
  /** The page was given up for dead: it joins again. */
  | { kind: 'rejoin' }
  | LiveReport;

/** The part of MessagePort that is used. */
export type PortLike = Pick<MessagePort, 'postMessage' | 'onmessage' | 'close'>;
