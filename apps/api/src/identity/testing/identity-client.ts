import { expect } from 'vitest';
import { createdApiTokenSchema, userSchema } from '@gan-dashboard/shared-types';
import type { TokenScope, User, UserRole } from '@gan-dashboard/shared-types';
import { readAuthConfig } from '../../platform/configuration/auth-config';
import type { AuthConfig } from '../../platform/configuration/auth-config';

export const password = 'correct horse battery';

/** The sign-on that these variables ask for; fails the test where one of them is wrong. */
export function authOf(environment: NodeJS.ProcessEnv): AuthConfig {
  const { auth, mistakes } = readAuthConfig(environment);
  expect(mistakes).toEqual([]);
  return auth;
}

/** `AUTH=local` whose first administrator, `admin`, is there from the start. */
export function localAuth(changes: Partial<AuthConfig> = {}): AuthConfig {
  return { ...authOf({ AUTH: 'local' }), adminPassword: password, ...changes };
}

/** A browser as far as cookies go: keeps what it is given, and sends the headers that a page's request has. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(readonly base: string) {}

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookies.size > 0) headers.set('cookie', this.cookie);
    if (!headers.has('origin')) headers.set('origin', this.base);
    if (init.body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
    const response = await fetch(`${this.base}${path}`, { redirect: 'manual', ...init, headers });
    for (const line of response.headers.getSetCookie()) this.take(line);
    return response;
  }

  send(method: string, path: string, body?: unknown): Promise<Response> {
    return this.request(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }

  signIn(name: string, secret = password): Promise<Response> {
    return this.send('POST', '/api/v1/session', { name, password: secret });
  }

  async addUser(name: string, role: UserRole): Promise<User> {
    const response = await this.send('POST', '/api/v1/users', { name, role, password });
    expect(response.status).toBe(201);
    return userSchema.parse(await response.json());
  }

  async newToken(scopes: TokenScope[]): Promise<{ id: string; token: string }> {
    const response = await this.send('POST', '/api/v1/tokens', { name: 'a script', scopes });
    expect(response.status).toBe(201);
    return createdApiTokenSchema.parse(await response.json());
  }

  private take(line: string): void {
    const [pair = ''] = line.split(';');
    const [name = '', value = ''] = pair.split('=');
    if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** Signed in as a new user of the role. */
export async function signedIn(administrator: Browser, name: string, role: UserRole): Promise<Browser> {
  await administrator.addUser(name, role);
  const browser = new Browser(administrator.base);
  expect((await browser.signIn(name)).status).toBe(201);
  return browser;
}
