import { execFileSync } from 'node:child_process';
import { connect } from 'node:http2';
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasetSchema } from '@gan-dashboard/shared-types';
import { localAuth, password } from '../../identity/testing/identity-client';
import { findProxy } from '../../testing/nginx';
import { SocketReader } from '../../testing/socket-reader';
import { startTestApp } from '../../testing/test-app';
import type { TestApp } from '../../testing/test-app';
import { startExample } from '../../testing/tls-proxy';
import type { RunningProxy } from '../../testing/tls-proxy';

const proxies = { nginx: await findProxy('nginx'), haproxy: await findProxy('haproxy') };
for (const [name, found] of Object.entries(proxies)) {
  if ('reason' in found) console.warn(`the tests behind ${name} are skipped: ${found.reason}`);
}
const canMakeCertificates = hasOpenssl();
if (!canMakeCertificates) console.warn('the tests behind proxies are skipped: openssl is not installed');

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A client that speaks HTTP/2 alone; `until` ends the reading of a stream that goes on. */
class Http2Client {
  private constructor(private readonly session: ClientHttp2Session) {}

  static async to(origin: string): Promise<Http2Client> {
    const session = connect(origin, { rejectUnauthorized: false });
    await new Promise((resolve, reject) => session.once('connect', resolve).once('error', reject));
    expect(session.alpnProtocol).toBe('h2');
    return new Http2Client(session);
  }

  ask(path: string, headers: Record<string, string> = {}, body?: string | Buffer, until?: RegExp): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const stream = this.session.request({
        ':path': path,
        ':method': body === undefined ? 'GET' : 'POST',
        ...headers,
      });
      let answered: IncomingHttpHeaders = {};
      let text = '';
      const done = () => resolve({ status: Number(answered[':status']), headers: answered, text });
      stream.setEncoding('utf8').on('response', (received) => (answered = received));
      stream.on('data', (chunk: string) => {
        text += chunk;
        if (!until?.test(text)) return;
        done();
        stream.close();
      });
      stream.once('end', done).once('error', reject);
      stream.end(body);
    });
  }

  close(): void {
    this.session.destroy();
  }
}

describe.skipIf(!canMakeCertificates)('behind a proxy with TLS and HTTP/2', () => {
  const servers = new Map<string, TestApp>();

  beforeAll(async () => {
    process.env['WEB_DIR'] = fileURLToPath(new URL('../../identity/testing/web', import.meta.url));
    for (const basePath of ['', '/tools/gan']) {
      servers.set(basePath, await startTestApp({ basePath, auth: localAuth({ trustedProxies: ['127.0.0.1'] }) }));
    }
    delete process.env['WEB_DIR'];
  }, 90_000);
  afterAll(async () => {
    for (const server of servers.values()) await server.close();
  });

  const cases = (['nginx', 'haproxy'] as const).flatMap((kind) => [
    { kind, basePath: '', strips: false },
    { kind, basePath: '/tools/gan', strips: false },
    { kind, basePath: '/tools/gan', strips: true },
  ]);

  for (const { kind, basePath, strips } of cases) {
    describe.skipIf('reason' in proxies[kind])(`${kind} at ${basePath}/${strips ? ', which strips it' : ''}`, () => {
      let proxy: RunningProxy;
      let client: Http2Client;
      let cookie = '';

      beforeAll(async () => {
        const { port } = new URL(servers.get(basePath)?.url ?? '');
        proxy = await startExample(kind, { basePath, strips, port: Number(port) });
        client = await Http2Client.to(proxy.origin);
        const headers = { 'content-type': 'application/json', origin: proxy.origin };
        const body = JSON.stringify({ name: 'admin', password });
        const answer = await client.ask(`${basePath}/api/v1/session`, headers, body);
        expect(answer.status).toBe(201);
        const [line = ''] = answer.headers['set-cookie'] ?? [];
        // Known to be HTTPS by X-Forwarded-Proto of a trusted proxy.
        expect(line).toMatch(/; Secure/);
        expect(line).toContain(`Path=${basePath || '/'}`);
        expect(line.startsWith('__Host-')).toBe(basePath === '');
        [cookie = ''] = line.split(';');
      }, 60_000);
      afterAll(async () => {
        client.close();
        await proxy.stop();
      });

      it('serves the page, deep links and files', async () => {
        for (const path of ['/', '/runs/some-run']) {
          const page = await client.ask(`${basePath}${path}`, { accept: 'text/html' });
          expect(page.text).toContain(`<base href="${basePath}/">`);
          expect(page.headers['strict-transport-security']).toContain('max-age=');
        }
        const script = await client.ask(`${basePath}/main-ABCDEFGH.js`);
        expect(script.headers['cache-control']).toContain('immutable');
        if (basePath !== '') expect((await client.ask('/api/v1/session')).status).toBeOneOf([404, 503]);
      });

      it('describes the API where it is', async () => {
        const path = `${basePath}/api/openapi.json`;
        const { servers: named } = JSON.parse((await client.ask(path)).text) as { servers: { url: string }[] };
        const found = new URL(named[0]?.url ?? '', `${proxy.origin}${path}`).href.replace(/\/$/, '');
        expect(found).toBe(`${proxy.origin}${basePath}`);
      });

      it('carries streams and the WebSocket', async () => {
        const events = await client.ask(`${basePath}/events`, { cookie }, undefined, /"status":"idle"/);
        expect(events.headers['content-type']).toContain('text/event-stream');
        expect(events.text).toContain('"type":"status_update"');
        const options = { origin: proxy.origin, headers: { cookie }, rejectUnauthorized: false };
        const socket = await SocketReader.open(`${proxy.origin}${basePath}/ws`, options);
        socket.send({ subscribe: ['training'] });
        await socket.until(({ messages }) => messages.some(({ type }) => type === 'ack'));
        socket.close();
      });

      it('takes uploads and gives downloads', async () => {
        const form = new FormData();
        form.set('file', new Blob(['a,b\n1,2\n3,4\n']), 'small.csv');
        const upload = new Response(form);
        const headers = { cookie, origin: proxy.origin, 'content-type': upload.headers.get('content-type') ?? '' };
        const body = Buffer.from(await upload.arrayBuffer());
        const stored = await client.ask(`${basePath}/api/v1/datasets`, headers, body);
        const { id } = datasetSchema.parse(JSON.parse(stored.text));
        const file = await client.ask(`${basePath}/api/v1/datasets/${id}/file`, { cookie });
        expect(file.text).toBe('a,b\n1,2\n3,4\n');
        expect(file.headers['content-disposition']).toContain('small.csv');
        expect(file.headers['x-content-type-options']).toBe('nosniff');
      });
    });
  }
});
