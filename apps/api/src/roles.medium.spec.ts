import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp } from './testing/test-app';
import type { TestApp } from './testing/test-app';

describe('a process of the role worker', () => {
  let worker: TestApp;

  beforeAll(async () => {
    worker = await startTestApp({ role: 'worker', maxConcurrentRuns: 3 });
  });
  afterAll(() => worker.close());

  it.each(['/healthz', '/readyz', '/metrics'])('serves %s', async (path) => {
    expect((await fetch(worker.url + path)).status).toBe(200);
  });

  it.each(['/', '/api/v1/runs', '/api/v1/workers', '/events', '/api/openapi.json'])(
    'does not serve %s',
    async (path) => {
      const answer = await fetch(worker.url + path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(await answer.json()).toMatchObject({
        status: 404,
        detail: expect.stringContaining('ROLE=worker') as string,
      });
    },
  );

  it('opens no WebSocket', async () => {
    const socket = new WebSocket(`${worker.url.replace('http', 'ws')}/ws`);
    const event = await new Promise<string>((resolve) => {
      socket.onopen = () => resolve('open');
      socket.onerror = () => resolve('refused');
    });
    expect(event).toBe('refused');
  });
});

describe('a process of the role web', () => {
  let web: TestApp;

  beforeAll(async () => {
    web = await startTestApp({ role: 'web' });
  });
  afterAll(() => web.close());

  it('serves the API, is listed without places for runs, and measures its machine', async () => {
    expect((await fetch(`${web.url}/api/v1/runs`)).status).toBe(200);
    const read = async () => (await (await fetch(`${web.url}/api/v1/workers`)).json()) as { items: unknown[] };
    await expect.poll(read, { timeout: 20_000 }).toMatchObject({
      items: [{ role: 'web', slots: 0, is_alive: true, load: { memory_used_bytes: expect.any(Number) as number } }],
    });
  });
});
