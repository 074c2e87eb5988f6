import { connectionText, pollingText, sharingText } from './connection-text';
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
    ['Polling every 2 s, the stream is blocked', { state: { kind: 'polling', everyMs: 2_000, reason: 'silent' } }],
    [
      'Stale no event for 25 s',
      { state: { kind: 'polling', everyMs: 15_000, reason: 'silent' }, lastHeardAt: now - 40_000 },
    ],
    ['Offline this device has no network', { state: { kind: 'offline', retryAt: null } }],
  ])('%s', (expected, partial) => {
    const text = connectionText(facts(partial));
    expect(`${text.word} ${text.detail}`).toBe(expected);
  });
});

describe('sharingText', () => {
  it('says who holds the connection', () => {
    expect(sharingText(null)).toBe('not settled yet');
    expect(sharingText({ kind: 'worker', tabs: 1 })).toContain('only open page');
    expect(sharingText({ kind: 'worker', tabs: 3 })).toBe('one connection for 3 open pages');
    expect(sharingText({ kind: 'leading' })).toContain('this tab');
    expect(sharingText({ kind: 'following' })).toContain('another tab');
    expect(sharingText({ kind: 'alone' })).toContain('its own');
  });
});

describe('pollingText', () => {
  it('names the cause, and nothing where events are streamed', () => {
    expect(pollingText({ kind: 'live' })).toBe('');
    expect(pollingText({ kind: 'polling', everyMs: 2_000, reason: 'silent' })).toContain('nothing comes through');
    expect(pollingText({ kind: 'polling', everyMs: 2_000, reason: 'refused' })).toContain('can’t be opened');
  });
});
