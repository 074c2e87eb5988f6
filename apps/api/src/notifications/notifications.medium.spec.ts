import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  notificationCreatedSchema,
  notificationListSchema,
  notificationMessageSchema,
} from '@gan-dashboard/shared-types';
import { ApiClient } from '../testing/api-client';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

const patience = { timeout: 30_000 };

describe('notifications', () => {
  let server: TestApp;
  let api: ApiClient;
  let hook: Server;
  let hookUrl: string;
  let smtp: SMTPServer;
  const received: Received[] = [];
  const mails: string[] = [];
  let refusals = 0;

  beforeAll(async () => {
    hook = createServer((request, response) => {
      void text(request).then((body) => {
        if (refusals > 0) {
          refusals--;
          response.writeHead(503).end();
          return;
        }
        received.push({ path: request.url ?? '', headers: request.headers, body });
        response.writeHead(204).end();
      });
    }).listen(0, '127.0.0.1');
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, done) => void text(stream).then((mail) => done(null, void mails.push(mail))),
    });
    smtp.listen(0, '127.0.0.1');
    await vi.waitFor(() => expect(smtp.server.address()).not.toBeNull());
    hookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;
    server = await startTestApp({
      notifications: {
        smtpUrl: `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`,
        smtpFrom: 'GAN Dashboard <gan@example.com>',
        allowedPrivateHosts: ['127.0.0.1'],
      },
    });
    api = new ApiClient(server.url);
  }, 60_000);
  afterAll(async () => {
    await server.close();
    hook.close();
    smtp.close(() => undefined);
  });

  async function create(kind: string, address: string, events = ['completed', 'failed']) {
    const response = await api.post('/notifications', { kind, address, events });
    expect(response.status).toBe(201);
    return notificationCreatedSchema.parse(await response.json());
  }

  async function externalRun(status: 'completed' | 'failed'): Promise<string> {
    const response = await api.post('/runs', { origin: 'external', name: 'told of', model: 'mine', total_epochs: 1 });
    const { id } = (await response.json()) as { id: string };
    const data = { status, message: 'over', return_code: 1, duration_seconds: 1, error: 'out of memory' };
    const posted = await api.post(`/runs/${id}/events`, [{ type: 'training_complete', data }]);
    expect(posted.ok, await posted.clone().text()).toBe(true);
    return id;
  }

  it('tells a webhook, Slack and a mailbox of a run, each message once and signed', { timeout: 60_000 }, async () => {
    const webhook = await create('webhook', `${hookUrl}/hook`);
    await create('slack', `${hookUrl}/slack`);
    await create('email', 'ann@example.com', ['failed']);
    await create('webhook', `${hookUrl}/never`, ['alert']);
    // The first try of one of them is refused: it comes again.
    refusals = 1;
    const runId = await externalRun('failed');
    await vi.waitFor(() => expect(received.map(({ path }) => path).sort()).toEqual(['/hook', '/slack']), patience);
    await vi.waitFor(() => expect(mails).toHaveLength(1), patience);
    const hooked = received.find(({ path }) => path === '/hook');
    const message = notificationMessageSchema.parse(JSON.parse(hooked?.body ?? ''));
    expect(message).toMatchObject({ event: 'failed', run: { id: runId, name: 'told of' } });
    const timestamp = String(hooked?.headers['x-gan-dashboard-timestamp']);
    const signature = createHmac('sha256', webhook.secret ?? '')
      .update(`${timestamp}.${hooked?.body}`)
      .digest('hex');
    expect(hooked?.headers['x-gan-dashboard-signature']).toBe(`v1=${signature}`);
    expect(Math.abs(Number(timestamp) - Date.now() / 1_000)).toBeLessThan(120);
    const slack = JSON.parse(received.find(({ path }) => path === '/slack')?.body ?? '') as { text: string };
    expect(slack.text).toContain('The run told of (mine) has failed: out of memory');
    expect(mails[0]).toMatch(/^To: ann@example\.com\r$/m);
    expect(mails[0]).toContain('out of memory');
    const { items } = notificationListSchema.parse(await (await api.request('/notifications')).json());
    expect(items.filter(({ last_sent_at: at }) => at !== null)).toHaveLength(3);
    expect(items[0]).not.toHaveProperty('secret');
  });

  it('says what is wrong with an address, and calls none inside the company', async () => {
    expect((await api.post('/notifications', { kind: 'email', address: 'nobody', events: ['failed'] })).status).toBe(
      400,
    );
    for (const host of ['localhost', '169.254.169.254', '[::1]', '0x7f000001']) {
      const { id } = await create('webhook', `http://${host}:1/`, ['alert']);
      // Written as a number it is 127.0.0.1, which is allowed here; nobody listens there.
      const expected = host === '0x7f000001' ? 'ECONNREFUSED' : 'private address';
      const test = await api.post(`/notifications/${id}/test`, {});
      expect(test.status).toBe(422);
      expect(((await test.json()) as { detail: string }).detail).toContain(expected);
      expect((await api.request(`/notifications/${id}`, { method: 'DELETE' })).status).toBe(204);
      expect((await api.request(`/notifications/${id}`, { method: 'DELETE' })).status).toBe(404);
    }
  });
});
