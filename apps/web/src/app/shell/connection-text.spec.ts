import { connectionText } from './connection-text';
import type { ConnectionFacts } from './connection-text';

const now = 1_000_000;
function facts(partial: Partial<ConnectionFacts> = {}): ConnectionFacts {
  return { state: { kind: 'live' }, now, lastHeardAt: now - 500, delayMs: 12, ...partial };
}

describe('connectionText', () => {
  it.each<[string, Partial<ConnectionFacts>]>([
    ['Live 12 ms delay', {}],
    ['Live server clock 3.0 s ahead', { delayMs: -3_000 }],
    ['Stale no event for 23 s', { lastHeardAt: now - 23_400 }],
    ['Connecting ', { state: { kind: 'connecting' } }],
    ['Reconnecting attempt 2', { state: { kind: 'reconnecting', attempt: 2, retryAt: null } }],
    ['Reconnecting attempt 2, next in 5 s', { state: { kind: 'reconnecting', attempt: 2, retryAt: now + 4_200 } }],
    ['Offline this device has no network', { state: { kind: 'offline', retryAt: null } }],
  ])('%s', (expected, partial) => {
    const text = connectionText(facts(partial));
    expect(`${text.word} ${text.detail}`).toBe(expected);
  });
});
