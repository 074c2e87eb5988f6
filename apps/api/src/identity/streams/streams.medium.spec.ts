import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { streamTicketSchema } from '@gan-dashboard/shared-types';
import { SocketReader } from '../../testing/socket-reader';
import { SseReader } from '../../testing/sse-reader';
import { startTestApp } from '../../testing/test-app';
import type { TestApp } from '../../testing/test-app';
import { Browser, localAuth, password, signedIn } from '../testing/identity-client';

const patience = { timeout: 15_000, interval: 50 };

describe('streams and sign-on', () => {
  let server: TestApp;
  let administrator: Browser;

  beforeAll(async () => {
    server = await startTestApp({ auth: localAuth({ maxStreamsPerUser: 3 }) });
    administrator = new Browser(server.url);
    await administrator.signIn('admin');
  }, 60_000);
  afterAll(() => server.close());

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const ended = (stream: SseReader) => vi.waitFor(() => expect(stream.isEnded).toBe(true), patience);

  async function opened(url: string, headers: Record<string, string> = {}): Promise<SseReader> {
    const stream = await SseReader.open(url, headers);
    expect(stream.response.status).toBe(200);
    await stream.until(({ messages }) => messages.length > 0);
    return stream;
  }

  async function newTicket(headers: Record<string, string>): Promise<string> {
    const response = await fetch(`${server.url}/api/v1/session/ticket`, { method: 'POST', headers });
    expect(response.status).toBe(201);
    return streamTicketSchema.parse(await response.json()).ticket;
  }

  it('opens with a cookie, and ends at once when the user signs out', async () => {
    const browser = await signedIn(administrator, 'watcher', 'viewer');
    const stream = await opened(`${server.url}/events`, { cookie: browser.cookie });
    const socket = await SocketReader.open(`${server.url}/ws`, {
      headers: { cookie: browser.cookie },
      origin: server.url,
    });
    await browser.send('DELETE', '/api/v1/session');
    await ended(stream);
    expect(await socket.untilClosed()).toMatchObject({ code: 4401 });
  });

  it('opens with a token, and ends when that is revoked', async () => {
    const browser = await signedIn(administrator, 'scripts', 'viewer');
    const { id, token } = await browser.newToken(['read']);
    const stream = await opened(`${server.url}/events/training`, bearer(token));
    expect((await browser.send('DELETE', `/api/v1/tokens/${id}`)).status).toBe(204);
    await ended(stream);
    const again = await fetch(`${server.url}/events/training`, { headers: bearer(token) });
    expect(again.status).toBe(401);
    expect(await again.text()).not.toContain(token);
  });

  it('ends when its session was ended elsewhere, or has expired', async () => {
    const browser = await signedIn(administrator, 'elsewhere', 'viewer');
    const stream = await opened(`${server.url}/events/logs`, { cookie: browser.cookie });
    // As another replica does it.
    await server.app
      .get(DataSource)
      .query(
        `UPDATE user_session SET expires_at = now() WHERE user_id = (SELECT id FROM app_user WHERE name = 'elsewhere')`,
      );
    await ended(stream);
  });

  it('ends when the role of its user changes', async () => {
    const browser = await signedIn(administrator, 'promoted', 'viewer');
    const stream = await opened(`${server.url}/events/logs`, { cookie: browser.cookie });
    const { items } = (await (await administrator.request('/api/v1/users')).json()) as {
      items: { id: string; name: string }[];
    };
    const id = items.find(({ name }) => name === 'promoted')?.id ?? '';
    expect((await administrator.send('PATCH', `/api/v1/users/${id}`, { role: 'trainer' })).status).toBe(200);
    await ended(stream);
  });

  it('opens once with a ticket, for clients without cookies and headers', async () => {
    const browser = await signedIn(administrator, 'ticketed', 'viewer');
    const { id, token } = await browser.newToken(['read']);
    const ticket = await newTicket(bearer(token));
    const stream = await opened(`${server.url}/events?ticket=${ticket}`);
    expect((await fetch(`${server.url}/events?ticket=${ticket}`)).status).toBe(401);
    const socket = await SocketReader.open(`${server.url}/ws?ticket=${await newTicket(bearer(token))}`);
    // Nothing else takes one.
    expect((await fetch(`${server.url}/api/v1/runs?ticket=${await newTicket(bearer(token))}`)).status).toBe(401);
    await browser.send('DELETE', `/api/v1/tokens/${id}`);
    await ended(stream);
    expect(await socket.untilClosed()).toMatchObject({ code: 4401 });
  });

  it('refuses a user more streams than allowed, and frees the place of one that has ended', async () => {
    const browser = await signedIn(administrator, 'greedy', 'viewer');
    const headers = { cookie: browser.cookie };
    const streams = [];
    for (let index = 0; index < 3; index++) streams.push(await opened(`${server.url}/events/logs`, headers));
    expect((await fetch(`${server.url}/events/logs`, { headers })).status).toBe(429);
    const socket = await SocketReader.open(`${server.url}/ws`, { headers });
    expect(await socket.untilClosed()).toMatchObject({ code: 4429 });
    streams[0]?.close();
    await vi.waitFor(async () => {
      const stream = await SseReader.open(`${server.url}/events/logs`, headers);
      expect(stream.response.status).toBe(200);
      streams.push(stream);
    }, patience);
    for (const stream of streams) stream.close();
  });

  it('refuses a WebSocket to another site, to nobody, and to viewers the control of runs', async () => {
    const browser = await signedIn(administrator, 'socket', 'viewer');
    const open = (options: Parameters<typeof SocketReader.open>[1]) => SocketReader.open(`${server.url}/ws`, options);
    await expect(open({ headers: { cookie: browser.cookie }, origin: 'https://evil.test' })).rejects.toThrow('403');
    await expect(open({})).rejects.toThrow('401');
    await expect(open({ headers: { cookie: 'gan_dashboard_session=x' } })).rejects.toThrow('401');
    const socket = await open({ headers: { cookie: browser.cookie }, origin: server.url });
    socket.send({ control: 'stop', run: crypto.randomUUID() });
    await socket.until((reader) => reader.answers().length > 0);
    expect(socket.answers()[0]).toMatchObject({ type: 'error', data: { status: 403 } });
    socket.close();
  });

  it('allows a token no more than its scopes, and no more than its owner may', async () => {
    const trainer = await signedIn(administrator, 'scoped', 'trainer');
    const generate = (token: string) =>
      fetch(`${server.url}/api/v1/datasets/generate`, {
        method: 'POST',
        headers: { ...bearer(token), 'content-type': 'application/json' },
        body: JSON.stringify({ kind: 'yield_curve', rows: 10, seed: 1 }),
      });
    const [read, train, admin] = [
      await trainer.newToken(['read']),
      await trainer.newToken(['train']),
      await trainer.newToken(['admin']),
    ];
    expect((await generate(read.token)).status).toBe(403);
    expect((await generate(train.token)).status).toBe(201);
    expect((await fetch(`${server.url}/api/v1/audit`, { headers: bearer(admin.token) })).status).toBe(403);
    await server.app.get(DataSource).query('UPDATE api_token SET expires_at = now() WHERE id = $1', [train.id]);
    expect((await generate(train.token)).status).toBe(401);
    const listed = await (await trainer.request('/api/v1/tokens')).text();
    expect(listed).toContain('"last_used_at":"2');
    for (const { token } of [read, train, admin]) expect(listed).not.toContain(token);
  });

  it('writes no secret into the log or an answer', async () => {
    const lines: string[] = [];
    const keep = (...parts: unknown[]) => void lines.push(parts.map(String).join(' '));
    server.app.useLogger({ log: keep, error: keep, warn: keep, debug: keep, verbose: keep, fatal: keep });
    const browser = await signedIn(administrator, 'quiet', 'viewer');
    const { token } = await browser.newToken(['read']);
    const broken = `${token.slice(0, -2)}xx`;
    const answers = [
      await browser.signIn('quiet', 'a wrong secret password'),
      await fetch(`${server.url}/api/v1/runs`, { headers: bearer(broken) }),
      await fetch(`${server.url}/events?ticket=${broken}`),
      await browser.send('POST', '/api/v1/session', { name: 'quiet', password: ['a wrong secret password'] }),
      await browser.send('POST', '/api/v1/session/setup', { token: broken, name: 'x', password: 'short secret' }),
      await browser.send('PUT', '/api/v1/session/password', { current_password: password, new_password: 'tiny' }),
      await browser.request('/api/v1/session', { method: 'POST', body: '{"name":"quiet","password":"a wrong secret' }),
    ];
    const said = [...lines, ...(await Promise.all(answers.map((answer) => answer.text())))].join('\n');
    expect(answers.every(({ status }) => status >= 400 && status < 500)).toBe(true);
    for (const secret of [token, broken, password, 'wrong secret', 'short secret', browser.cookie, 'tiny']) {
      expect(said).not.toContain(secret);
    }
  });
});
