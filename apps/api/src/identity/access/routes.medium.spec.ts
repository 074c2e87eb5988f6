import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { includesRole, userRoles } from '@gan-dashboard/shared-types';
import type { UserRole } from '@gan-dashboard/shared-types';
import { startTestApp } from '../../testing/test-app';
import type { TestApp } from '../../testing/test-app';
import { Browser, localAuth, signedIn } from '../testing/identity-client';
import { routePolicies } from './access-policy';

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
}

/** Of the pages that describe the API, which no guard sees: they tell nothing about what is kept here. */
const descriptions = /^GET \/?api\/(docs|openapi\.)/;

/** Every route that the server answers, as Express knows it. */
function registeredRoutes({ app }: TestApp): string[] {
  const { router } = app.getHttpAdapter().getInstance() as unknown as { router: { stack: Layer[] } };
  const routes = router.stack.flatMap(({ route }) =>
    route ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`) : [],
  );
  return [...new Set(routes)].filter((route) => !descriptions.test(route));
}

describe('every route', () => {
  let server: TestApp;
  const browsers = new Map<UserRole | 'nobody', Browser>();

  beforeAll(async () => {
    server = await startTestApp({ auth: localAuth() });
    const administrator = new Browser(server.url);
    expect((await administrator.signIn('admin')).status).toBe(201);
    browsers.set('nobody', new Browser(server.url));
    for (const role of userRoles) browsers.set(role, await signedIn(administrator, `a-${role}`, role));
  }, 60_000);
  afterAll(() => server.close());

  async function statusFor(route: string, who: UserRole | 'nobody'): Promise<number> {
    const [method = '', path = ''] = route.split(' ');
    const aborted = new AbortController();
    const response = await browsers.get(who)?.request(path.replace(/:\w+/g, randomUUID()), {
      method,
      signal: aborted.signal,
    });
    const { status } = response ?? { status: 0 };
    aborted.abort();
    return status;
  }

  it('has a policy, and every policy has a route', () => {
    const routes = registeredRoutes(server);
    expect(routes.length).toBeGreaterThan(60);
    // Add what is missing to access-policy.ts, with the role that it needs.
    expect(routes.filter((route) => !(route in routePolicies))).toEqual([]);
    expect(Object.keys(routePolicies).filter((route) => !routes.includes(route))).toEqual([]);
  });

  it('is open to the roles of its policy and to nobody else', { timeout: 120_000 }, async () => {
    const wrong: string[] = [];
    // Signing out comes last: it would end what the others ask with.
    const routes = Object.keys(routePolicies).filter((route) => route !== 'DELETE /api/v1/session');
    for (const route of routes) {
      const access = route === 'GET /api/v1/audit' ? 'administrator' : routePolicies[route]?.access;
      for (const who of ['nobody', ...userRoles] as const) {
        const isAllowed =
          access === 'public' || (access !== undefined && who !== 'nobody' && includesRole(who, access));
        const status = await statusFor(route, who);
        const isRefused = status === 401 || status === 403;
        // What is public answers for itself: a wrong password is a 401 of its own.
        if (access === 'public' ? status === 0 : isAllowed === isRefused) wrong.push(`${route} as ${who}: ${status}`);
        if (!isAllowed && status !== (who === 'nobody' ? 401 : 403)) wrong.push(`${route} as ${who}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('of its own account is closed to tokens, whatever their scopes', async () => {
    const { token } = (await browsers.get('administrator')?.newToken(['admin'])) ?? { token: '' };
    const headers = { authorization: `Bearer ${token}` };
    for (const [route, { isInteractive }] of Object.entries(routePolicies)) {
      if (!isInteractive) continue;
      const [method = '', path = ''] = route.split(' ');
      const response = await fetch(`${server.url}${path.replace(/:\w+/g, randomUUID())}`, { method, headers });
      expect([route, response.status]).toEqual([route, 403]);
    }
  });

  it('is not reached by another spelling of its path', async () => {
    for (const path of ['/API/V1/runs', '/api/v1/runs/', '/api/v1//runs', '/api/v1/runs?x=1', '/api/%76%31/runs']) {
      const response = await fetch(`${server.url}${path}`);
      expect([path, response.status]).toEqual([path, expect.toBeOneOf([401, 404])]);
    }
  });
});
