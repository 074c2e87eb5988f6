import { describe, expect, it } from 'vitest';
import { MessageRate } from './message-rate';
import { parseJson, parseRequest, requestIdOf } from './parse-request';
import { textFrame } from './text-frame';
import { isSocketUpgrade } from './upgrade-request';

const run = '6f1c1a7e-55b1-4f0e-9d3c-1f2e3d4c5b6a';

describe('messages of a client', () => {
  it.each([
    ['subscribe', { subscribe: ['training', 'logs'], run, last_event_id: `${run}:3`, request_id: '1' }],
    ['subscribe', { subscribe: ['progress'] }],
    ['unsubscribe', { unsubscribe: true }],
    ['unsubscribe', { unsubscribe: ['training'], run }],
    ['control', { control: 'stop', run }],
  ])('reads %s %j', (kind, body) => {
    expect(parseRequest(parseJson(JSON.stringify(body)))).toEqual({ kind, request: body });
  });

  it.each([
    [{ subscribe: [] }, 'subscribe'],
    [{ subscribe: 'training' }, 'subscribe'],
    [{ subscribe: ['training', 'everything'] }, 'subscribe.1'],
    [{ subscribe: ['training'], last_event_id: 'x'.repeat(201) }, 'last_event_id'],
    [{ subscribe: ['training'], request_id: 7 }, 'request_id'],
    [{ unsubscribe: false }, 'unsubscribe'],
    [{ control: 'stop' }, 'run'],
    [{ control: 'explode', run }, 'control'],
  ])('refuses %j and names %s', (body, path) => {
    expect(() => parseRequest(body)).toThrow(expect.objectContaining({ message: expect.stringContaining(path) }));
  });

  it.each([[null], [5], ['subscribe'], [[]], [{}], [{ hello: 1 }]])('refuses %j, which asks for nothing', (body) => {
    expect(() => parseRequest(body)).toThrow('exactly one of subscribe, unsubscribe, control');
  });

  it('finds the id of a request that is wrong in other ways', () => {
    expect(requestIdOf({ request_id: 'a', subscribe: 1 })).toBe('a');
    for (const body of [null, 'a', {}, { request_id: 1 }, { request_id: 'x'.repeat(101) }]) {
      expect(requestIdOf(body)).toBeUndefined();
    }
  });

  it('says why text is not JSON', () => {
    expect(() => parseJson('{"a":')).toThrow('not JSON');
  });
});

describe('MessageRate', () => {
  it('allows a burst, then as many as the period gives back', () => {
    const rate = new MessageRate({ burst: 50, periodMs: 10_000 }, 0);
    for (let index = 0; index < 50; index++) expect(rate.allows(0)).toBe(true);
    expect(rate.allows(100)).toBe(false);
    expect(rate.allows(400)).toBe(true);
    expect(rate.allows(401)).toBe(true);
    expect(rate.allows(402)).toBe(false);
    for (let index = 0; index < 50; index++) expect(rate.allows(60_000)).toBe(true);
    expect(rate.allows(60_000)).toBe(false);
  });
});

describe('textFrame', () => {
  it.each([
    [0, [0x81, 0]],
    [125, [0x81, 125]],
    [126, [0x81, 126, 0, 126]],
    [65_535, [0x81, 126, 0xff, 0xff]],
    [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ])('puts the right head before %i bytes', (length, head) => {
    const frame = textFrame('x'.repeat(length));
    expect([...frame.subarray(0, head.length)]).toEqual(head);
    expect(frame.length).toBe(head.length + length);
  });

  it('counts bytes, not characters', () => {
    expect(textFrame('é€')).toEqual(Buffer.from([0x81, 5, 0xc3, 0xa9, 0xe2, 0x82, 0xac]));
  });
});

describe('upgrade requests', () => {
  const upgrade = { upgrade: 'WebSocket' };

  it('takes WebSockets on /ws alone, with and without the base path', () => {
    for (const url of ['/ws', '/ws?x=1', '/tools/gan/ws']) {
      expect(isSocketUpgrade({ url, headers: upgrade }, '/tools/gan')).toBe(true);
    }
    for (const url of ['/', '/wss', '/events', '/other/ws', undefined]) {
      expect(isSocketUpgrade({ url, headers: upgrade }, '/tools/gan')).toBe(false);
    }
    expect(isSocketUpgrade({ url: '/ws', headers: { upgrade: 'h2c' } }, '')).toBe(false);
    expect(isSocketUpgrade({ url: '/ws', headers: {} }, '')).toBe(false);
  });
});
