import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionStateSchema } from '@gan-dashboard/shared-types';
import { startTestApp } from '../../testing/test-app';
import type { TestApp } from '../../testing/test-app';
import { Browser, authOf } from '../testing/identity-client';

const groupsOf: Record<string, string[]> = { ann: ['quants'], root: ['gan-admins', 'quants'], eve: ['others'] };

/** A real provider in this process, where whoever types a name is that person. */
async function startProvider(redirectUri: () => string): Promise<{ issuer: string; close: () => Promise<void> }> {
  const http = createServer();
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'gan', client_secret: 'a secret of the client', redirect_uris: [redirectUri()] }],
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
    cookies: { keys: ['a key of the test'] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, preferred_username: sub, groups: groupsOf[sub] ?? [] }),
    }),
  });
  const handle = provider.callback();
  http.on('request', (request, response) => void handle(request, response));
  return {
    issuer,
    close: async () => {
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}

describe('sign-on by a provider', () => {
  let server: TestApp;
  let plain: TestApp;
  let provider: Awaited<ReturnType<typeof startProvider>>;

  beforeAll(async () => {
    // The provider has to know the address of the dashboard, and the dashboard that of the provider.
    plain = await startTestApp();
    provider = await startProvider(() => `${plain.url}/api/v1/session/oidc/callback`);
    await plain.stop();
    const auth = authOf({
      AUTH: 'oidc',
      PUBLIC_URL: plain.url,
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: 'gan',
      OIDC_CLIENT_SECRET: 'a secret of the client',
      ADMINISTRATOR_GROUPS: 'gan-admins',
      TRAINER_GROUPS: 'quants',
    });
    server = await plain.restart({ auth });
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await provider.close();
  });

  /** To the provider, its pages for name and consent, and back: the address that the provider sends the browser to. */
  async function throughProvider(browser: Browser, name: string, returnTo = '/'): Promise<URL> {
    const start = await browser.request(`/api/v1/session/oidc/start?return_to=${encodeURIComponent(returnTo)}`);
    expect(start.status).toBe(302);
    const there = new Browser(provider.issuer);
    let location = new URL(start.headers.get('location') ?? '');
    expect(location.searchParams.get('code_challenge_method')).toBe('S256');
    for (let step = 0; step < 12 && location.origin === provider.issuer; step++) {
      const page = await there.request(`${location.pathname}${location.search}`);
      if (page.status === 200) {
        const prompt = /name="prompt" value="(\w+)"/.exec(await page.text())?.[1] ?? '';
        const answer = await there.request(location.pathname, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ prompt, login: name, password: 'x' }),
        });
        location = new URL(answer.headers.get('location') ?? '', provider.issuer);
      } else location = new URL(page.headers.get('location') ?? '', provider.issuer);
    }
    expect(location.pathname).toBe('/api/v1/session/oidc/callback');
    return location;
  }

  const back = (browser: Browser, { pathname, search }: URL) => browser.request(`${pathname}${search}`);

  async function userOf(browser: Browser) {
    return sessionStateSchema.parse(await (await browser.request('/api/v1/session')).json()).user;
  }

  it.each([
    ['ann', 'trainer'],
    ['root', 'administrator'],
  ])('signs %s on as %s, and leads back to where the browser was', async (name, role) => {
    const browser = new Browser(server.url);
    const answer = await back(browser, await throughProvider(browser, name, '/tokens?x=1'));
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `${plain.url}/tokens?x=1`]);
    expect(await userOf(browser)).toMatchObject({ name, role });
  });

  it('lets nobody in who is in no group', async () => {
    const browser = new Browser(server.url);
    expect((await back(browser, await throughProvider(browser, 'eve'))).status).toBe(403);
    expect(await userOf(browser)).toBeNull();
  });

  it('leads a person who is not let in back to the sign-in', async () => {
    const browser = new Browser(server.url);
    const { pathname, search } = await throughProvider(browser, 'eve');
    const answer = await browser.request(`${pathname}${search}`, { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `${plain.url}/?sign_in=refused`]);
    expect(await userOf(browser)).toBeNull();
  });

  it('refuses an answer in another browser, one twice, and one with another code or state', async () => {
    const browser = new Browser(server.url);
    const answer = await throughProvider(browser, 'ann');
    expect((await back(new Browser(server.url), answer)).status).toBe(401);
    const other = new URL(answer);
    other.searchParams.set('state', 'another');
    expect((await back(browser, other)).status).toBe(401);
    expect((await back(browser, answer)).status).toBe(302);
    expect((await back(browser, answer)).status).toBe(401);
    const again = new Browser(server.url);
    const forged = await throughProvider(again, 'ann');
    forged.searchParams.set('code', 'a code that was not given');
    expect((await back(again, forged)).status).toBe(401);
    expect(await userOf(again)).toBeNull();
  });

  it.each(['https://evil.test/', '//evil.test', '/\\evil.test', 'evil', '/a b'])('leads back to no %j', async (to) => {
    const start = await fetch(`${server.url}/api/v1/session/oidc/start?return_to=${encodeURIComponent(to)}`, {
      redirect: 'manual',
    });
    expect(start.status).toBe(400);
  });
});
