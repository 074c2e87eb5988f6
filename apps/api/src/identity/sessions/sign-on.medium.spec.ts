import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditPageSchema, runSchema, sessionStateSchema, userSessionListSchema } from '@gan-dashboard/shared-types';
import type { AuditEntry } from '@gan-dashboard/shared-types';
import { smallTable } from '../../testing/small-runs';
import { startTestApp } from '../../testing/test-app';
import type { TestApp } from '../../testing/test-app';
import { Browser, localAuth, password, signedIn } from '../testing/identity-client';

const sessionCookie = 'gan_dashboard_session';

describe('sign-on with a password', () => {
  let server: TestApp;
  let administrator: Browser;

  beforeAll(async () => {
    server = await startTestApp({ auth: localAuth() });
    administrator = new Browser(server.url);
    expect((await administrator.signIn('admin')).status).toBe(201);
  }, 60_000);
  afterAll(() => server.close());

  async function state(browser: Browser) {
    return sessionStateSchema.parse(await (await browser.request('/api/v1/session')).json());
  }

  async function audited(action: string): Promise<AuditEntry[]> {
    const page = auditPageSchema.parse(await (await administrator.request('/api/v1/audit?limit=500')).json());
    return page.items.filter((entry) => entry.action === action);
  }

  it('says who is signed in, and by which way one can be', async () => {
    expect(await state(new Browser(server.url))).toEqual({
      auth: 'local',
      user: null,
      setup_required: false,
      expires_at: null,
    });
    expect(await state(administrator)).toMatchObject({ user: { name: 'admin', role: 'administrator' } });
  });

  it('gives a cookie that scripts cannot read and other sites do not send', async () => {
    const response = await new Browser(server.url).signIn('ADMIN');
    expect(response.status).toBe(201);
    const [cookie = ''] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^gan_dashboard_session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('sends the cookie over TLS only, tied to the host, where there is TLS', async () => {
    const behind = await server.restart({ auth: localAuth({ publicUrl: 'https://gan.test' }) });
    const browser = new Browser(behind.url);
    const response = await browser.request('/api/v1/session', {
      method: 'POST',
      headers: { origin: 'https://gan.test' },
      body: JSON.stringify({ name: 'admin', password }),
    });
    expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-gan_dashboard_session=.*; Secure; SameSite=Lax$/);
    await behind.stop();
  });

  it('refuses a wrong name and a wrong password with the same words', async () => {
    const browser = new Browser(server.url);
    const [wrongName, wrongPassword] = [await browser.signIn('nobody-here'), await browser.signIn('admin', 'wrong')];
    expect([wrongName.status, wrongPassword.status]).toEqual([401, 401]);
    expect(await wrongName.text()).toBe(await wrongPassword.text());
    expect(browser.cookies.size).toBe(0);
  });

  it('does not take over a session that somebody planted before (fixation), and rotates its secret', async () => {
    const victim = new Browser(server.url);
    const planted = 'A'.repeat(43);
    victim.cookies.set(sessionCookie, planted);
    await victim.signIn('admin');
    expect(victim.cookies.get(sessionCookie)).not.toBe(planted);
    const attacker = new Browser(server.url);
    attacker.cookies.set(sessionCookie, planted);
    expect((await state(attacker)).user).toBeNull();
    const before = victim.cookies.get(sessionCookie) ?? '';
    await victim.signIn('admin');
    attacker.cookies.set(sessionCookie, before);
    expect((await state(attacker)).user).toBeNull();
  });

  it('refuses a request with the cookie that another site sent, and one without a sign of ours (CSRF)', async () => {
    const browser = await signedIn(administrator, 'victim-of-csrf', 'trainer');
    const body = JSON.stringify({ kind: 'yield_curve', rows: 10, seed: 1 });
    const attempts: Record<string, string>[] = [
      { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' },
      { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' },
      { origin: 'null' },
    ];
    for (const headers of attempts) {
      const response = await browser.request('/api/v1/datasets/generate', { method: 'POST', headers, body });
      expect(response.status).toBe(403);
    }
    const silent = await fetch(`${server.url}/api/v1/datasets/generate`, {
      method: 'POST',
      headers: { cookie: browser.cookie, 'content-type': 'application/json' },
      body,
    });
    expect(silent.status).toBe(403);
    expect((await browser.request('/api/v1/datasets/generate', { method: 'POST', body })).status).toBe(201);
  });

  it('signs out here, and everywhere', async () => {
    const [here, there] = [await signedIn(administrator, 'two-places', 'viewer'), new Browser(server.url)];
    await there.signIn('two-places');
    const listed = userSessionListSchema.parse(await (await here.request('/api/v1/sessions')).json());
    expect(listed.items.map((session) => session.is_current).sort()).toEqual([false, true]);
    const stolen = here.cookie;
    expect((await here.send('DELETE', '/api/v1/session')).status).toBe(204);
    expect(here.cookies.size).toBe(0);
    here.cookies.set(sessionCookie, stolen.split('=')[1] ?? '');
    expect((await state(here)).user).toBeNull();
    expect((await state(there)).user?.name).toBe('two-places');
    await here.signIn('two-places');
    expect((await there.send('DELETE', '/api/v1/session?everywhere=true')).status).toBe(204);
    expect((await state(here)).user).toBeNull();
  });

  it('ends a session that is idle, and one that is old', async () => {
    const database = server.app.get(DataSource);
    const browser = await signedIn(administrator, 'sleeper', 'viewer');
    const age = (column: string, interval: string) =>
      database.query(
        `UPDATE user_session SET ${column} = now() - interval '${interval}'
         WHERE user_id = (SELECT id FROM app_user WHERE name = 'sleeper')`,
      );
    await age('last_seen_at', '11 hours');
    expect((await state(browser)).user?.name).toBe('sleeper');
    await age('last_seen_at', '13 hours');
    expect((await state(browser)).user).toBeNull();
    await browser.signIn('sleeper');
    await age('expires_at', '1 second');
    expect((await state(browser)).user).toBeNull();
  });

  it('changes a password, and ends the other sessions with it', async () => {
    const [here, there] = [await signedIn(administrator, 'changes', 'viewer'), new Browser(server.url)];
    await there.signIn('changes');
    const change = (current_password: string) =>
      here.send('PUT', '/api/v1/session/password', { current_password, new_password: 'another good password' });
    expect((await change('wrong')).status).toBe(401);
    expect((await change(password)).status).toBe(204);
    expect((await state(here)).user?.name).toBe('changes');
    expect((await state(there)).user).toBeNull();
    expect((await there.signIn('changes')).status).toBe(401);
    expect((await there.signIn('changes', 'another good password')).status).toBe(201);
  });

  it('locks out who guesses, also many at once, and not the owner elsewhere', async () => {
    await administrator.addUser('guessed', 'viewer');
    const guesses = await Promise.all(
      Array.from({ length: 30 }, (_, index) => new Browser(server.url).signIn('guessed', `guess number ${index}`)),
    );
    const statuses = guesses.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(25);
    const locked = await new Browser(server.url).signIn('guessed');
    expect(locked.status).toBe(429);
    expect(await locked.text()).toMatch(/Try again in \d+ s/);
    const proxied = await server.restart({ auth: localAuth({ trustedProxies: ['127.0.0.1'] }) });
    const owner = await fetch(`${proxied.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9' },
      body: JSON.stringify({ name: 'guessed', password }),
    });
    expect(owner.status).toBe(201);
    await proxied.stop();
    await server.app.get(DataSource).query('DELETE FROM sign_in_failure');
  });

  it('never leaves itself without an administrator', async () => {
    const { items } = (await (await administrator.request('/api/v1/users')).json()) as {
      items: { id: string; name: string }[];
    };
    const own = items.find(({ name }) => name === 'admin')?.id ?? '';
    for (const patch of [{ role: 'viewer' }, { is_disabled: true }]) {
      expect((await administrator.send('PATCH', `/api/v1/users/${own}`, patch)).status).toBe(409);
    }
  });

  it('shuts a user out at once', async () => {
    const browser = await signedIn(administrator, 'leaver', 'trainer');
    const { token } = await browser.newToken(['train']);
    const id = (await state(browser)).user?.id ?? '';
    expect((await administrator.send('PATCH', `/api/v1/users/${id}`, { is_disabled: true })).status).toBe(200);
    expect((await browser.request('/api/v1/runs')).status).toBe(401);
    const bearer = { headers: { authorization: `Bearer ${token}` } };
    expect((await fetch(`${server.url}/api/v1/runs`, bearer)).status).toBe(401);
    expect((await new Browser(server.url).signIn('leaver')).status).toBe(401);
  });

  it('names the user in the audit trail and in what was made', async () => {
    const browser = await signedIn(administrator, 'ann', 'trainer');
    const form = new FormData();
    form.set('file', new Blob([smallTable()], { type: 'text/csv' }), 'anns.csv');
    const upload = await fetch(`${server.url}/api/v1/datasets`, {
      method: 'POST',
      headers: { cookie: browser.cookie, origin: server.url },
      body: form,
    });
    expect(upload.status).toBe(201);
    const old = await fetch(`${server.url}/training_data`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${(await browser.newToken(['train'])).token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ type: 'training_update', data: { epoch: 1, total_epochs: 2, generator_loss: 1 } }),
    });
    expect(old.status).toBe(200);
    expect((await audited('dataset.delete')).length).toBe(0);
    const { id } = (await upload.json()) as { id: string };
    await browser.send('DELETE', `/api/v1/datasets/${id}`);
    expect((await audited('dataset.delete')).map(({ actor }) => actor)).toEqual(['ann']);
    expect((await audited('run.create')).map(({ actor }) => actor)).toEqual(['ann']);
    expect((await audited('token.create')).some(({ actor }) => actor === 'ann')).toBe(true);
  });

  it('keeps what was done to accounts from those who do not administer them', async () => {
    const browser = await signedIn(administrator, 'curious', 'trainer');
    expect((await browser.request('/api/v1/audit')).status).toBe(403);
    const created = await browser.send('POST', '/api/v1/runs', { origin: 'external' });
    const { id } = runSchema.parse(await created.json());
    expect((await browser.request(`/api/v1/audit?run_id=${id}`)).status).toBe(200);
  });

  it('keeps secrets as hashes only', async () => {
    const browser = await signedIn(administrator, 'secretive', 'viewer');
    const { token } = await browser.newToken(['read']);
    const database = server.app.get(DataSource);
    const tables = ['app_user', 'user_session', 'api_token', 'stream_ticket', 'setup_token', 'audit_entry'];
    const rows = await Promise.all(
      tables.map((table) => database.query<{ all: string }[]>(`SELECT t::text AS all FROM ${table} t`)),
    );
    const kept = rows
      .flat()
      .map((row) => row.all)
      .join('\n');
    for (const secret of [token, password, browser.cookies.get(sessionCookie) ?? '-']) {
      expect(kept).not.toContain(secret);
    }
    expect(kept).toContain('$argon2id$v=19$m=65536,t=2,p=1$');
  });
});
