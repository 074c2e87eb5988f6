import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { Provider } from 'oidc-provider';

const secret = 'a secret of the client';

/** A real provider of OpenID Connect in this process, where whoever types a name is that person. */
export class OpenIdProvider {
  /** Its pages ask for them from another host; a test does without. */
  readonly fonts = 'https://fonts.googleapis.com/**';

  private constructor(
    private readonly http: Server,
    private readonly issuer: string,
  ) {}

  /** @param groupsOf what the provider says of each person */
  static async start(redirectUri: string, groupsOf: Readonly<Record<string, string[]>>): Promise<OpenIdProvider> {
    const http = createServer().listen(0, '127.0.0.1');
    await once(http, 'listening');
    const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const provider = new Provider(issuer, {
      clients: [{ client_id: 'gan', client_secret: secret, redirect_uris: [redirectUri] }],
      claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
      cookies: { keys: ['a key of the test'] },
      findAccount: (_context, sub) => ({
        accountId: sub,
        claims: () => ({ sub, preferred_username: sub, groups: groupsOf[sub] ?? [] }),
      }),
    });
    const handle = provider.callback();
    http.on('request', (request, response) => void handle(request, response));
    return new OpenIdProvider(http, issuer);
  }

  /** What the dashboard has to know of it. */
  get settings(): Record<string, string> {
    return { OIDC_ISSUER: this.issuer, OIDC_CLIENT_ID: 'gan', OIDC_CLIENT_SECRET: secret };
  }

  /** Through its pages for name and consent. */
  async signIn(page: Page, name: string): Promise<void> {
    await page.getByPlaceholder('Enter any login').fill(name);
    await page.getByPlaceholder('and password').fill('any');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
  }

  async stop(): Promise<void> {
    this.http.close();
    this.http.closeAllConnections();
    await once(this.http, 'close');
  }
}
