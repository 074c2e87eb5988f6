import { formatDelay } from '../design/format';
import type { ConnectionState, Sharing } from '../live/live-events';

export type ConnectionTone = 'good' | 'warning' | 'bad' | 'quiet';
export interface ConnectionText {
  tone: ConnectionTone;
  /** The state in one word, for the badge and for screen readers: it changes only when the state does. */
  word: string;
  /** The measure beside it. */
  detail: string;
}

/** Heartbeats come every 15 s; after this long without anything the page says that it may be out of date. */
export const staleAfterMs = 20_000;

export interface ConnectionFacts {
  state: ConnectionState;
  now: number;
  lastHeardAt: number | null;
  delayMs: number | null;
}

export function connectionText({ state, now, lastHeardAt, delayMs }: ConnectionFacts): ConnectionText {
  switch (state.kind) {
    case 'connecting':
      return { tone: 'quiet', word: $localize`Connecting`, detail: '' };
    case 'offline':
      return {
        tone: 'bad',
        word: $localize`Offline`,
        detail: retryText(state.retryAt, now, $localize`this device has no network`),
      };
    case 'reconnecting':
      return {
        tone: 'warning',
        word: $localize`Reconnecting`,
        detail: retryText(state.retryAt, now, $localize`attempt ${state.attempt}`),
      };
    case 'polling':
      return (
        staleText(lastHeardAt, now - state.everyMs) ?? {
          tone: 'warning',
          word: $localize`Polling`,
          detail: $localize`every ${Math.round(state.everyMs / 1_000)} s, the stream is blocked`,
        }
      );
    case 'live':
      return staleText(lastHeardAt, now) ?? { tone: 'good', word: $localize`Live`, detail: delayText(delayMs) };
  }
}

function staleText(lastHeardAt: number | null, now: number): ConnectionText | null {
  const silence = lastHeardAt === null ? 0 : now - lastHeardAt;
  if (silence < staleAfterMs) return null;
  return { tone: 'warning', word: $localize`Stale`, detail: $localize`no event for ${Math.floor(silence / 1_000)} s` };
}

/** Who holds the connection, for the curious. */
export function sharingText(sharing: Sharing | null): string {
  switch (sharing?.kind) {
    case undefined:
      return $localize`not settled yet`;
    case 'worker':
      return sharing.tabs === 1
        ? $localize`one connection, this is the only open page`
        : $localize`one connection for ${sharing.tabs} open pages`;
    case 'leading':
      return $localize`this tab holds the connection of all open pages`;
    case 'following':
      return $localize`another tab holds the connection of all open pages`;
    case 'alone':
      return $localize`each tab has its own: this browser can share none here`;
  }
}

/** Why events are asked for instead of streamed, and what to do about it; empty where they are streamed. */
export function pollingText(state: ConnectionState): string {
  if (state.kind !== 'polling') return '';
  const cause =
    state.reason === 'silent'
      ? $localize`The event stream opens but nothing comes through`
      : $localize`The event stream can’t be opened`;
  return $localize`${cause}, although the server answers: a proxy in between buffers or blocks it. The page asks for news instead and tries the stream again every minute.`;
}

function retryText(retryAt: number | null, now: number, otherwise: string): string {
  if (retryAt === null) return otherwise;
  const seconds = Math.ceil((retryAt - now) / 1_000);
  return seconds > 0 ? $localize`${otherwise}, next in ${seconds} s` : otherwise;
}

/** A negative delay is no delay: the two clocks differ, and that is what is said. */
function delayText(delayMs: number | null): string {
  if (delayMs === null) return '';
  if (delayMs < -50) return $localize`server clock ${formatDelay(-delayMs)} ahead`;
  return $localize`${formatDelay(Math.max(0, delayMs))} delay`;
}
