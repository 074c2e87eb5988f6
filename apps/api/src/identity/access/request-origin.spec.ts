import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { RequestOrigin } from './request-origin';

interface Given {
  method?: string;
  headers?: Record<string, string>;
  remoteAddress?: string;
}

const server = { localAddress: '127.0.0.1', localPort: 8081 };

function request({ method = 'POST', headers = {}, remoteAddress = '127.0.0.1' }: Given): IncomingMessage {
  const socket = { ...server, remoteAddress };
  return { method, url: '/api/v1/runs', headers: { host: 'localhost:8081', ...headers }, socket } as IncomingMessage;
}

function originOf(changes: Partial<ConstructorParameters<typeof RequestOrigin>[0]> = {}): RequestOrigin {
  return new RequestOrigin({ mode: 'none', publicUrl: undefined, allowedHosts: [], trustedProxies: [], ...changes });
}

function isRefused(given: Given, origin = originOf(), isSocket = false): boolean {
  try {
    origin.refuseOtherSites(request(given), isSocket);
    return false;
  } catch {
    return true;
  }
}

describe('RequestOrigin', () => {
  it.each<[string, Record<string, string>]>([
    ['a program', {}],
    ['our page', { origin: 'http://localhost:8081', 'sec-fetch-site': 'same-origin' }],
    ['our page in a browser without Sec-Fetch', { origin: 'http://localhost:8081' }],
    ['our page behind a proxy', { origin: 'https://a.test', 'x-forwarded-host': 'b.test, a.test' }],
    ['our page behind a proxy that changes Host', { origin: 'https://a.test', 'sec-fetch-site': 'same-origin' }],
  ])('takes what changes something from %s', (_, headers) => {
    expect(isRefused({ headers })).toBe(false);
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }],
    ['another site in a browser without Sec-Fetch', { origin: 'https://evil.test' }],
    ['another port of this machine', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }],
    ['a file or a sandboxed frame', { origin: 'null' }],
    ['a browser that hides the origin', { 'sec-fetch-site': 'cross-site' }],
    ['an origin that is none', { origin: 'localhost:8081' }],
    ['an empty origin', { origin: '' }],
  ])('refuses what changes something, and WebSockets, from %s', (_, headers) => {
    expect(isRefused({ headers })).toBe(true);
    expect(isRefused({ method: 'GET', headers }, originOf(), true)).toBe(true);
    expect(isRefused({ method: 'GET', headers })).toBe(false);
  });

  it('refuses our name without TLS where we have TLS', () => {
    const tls = originOf({ publicUrl: 'https://gan.test' });
    const host = 'gan.test';
    expect(isRefused({ headers: { host, origin: 'https://gan.test' } }, tls)).toBe(false);
    expect(isRefused({ headers: { host, origin: 'http://gan.test' } }, tls)).toBe(true);
  });

  it('refuses a name that was made to point here (DNS rebinding), reads included', () => {
    const rebound = { method: 'GET', headers: { host: 'evil.test:8081' } };
    expect(isRefused(rebound)).toBe(true);
    expect(isRefused(rebound, originOf({ allowedHosts: ['evil.test'] }))).toBe(false);
    // Where there is sign-on, such a page has no cookie of ours.
    expect(isRefused(rebound, originOf({ mode: 'local' }))).toBe(false);
    for (const host of ['localhost:8081', 'gan.localhost:8081', '127.0.0.1:8081', '[::1]:8081', 'gan.test', 'up']) {
      expect(isRefused({ method: 'GET', headers: { host } })).toBe(false);
    }
  });

  it('believes where a request comes from only as far as the proxies are trusted', () => {
    const origin = originOf({ trustedProxies: ['10.0.0.0/8', '127.0.0.1', 'fd00::/8'] });
    const address = (way: string, remoteAddress = '127.0.0.1') =>
      origin.clientAddress(request({ remoteAddress, headers: { 'x-forwarded-for': way } }));
    expect(address('6.6.6.6, 1.2.3.4, 10.1.1.1')).toBe('1.2.3.4');
    expect(address('1.2.3.4', '9.9.9.9')).toBe('9.9.9.9');
    expect(address('1.2.3.4', '::ffff:10.2.3.4')).toBe('1.2.3.4');
    expect(address('1.2.3.4', 'fd00::5')).toBe('1.2.3.4');
    expect(address('not an address')).toBe('not an address');
    expect(address('')).toBe('127.0.0.1');
    const proto = { 'x-forwarded-proto': 'https' };
    expect(origin.isHttps(request({ headers: proto }))).toBe(true);
    expect(origin.isHttps(request({ headers: proto, remoteAddress: '9.9.9.9' }))).toBe(false);
  });
});
