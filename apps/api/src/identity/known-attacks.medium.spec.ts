import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datasetSchema, problemSchema } from '@gan-dashboard/shared-types';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';
import { Browser, localAuth, signedIn } from './testing/identity-client';

const web = fileURLToPath(new URL('./testing/web', import.meta.url));

describe('known attacks on a server with sign-on', () => {
  let server: TestApp;
  let administrator: Browser;
  let trainer: Browser;

  beforeAll(async () => {
    process.env['WEB_DIR'] = web;
    server = await startTestApp({ auth: localAuth({ maxStoredBytesPerUser: 2_000 }) });
    delete process.env['WEB_DIR'];
    administrator = new Browser(server.url);
    expect((await administrator.signIn('admin')).status).toBe(201);
    trainer = await signedIn(administrator, 'tess', 'trainer');
  }, 60_000);
  afterAll(() => server.close());

  /** The path goes out as it is: `fetch` would tidy it up. What is no file is a deep link, which gets the page. */
  function statusOfRawPath(path: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(server.url);
      const headers = { cookie: administrator.cookie };
      httpRequest({ hostname, port, path, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          expect(text).not.toMatch(/root:|postgres:\/\/|"dependencies"/);
          resolve(text.includes('<gd-root') ? 404 : (response.statusCode ?? 0));
        });
      })
        .once('error', reject)
        .end();
    });
  }

  it.each([
    '/../../../../etc/passwd',
    '/..%2f..%2f..%2fetc/passwd',
    '/%2e%2e/%2e%2e/package.json',
    '/assets/..%5c..%5cpackage.json',
    '/api/v1/samples/..%2f..%2fpostgres/file',
    '/api/preview_csv?filename=../../../../etc/passwd',
    '/api/preview_csv?filename=%2fetc%2fpasswd',
    '/index.html%00.js',
  ])('traversal is refused: %s', async (path) => {
    expect(await statusOfRawPath(path)).toBeOneOf([400, 403, 404]);
  });

  it('an upload cannot choose its folder', async () => {
    const form = new FormData();
    form.set('file', new Blob(['a,b\n1,2\n3,4\n']), '../../../escaped.csv');
    const { body, type } = await multipart(form);
    const headers = { 'content-type': type };
    const response = await trainer.request('/api/v1/datasets', { method: 'POST', body, headers });
    expect(response.status).toBe(201);
    expect(datasetSchema.parse(await response.json()).file_name).toBe('escaped.csv');
  });

  it('SSRF: no setting of a request makes the server fetch an address', async () => {
    for (const body of [
      { dataset_id: 'http://169.254.169.254/latest/meta-data', model: 'wgan-gp' },
      { dataset_id: randomUUID(), model: 'http://169.254.169.254/', config: {} },
      { kind: 'http://169.254.169.254/', rows: 10, seed: 1 },
    ]) {
      const path = 'kind' in body ? '/api/v1/datasets/generate' : '/api/v1/runs';
      expect((await trainer.send('POST', path, body)).status).toBeOneOf([400, 404, 422]);
    }
    const preview = await trainer.request('/api/preview_csv?filename=http%3A%2F%2F169.254.169.254%2F');
    expect(preview.status).toBeOneOf([400, 404]);
  });

  it('prototype pollution by JSON changes nothing', async () => {
    const response = await trainer.request('/api/v1/runs', {
      method: 'POST',
      body: `{"dataset_id":"${randomUUID()}","model":"wgan-gp","config":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}`,
    });
    expect(response.status).toBeOneOf([400, 404, 422]);
    await trainer.request('/api/v1/runs?__proto__[polluted]=1&constructor[prototype][polluted]=1');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('oversized and deep JSON is refused before it is understood', async () => {
    const large = await trainer.request('/api/v1/runs', {
      method: 'POST',
      body: `{"notes":"${'x'.repeat(2_200_000)}"}`,
    });
    expect(large.status).toBe(413);
    const deep = await trainer.request('/api/v1/runs', {
      method: 'POST',
      body: `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
    });
    expect(deep.status).toBe(400);
  });

  it('errors show no stack and no path of the server', async () => {
    const broken = await trainer.request('/api/v1/runs', { method: 'POST', body: '{"a":' });
    const text = await broken.text();
    expect(broken.status).toBe(400);
    expect(text).not.toMatch(/at .*\(|node_modules|\.ts:|\.js:/);
    problemSchema.parse(JSON.parse(text));
  });

  it('more is not stored than a user may have', async () => {
    const form = new FormData();
    form.set('file', new Blob(['a,b\n'.repeat(1_000)]), 'large.csv');
    const { body, type } = await multipart(form);
    const response = await trainer.request('/api/v1/datasets', {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('MAX_STORED_BYTES_PER_USER');
  });

  it('a failed sign-in stands in the audit trail, which is exported to administrators only', async () => {
    expect((await new Browser(server.url).signIn('tess', 'a wrong password')).status).toBe(401);
    expect((await trainer.request('/api/v1/audit/export')).status).toBe(403);
    const response = await administrator.request('/api/v1/audit/export?format=ndjson');
    expect(response.headers.get('content-disposition')).toContain('audit.ndjson');
    const entries = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { action: string; actor: string });
    expect(entries).toContainEqual(expect.objectContaining({ action: 'session.refuse', actor: 'tess' }));
    expect(entries.at(-1)).toMatchObject({ action: 'audit.export', actor: 'admin' });
    const csv = await (await administrator.request('/api/v1/audit/export?format=csv')).text();
    expect(csv.split('\r\n')[0]).toBe('id,at,actor,action,run_id,subject,detail');
  });

  it('every answer carries the headers of a strict page, and the page no script of its own', async () => {
    const page = await administrator.request('/');
    const policy = page.headers.get('content-security-policy') ?? '';
    const [, nonce = ''] = /'nonce-([^']+)'/.exec(policy) ?? [];
    expect(nonce.length).toBeGreaterThan(20);
    expect(await page.text()).toContain(`<gd-root ngCspNonce="${nonce}">`);
    expect(/script-src ([^;]*)/.exec(policy)?.[1]).toBe("'self'");
    expect((await administrator.request('/')).headers.get('content-security-policy')).not.toBe(policy);
    const data = await administrator.request('/api/v1/runs');
    expect(data.headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const { headers } of [page, data]) {
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });
});

describe('more requests than allowed', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startTestApp({ auth: localAuth({ rateLimitPerMinute: 20 }) });
  }, 60_000);
  afterAll(() => server.close());

  it('are refused to a user and to an address, each on its own, and never to probes', async () => {
    const browser = new Browser(server.url);
    expect((await browser.signIn('admin')).status).toBe(201);
    const statuses = (responses: Response[]) => [...new Set(responses.map(({ status }) => status))].sort();
    const mine = await Promise.all(Array.from({ length: 40 }, () => browser.request('/api/v1/models')));
    expect(statuses(mine)).toEqual([200, 429]);
    const nobody = await Promise.all(Array.from({ length: 40 }, () => fetch(`${server.url}/api/v1/models`)));
    expect(statuses(nobody)).toEqual([401, 429]);
    const probes = await Promise.all(Array.from({ length: 40 }, () => fetch(`${server.url}/healthz`)));
    expect(statuses(probes)).toEqual([200]);
  });
});

/** The form as bytes, so that the helper which adds cookies need not know of forms. */
async function multipart(form: FormData): Promise<{ body: ArrayBuffer; type: string }> {
  const response = new Response(form);
  return { type: response.headers.get('content-type') ?? '', body: await response.arrayBuffer() };
}
