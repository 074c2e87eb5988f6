import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionStateSchema } from '@gan-dashboard/shared-types';
import { SocketReader } from '../../testing/socket-reader';
import { startTestApp } from '../../testing/test-app';
import type { TestApp } from '../../testing/test-app';
import { authOf } from '../testing/identity-client';

const environment = {
  AUTH: 'proxy',
  TRUSTED_PROXIES: '127.0.0.1',
  ADMINISTRATOR_GROUPS: 'gan-admins',
  TRAINER_GROUPS: 'quants, gan-trainers',
  VIEWER_GROUPS: 'staff',
};

describe('sign-on by a proxy', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp({ auth: authOf(environment) });
  }, 60_000);
  afterAll(() => server.close());

  const as = (user: string, groups = 'staff') => ({ 'X-Forwarded-User': user, 'X-Forwarded-Groups': groups });
  const get = (path: string, headers: Record<string, string>, url = server.url) => fetch(`${url}${path}`, { headers });

  it.each([
    ['staff', 'viewer'],
    ['staff,quants', 'trainer'],
    ['quants , gan-admins', 'administrator'],
  ])('gives people in %s the role %s', async (groups, role) => {
    const response = await get('/api/v1/session', as(`of-${role}`, groups));
    expect(sessionStateSchema.parse(await response.json()).user).toMatchObject({ name: `of-${role}`, role });
  });

  it('lets nobody in without a name or a group, and no viewer train', async () => {
    expect((await get('/api/v1/runs', {})).status).toBe(401);
    expect((await get('/api/v1/runs', as('stranger', 'others'))).status).toBe(403);
    expect((await get('/api/v1/runs', as('ann'))).status).toBe(200);
    const start = await fetch(`${server.url}/api/start_training`, { method: 'POST', headers: as('ann') });
    expect(start.status).toBe(403);
    expect(await start.json()).toMatchObject({ success: false });
  });

  it('takes the role of now, not that of the first sign-on', async () => {
    expect((await get('/api/v1/users', as('mover', 'gan-admins'))).status).toBe(200);
    expect((await get('/api/v1/users', as('mover', 'staff'))).status).toBe(403);
  });

  it('refuses the headers from any other address, whatever else they claim', async () => {
    const elsewhere = await server.restart({ auth: authOf({ ...environment, TRUSTED_PROXIES: '10.0.0.0/8' }) });
    const forged = { ...as('boss', 'gan-admins'), 'X-Forwarded-For': '10.0.0.1', Forwarded: 'for=10.0.0.1' };
    const response = await get('/api/v1/runs', forged, elsewhere.url);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('127.0.0.1, which is not one of TRUSTED_PROXIES');
    await expect(SocketReader.open(`${elsewhere.url}/ws`, { headers: forged })).rejects.toThrow('403');
    expect((await get('/events', forged, elsewhere.url)).status).toBe(403);
    await elsewhere.stop();
  });

  it('does not let another site act for somebody whom the proxy knows', async () => {
    const response = await fetch(`${server.url}/api/v1/datasets/generate`, {
      method: 'POST',
      headers: { ...as('ann', 'quants'), origin: 'https://evil.test', 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'yield_curve', rows: 10, seed: 1 }),
    });
    expect(response.status).toBe(403);
  });

  it('takes tokens besides, whose owner is known by the proxy', async () => {
    const made = await fetch(`${server.url}/api/v1/tokens`, {
      method: 'POST',
      headers: { ...as('owner', 'quants'), 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'a script', scopes: ['read'] }),
    });
    expect(made.status).toBe(201);
    const { token } = (await made.json()) as { token: string };
    expect((await get('/api/v1/runs', { authorization: `Bearer ${token}` })).status).toBe(200);
  });
});
