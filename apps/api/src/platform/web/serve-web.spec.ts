import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveWeb } from './serve-web';

const script = 'export const value = 1;\n'.repeat(500);
const page = `<!doctype html><base href="/"><gd-root></gd-root>${'<p>text</p>'.repeat(500)}`;

describe('serveWeb', () => {
  let webDir = '';
  let url = '';
  const app = express();
  const server = createServer(app);

  beforeAll(async () => {
    webDir = await mkdtemp(join(tmpdir(), 'gan-dashboard-web-'));
    await writeFile(join(webDir, 'index.html'), page);
    await writeFile(join(webDir, 'main-ABCDEFGH.js'), script);
    serveWeb(app as unknown as NestExpressApplication, { basePath: '', webDir });
    app.get('/api/v1/long', (_request, response) => void response.json({ text: script }));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await rm(webDir, { recursive: true });
  });

  const ask = (path: string, encodings: string) =>
    fetch(`${url}${path}`, { headers: { accept: '*/*', 'accept-encoding': encodings } });

  it.each(['br', 'gzip'])('compresses scripts and pages by %s', async (encoding) => {
    for (const [path, text] of [
      ['/main-ABCDEFGH.js', script],
      ['/runs/some-run', page.replace('<gd-root>', '<gd-root ngCspNonce="')],
    ] as const) {
      const answer = await ask(path, encoding);
      expect(answer.headers.get('content-encoding')).toBe(encoding);
      expect(answer.headers.get('vary')).toContain('Accept-Encoding');
      // fetch gives the text as it was before it was compressed.
      expect(await answer.text()).toContain(text.slice(0, 50));
    }
  });

  it('sends them as they are to who does not ask for it', async () => {
    const answer = await ask('/main-ABCDEFGH.js', 'identity');
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(await answer.text()).toBe(script);
  });

  it('leaves answers of the API alone', async () => {
    const answer = await ask('/api/v1/long', 'br, gzip');
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(await answer.json()).toEqual({ text: script });
  });
});
